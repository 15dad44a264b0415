/**
 * The server is sent what its own description allows and what it does not, by schemathesis, and each answer is held
 * against the description: no 5xx, no status, header, media type or body that is not in it.
 *
 * SCHEMATHESIS is the program, EXAMPLES how many requests of each kind an operation gets at most (8). The seed is fixed.
 */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Participant } from '../support/participant.mjs';
import { readCampaign, startServer } from '../support/server.mjs';

/** Refusals that no schema can say (a time in the past), and an empty parameter that counts as absent, are no faults. */
const LEFT_OUT = 'positive_data_acceptance,negative_data_rejection';
const SEED = '20261124';
/** A participant who has withdrawn has no session any more, so nothing else could be asked with the token. */
const WITHDRAW = '/v1/participant/session/withdraw';

let server;
let document;
let key;
let token;

before(async () => {
  server = await startServer();
  const campaign = await server.importCampaign(await readCampaign('everything'));
  ({ key } = await server.createKey({ options: ['--kind', 'admin'] }));
  const { body } = await server.call('POST', '/v1/invites', { key, body: { campaign_id: campaign.id } });
  ({ session_token: token } = await new Participant(server.sandbox, body.invite_token).start());
  ({ body: document } = await server.call('GET', '/openapi.json'));
});
after(() => server.dispose());

const isForParticipants = (path) => path.startsWith('/v1/participant/');
/** A run that sees the list of keys as well would learn from it which key it works with, and revoke that. */
const isOfOneKey = (path) => path.startsWith('/v1/api-keys/');

test('the management API answers as its description says, whatever it is sent', () =>
  managed((path) => path.startsWith('/v1/') && !isForParticipants(path) && !isOfOneKey(path)));

test('what is done to a single API key answers as its description says, whatever it is sent', () => managed(isOfOneKey));

async function managed(wanted) {
  await fuzz(key, wanted);
  const { status } = await server.call('GET', '/v1/campaigns', { key });
  assert.equal(status, 200, 'the key still worked at the end');
}

test('the participant API answers as its description says, whatever it is sent', () =>
  fuzz(token, (path) => isForParticipants(path) && path !== WITHDRAW));

test('what needs no credential answers as its description says, whatever it is sent', () =>
  fuzz(null, (path) => !path.startsWith('/v1/')));

test('withdrawing answers as its description says, whatever it is sent', () => fuzz(token, (path) => path === WITHDRAW));

/** Runs schemathesis on the operations of some paths, and fails unless each of them was tried and none was at fault. */
async function fuzz(credential, wanted) {
  const operations = Object.entries(document.paths)
    .filter(([path]) => wanted(path))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
  assert.notEqual(operations.length, 0);
  const report = join(server.folder, 'report.xml');
  const args = ['run', `${server.sandbox}/openapi.json`, '--seed', SEED, '--max-examples', process.env.EXAMPLES || '8'];
  args.push('--phases', 'examples,coverage,fuzzing', '--suppress-health-check', 'all', '--exclude-checks', LEFT_OUT, '--no-color');
  args.push('--report', 'junit', '--report-junit-path', report, '--generation-database', 'none', '--warnings', 'off');
  for (const operation of operations) args.push('--include-name', operation);
  if (credential) args.push('-H', `Authorization: Bearer ${credential}`);
  const child = spawn(process.env.SCHEMATHESIS || 'schemathesis', args, { cwd: server.folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const [code] = await once(child, 'close');
  const shown = credential ? said.replaceAll(credential, '…') : said;
  assert.equal(code, 0, shown);
  const xml = await readFile(report, 'utf8');
  const tried = new Set([...xml.matchAll(/<testcase name="([A-Z]+ [^"]+)"/g)].map(([, name]) => name));
  assert.deepEqual(operations.filter((operation) => !tried.has(operation)), [], 'each operation was tried');
  const [, generated] = /(\d+) generated/.exec(said) ?? [];
  assert.ok(Number(generated) >= operations.length, `as many requests as operations at least, of ${generated}`);
}
