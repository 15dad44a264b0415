/** How start-up, minting and lists change with the number of invites that are stored. */

import { join } from 'node:path';

import { say } from '../lib/log.mjs';
import { targetDir } from '../lib/paths.mjs';
import { step } from '../lib/run.mjs';
import { medians } from './mint.mjs';
import { residentMib } from './proc.mjs';
import { Relay } from './servers.mjs';
import { load } from './wrk.mjs';

/** Invites before the first measurement; minting adds its own. */
export const SIZES = [1_000, 1_000_000];

/** Each size once a round: start-up, the first and the last page of the list, and minting. */
export async function measureGrowth({ rounds, seconds }) {
  const sizes = [];
  for (const size of SIZES) {
    const relay = new Relay();
    await relay.start();
    await relay.call('POST', '/v1/invites', relay.key, { campaign_id: relay.campaign, participant_email: 'first@example.com' });
    await relay.stop();
    await step(`Storing ${size.toLocaleString('en')} invites`, join(targetDir, 'release/examples/fill'), [relay.database, String(size - 1)]);
    sizes.push({ size, relay, samples: [] });
  }
  for (let round = 1; round <= rounds; round += 1) {
    say(`Measuring with ${SIZES.map((size) => size.toLocaleString('en')).join(' and ')} invites, round ${round} of ${rounds} …`);
    for (const { relay, samples } of sizes) {
      const start_ms = await relay.start();
      const started_mib = residentMib(relay.pid);
      // The filler numbers its invites from 1, so this page has the 50 oldest.
      const page = (cursor) => load(relay, ['get', relay.key], { seconds: 1, connections: 1, path: `/v1/invites?limit=50${cursor}` });
      const first = await page('');
      const last = await page(`&cursor=inv_00${String(51).padStart(24, '0')}`);
      await load(relay, relay.mint(`w${round}`), { seconds: 1 });
      const mint = await load(relay, relay.mint(`r${round}`), { seconds });
      await relay.stop();
      samples.push({
        start_ms,
        started_mib,
        first_page_ms: first.p50_ms,
        last_page_ms: last.p50_ms,
        rps: mint.rps,
        p50_ms: mint.p50_ms,
        p99_ms: mint.p99_ms,
        cpu_us: mint.cpu_us,
        mib: mint.mib,
        foreign: mint.foreign,
      });
    }
  }
  return sizes.map(({ size, samples }) => ({ size, ...medians(samples) }));
}
