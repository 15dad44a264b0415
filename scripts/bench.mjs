/**
 * `npm run bench`: what the widget weighs, and how long a participant waits for its first screen.
 *
 * Times depend on the machine; the bare page beside them, one picture from the same server, is what to compare them with.
 */

import { explain, say } from './lib/log.mjs';
import { at, serverBinary } from './lib/paths.mjs';
import { step } from './lib/run.mjs';
import { stopAll, stopOnSignals } from './lib/stop.mjs';
import { checkTools, ensureChromium, ensureNpmPackages, ensureWasmPack, ensureWasmTarget, wasmEnvironment } from './lib/tools.mjs';

const RUNS = 9;

stopOnSignals();

try {
  await checkTools();
  await ensureNpmPackages();
  await ensureWasmTarget();
  await ensureWasmPack();
  const widget = await step('Building the widget', process.execPath, [at('widget/build.mjs')], { env: wasmEnvironment() });
  await step('Building the server', 'cargo', ['build', '--release', '-p', 'token-server']);
  process.env.CHROMIUM_PATH = await ensureChromium();
  process.env.INTERVIEWRELAY_BIN = serverBinary;
  say(`Opening the demo ${RUNS} times, each in a fresh browser profile …`);
  const times = await firstScreens();
  console.log(`\n${widget.output.slice(widget.output.indexOf('what a page loads')).trimEnd()}\n`);
  for (const [name, values] of Object.entries(times)) console.log(`${name.padEnd(44)}${`${median(values).toFixed(0)} ms`.padStart(10)}   (median of ${RUNS})`);
} catch (error) {
  process.exitCode = explain(error);
}
await stopAll();

/** Milliseconds from the request of the page until its words are on screen, bare page and interview in turn. */
async function firstScreens() {
  const { startServer } = await import('../tests/support/server.mjs');
  const { startSite } = await import('../tests/support/site.mjs');
  const { LAUNCH } = await import('../tests/support/browser.mjs');
  const { chromium } = await import('@playwright/test');
  const { readFileSync } = await import('node:fs');
  const server = await startServer();
  const campaign = await server.importCampaign(JSON.parse(readFileSync(at('demo-site/campaign.json'), 'utf8')));
  const { key } = await server.createKey();
  const site = await startSite({ key, apiBase: server.sandbox, campaignId: campaign.id });
  const browser = await chromium.launch(LAUNCH);
  const times = { 'bare page': [], 'invite, widget and first screen': [] };
  try {
    for (let run = 0; run < RUNS; run += 1) {
      times['bare page'].push(await open(browser, `${site.url}/mark.svg`, () => document.documentElement));
      times['invite, widget and first screen'].push(
        await open(browser, site.url, () => document.querySelector('[data-interview-relay]')?.shadowRoot?.querySelector('button')),
      );
    }
  } finally {
    await browser.close();
    await site.stop();
    await server.dispose();
  }
  return times;
}

async function open(browser, url, isThere) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const began = performance.now();
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForFunction(isThere, undefined, { polling: 'raf' });
  const time = performance.now() - began;
  await context.close();
  return time;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
