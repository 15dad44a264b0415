/** Visits every page in every profile, round by round, so that what disturbs the machine disturbs all alike. */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { more, say } from '../../lib/log.mjs';
import { at, serverBinary } from '../../lib/paths.mjs';
import { step } from '../../lib/run.mjs';
import { median } from '../proc.mjs';
import { makePages, QUESTION } from './pages.mjs';
import { servePages } from './serve.mjs';
import { PROFILES, visit } from './visit.mjs';

const CAMPAIGN = {
  id: 'camp_bench',
  name: 'Bench',
  guide: {
    schema: 1,
    title: { en: 'One question' },
    blocks: [{ id: 'all', questions: [{ id: 'why', kind: 'long_text', text: { en: QUESTION } }] }],
    ends: [{ id: 'done', text: { en: 'Thank you.' } }],
  },
};

/** Installs the peers when their lock is not the one that they were made from. */
export async function ensurePeers() {
  const folder = at('bench/widget');
  const lock = createHash('sha256').update(readFileSync(join(folder, 'package-lock.json'))).digest('hex');
  const stamp = join(folder, 'node_modules/.interviewrelay-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  await step('Installing the widgets to compare with', 'npm', ['ci'], { cwd: folder });
  writeFileSync(stamp, lock);
}

/** Gives for each page its medians in each profile. */
export async function measurePages({ rounds }) {
  process.env.INTERVIEWRELAY_BIN = serverBinary;
  const { startServer } = await import('../../../tests/support/server.mjs');
  const { LAUNCH } = await import('../../../tests/support/browser.mjs');
  const { chromium } = await import('@playwright/test');
  const server = await startServer();
  const pages = await makePages(server.sandbox);
  await server.importCampaign(CAMPAIGN);
  const { key } = await server.createKey();
  const tokens = await mint(server, key, pages.filter(({ isOurs }) => isOurs).length * (rounds + 1) * PROFILES.length);
  const site = await servePages(pages, () => tokens.pop());
  // Nothing but this machine: a peer that asks for a font elsewhere learns at once that there is none.
  const browser = await chromium.launch({ ...LAUNCH, args: [...LAUNCH.args, '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'] });
  const samples = new Map(pages.map(({ name }) => [name, Object.fromEntries(PROFILES.map((profile) => [profile.name, []]))]));
  try {
    say(`${rounds} rounds of ${pages.length} pages in ${PROFILES.length} profiles, after one that does not count …`);
    for (let round = 0; round <= rounds; round += 1) {
      for (const profile of PROFILES) {
        for (let turn = 0; turn < pages.length; turn += 1) {
          const page = pages[(turn + round) % pages.length];
          const sample = await visit(browser, `${site.url}/${page.name}/`, profile);
          if (round > 0) samples.get(page.name)[profile.name].push(sample);
        }
      }
      more(round === 0 ? 'warm' : `round ${round} of ${rounds}`);
    }
  } finally {
    await browser.close();
    site.stop();
    await server.dispose();
  }
  return pages.map(({ name, title, stub, isOurs }) => {
    const profiles = PROFILES.map((profile) => [profile.name, medians(samples.get(name)[profile.name])]);
    return { name, title, stub, isOurs, profiles: Object.fromEntries(profiles) };
  });
}

async function mint(server, key, count) {
  const tokens = [];
  while (tokens.length < count) {
    const { status, body, text } = await server.call('POST', '/v1/invites', { key, body: { campaign_id: CAMPAIGN.id } });
    if (status !== 201) throw new Error(text);
    tokens.push(body.invite_token);
  }
  return tokens;
}

const medians = (samples) => ({
  ...Object.fromEntries(['bytes', 'bytes_then', 'requests', 'foreign', 'ms', 'heap', 'wasm'].map((name) => [name, median(samples.map((sample) => sample[name]))])),
  key_ms: median(samples.flatMap(({ key_ms }) => key_ms)),
  least_ms: Math.min(...samples.map(({ ms }) => ms)),
  most_ms: Math.max(...samples.map(({ ms }) => ms)),
});
