/**
 * `node tests/openapi/fuzz.mjs`, after `npm run build`: sends what the server's own description allows, and what it
 * does not, and holds each answer against it. Needs `schemathesis` 4 (`pip install schemathesis`) on the path, so
 * `npm test` leaves it out. SECONDS sets how long each of the two runs may take (60).
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { Participant } from '../support/participant.mjs';
import { readCampaign, startServer } from '../support/server.mjs';

/** Refusals that no schema can say (a time in the past), and an empty parameter that counts as absent, are no faults. */
const LEFT_OUT = 'positive_data_acceptance,negative_data_rejection';

const server = await startServer();
let failed = false;
try {
  const campaign = await server.importCampaign(await readCampaign('everything'));
  const { key } = await server.createKey({ options: ['--kind', 'admin'] });
  const { body } = await server.call('POST', '/v1/invites', { key, body: { campaign_id: campaign.id } });
  const { session_token: token } = await new Participant(server.sandbox, body.invite_token).start();
  await fuzz(token, ['--include-path-regex', '^/v1/participant/']);

  // It must not rotate or revoke the key that it works with.
  await fuzz(key, ['--include-path-regex', '^/v1/(?!participant)', '--exclude-path-regex', '^/v1/api-keys/.*']);
} finally {
  await server.dispose();
}
process.exit(failed ? 1 : 0);

async function fuzz(credential, which) {
  const url = `${server.sandbox}/openapi.json`;
  const limits = ['--max-time', process.env.SECONDS || '60', '--phases', 'examples,coverage,fuzzing', '--suppress-health-check', 'all'];
  const run = ['run', url, '-H', `Authorization: Bearer ${credential}`, '--exclude-checks', LEFT_OUT, ...limits, ...which];
  const child = spawn('schemathesis', run, { cwd: server.folder, stdio: 'inherit' });
  child.once('error', (error) => console.error(`schemathesis does not run: ${error.message}`));
  const [code] = await once(child, 'close').catch(() => [1]);
  failed ||= code !== 0;
}
