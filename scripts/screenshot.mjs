/** `npm run screenshot`: takes docs/images/interview.png from the demo, after `npm run build`. */

import { mkdirSync, readFileSync, statSync } from 'node:fs';

import { explain, say } from './lib/log.mjs';
import { at, serverBinary } from './lib/paths.mjs';
import { ensureChromium } from './lib/tools.mjs';

const FILE = 'docs/images/interview.png';

process.env.CHROMIUM_PATH = await ensureChromium();
process.env.INTERVIEWRELAY_BIN = serverBinary;
const { startServer } = await import('../tests/support/server.mjs');
const { startSite } = await import('../tests/support/site.mjs');
const { openPage } = await import('../tests/support/browser.mjs');

const server = await startServer();
let site;
let browser;
try {
  const campaign = await server.importCampaign(JSON.parse(readFileSync(at('demo-site/campaign.json'), 'utf8')));
  const { key } = await server.createKey();
  site = await startSite({ key, apiBase: server.sandbox, campaignId: campaign.id });
  browser = await openPage({ viewport: { width: 1000, height: 1010 }, reducedMotion: 'reduce' });
  const { page } = browser;
  await page.goto(site.url);
  await page.getByRole('button', { name: 'Agree and continue' }).waitFor();
  for (const box of await page.getByRole('checkbox').all()) await box.check();
  await page.getByRole('button', { name: 'Agree and continue' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('textbox').fill('Ada');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('radio', { name: 'Design' }).check();
  mkdirSync(at('docs/images'), { recursive: true });
  await page.screenshot({ path: at(FILE) });
  say(`${FILE}, ${Math.round(statSync(at(FILE)).size / 1024)} KB`);
} catch (error) {
  process.exitCode = explain(error);
} finally {
  await browser?.close();
  await site?.stop();
  await server.dispose();
}
