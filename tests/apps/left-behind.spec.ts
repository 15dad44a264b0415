/** What hundreds of interviews leave in a page: nothing. */

import type { CDPSession, Page } from '@playwright/test';

import { expect } from '../fixtures/index.ts';
import { LAUNCH } from '../support/browser.mjs';
import { pageOf, PLAIN, test } from './customer.ts';

const TIMES = 200;
// Before it is measured: what is made once, by the first interview of each mode, is made.
const WARM_UP = 50;
const MOST = 1.02;
// Chromium 148 holds the last interview that was closed, now and then, and lets it go for the next one: of 200 it is one.
const OF_ONE: Record<string, number> = { nodes: 30, listeners: 6 };
// Machine code that the browser makes of what runs often counts as heap. With it the heap grows by 4 % and then no more,
// whatever the interviews leave behind: what is measured here is what *they* leave.
const NO_MACHINE_CODE = '--js-flags=--no-opt --no-maglev --no-sparkplug';

// A trace keeps what it has seen of the page, in the page.
test.use({ trace: 'off', launchOptions: { ...LAUNCH, args: [...LAUNCH.args, NO_MACHINE_CODE] } });

test(`after ${TIMES} interviews heap, nodes and listeners are what they were`, async ({ page, customer, invite }) => {
  test.setTimeout(180_000);
  // The wasm has its own memory, which nothing in the page names.
  await page.addInitScript(() => {
    for (const name of ['instantiate', 'instantiateStreaming'] as const) {
      const original = WebAssembly[name] as (...args: unknown[]) => Promise<any>;
      (WebAssembly as any)[name] = async (...args: unknown[]) => {
        const made = await original.apply(WebAssembly, args);
        (window as any).memory = Object.values((made.instance ?? made).exports).find((each) => each instanceof WebAssembly.Memory);
        return made;
      };
    }
  });
  const site = await customer({ folder: PLAIN, files: { '/index.html': pageOf(), '/page.js': '' } });
  await page.goto(site.url);
  const { invite_token: inviteToken } = await invite('camp_short');
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');

  await mount(page, WARM_UP, inviteToken);
  const before = await measure(page, devtools);
  await mount(page, TIMES, inviteToken);
  const after = await measure(page, devtools);

  const most = (name: string) => Math.max(before[name as keyof typeof before] * MOST, before[name as keyof typeof before] + (OF_ONE[name] ?? 0));
  const grown = Object.entries(after).filter(([name, count]) => count > most(name));
  expect(grown.map(([name, count]) => `${name}: ${before[name as keyof typeof before]} before, ${count} after`)).toEqual([]);
});

/** Mounts, waits until the first question is there, and unmounts, again and again. */
const mount = (page: Page, times: number, inviteToken: string) =>
  page.evaluate(
    async ({ times, inviteToken }) => {
      for (let time = 0; time < times; time += 1) {
        const handle = (window as any).InterviewRelay.mount('#interview', { inviteToken, mode: ['inline', 'popup', 'fullpage'][time % 3] });
        await handle.ready;
        if (!document.querySelector('[data-interview-relay]')?.shadowRoot?.querySelector('input')) throw new Error(`No question was shown the ${time + 1}th time.`);
        handle.unmount();
        // A task of its own, as a person's next click is one.
        await new Promise((done) => setTimeout(done));
      }
    },
    { times, inviteToken },
  );

/** Counts, after all that is garbage was collected. */
async function measure(page: Page, devtools: CDPSession) {
  // What the first round finalizes is garbage in the next.
  for (let round = 0; round < 3; round += 1) await devtools.send('HeapProfiler.collectGarbage');
  const { metrics } = await devtools.send('Performance.getMetrics');
  const metric = (name: string) => metrics.find((metric) => metric.name === name)!.value;
  return {
    heap: metric('JSHeapUsedSize'),
    nodes: metric('Nodes'),
    listeners: metric('JSEventListeners'),
    elements: await page.evaluate(() => document.querySelectorAll('*').length),
    wasm: await page.evaluate(() => (window as any).memory.buffer.byteLength as number),
  };
}
