/** What the widget weighs, and how long a participant waits for its first screen. */

import { readFileSync } from 'node:fs';

import { say } from '../lib/log.mjs';
import { at, serverBinary } from '../lib/paths.mjs';
import { step } from '../lib/run.mjs';
import { ensureChromium, ensureNpmPackages, ensureWasmPack, ensureWasmTarget, wasmEnvironment } from '../lib/tools.mjs';
import { median } from './proc.mjs';

const RUNS = 9;

/** Builds what the part needs; gives what the build says of sizes. */
export async function prepareWidget() {
  await ensureNpmPackages();
  await ensureWasmTarget();
  await ensureWasmPack();
  process.env.CHROMIUM_PATH = await ensureChromium();
  const { output } = await step('Building the widget', process.execPath, [at('widget/build.mjs')], { env: wasmEnvironment() });
  return output.slice(output.indexOf('what a page loads')).trimEnd();
}

/**
 * Milliseconds from the request of the page until its words are on screen, bare page and interview in turn. Times depend on the
 * machine; the bare page, one picture from the same server, is what to compare them with.
 */
export async function measureWidget() {
  process.env.INTERVIEWRELAY_BIN = serverBinary;
  const { startServer } = await import('../../tests/support/server.mjs');
  const { startSite } = await import('../../tests/support/site.mjs');
  const { LAUNCH } = await import('../../tests/support/browser.mjs');
  const { chromium } = await import('@playwright/test');
  say(`Opening the demo ${RUNS} times, each in a fresh browser profile …`);
  const server = await startServer();
  const campaign = await server.importCampaign(JSON.parse(readFileSync(at('demo-site/campaign.json'), 'utf8')));
  const { key } = await server.createKey();
  const site = await startSite({ key, apiBase: server.sandbox, campaignId: campaign.id });
  const browser = await chromium.launch(LAUNCH);
  const times = { bare: [], interview: [] };
  try {
    for (let run = 0; run < RUNS; run += 1) {
      times.bare.push(await open(browser, `${site.url}/mark.svg`, () => document.documentElement));
      times.interview.push(await open(browser, site.url, () => document.querySelector('[data-interview-relay]')?.shadowRoot?.querySelector('button')));
    }
  } finally {
    await browser.close();
    await site.stop();
    await server.dispose();
  }
  return { runs: RUNS, bare_ms: median(times.bare), interview_ms: median(times.interview) };
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
