/** Answers that wait, wherever the interview is shown and however it goes away and comes back. */

import type { Page } from '@playwright/test';

import { bundle, pageWithScript } from '../fixtures/bundle.ts';
import { open, pageWithButton } from '../fixtures/dialogs.ts';
import { holdWasm, isHandedOver } from '../fixtures/first-screen.ts';
import { framed, pageWithInterview } from '../fixtures/frames.ts';
import { expect, Interview, test as base } from '../fixtures/index.ts';
import { answer, Line, ON_DEVICE } from '../fixtures/line.ts';
import { asks } from '../support/numbered.mjs';

const TWO = [['q1', 'one'], ['q2', 'two']];

const test = base.extend<{ line: Line }>({
  line: async ({ world }, use) => {
    const line = await Line.open(world, 5, { offlineQuestions: 4 });
    await use(line);
    await line.proxy.stop();
  },
});

/** The reply to the start, which the first screen is drawn from. */
const started = (page: Page) => page.waitForResponse((response) => response.url().endsWith('/participant/session') && response.request().method() === 'POST' && response.ok());

test('before the wasm is there nobody is asked again what they have answered without a connection', async ({ page, pages, line }) => {
  const interview = await line.embed(page, pages);
  await interview.shows(asks(1));
  line.proxy.cut();
  await answer(interview, { 1: 'one', 2: 'two' });
  await interview.shows(asks(3));
  // Nothing of it arrives before the page is gone.
  await page.route('**/session/answers/*', (route) => route.abort());
  line.proxy.cut(false);
  const letGo = await holdWasm(page);
  const reply = started(page);
  await page.reload();
  await (await reply).finished();
  await interview.shows('Loading');
  // What the reply leads to is drawn in the frames after it, if it is.
  await page.evaluate(async () => {
    for (let frames = 0; frames < 20; frames += 1) await new Promise(requestAnimationFrame);
  });
  await expect(interview.root.getByText(asks(1))).toHaveCount(0);
  await page.unroute('**/session/answers/*');
  letGo();
  await interview.shows(asks(3));
  await expect.poll(() => line.stored()).toEqual(TWO);
});

test('on a line that hangs a reload shows what the device has', async ({ page, pages, line }) => {
  const interview = await line.embed(page, pages);
  await interview.answer('one');
  await interview.shows(asks(2));
  // No reply, and no failure either.
  await page.route('**/v1/participant/session', () => {});
  await page.reload();
  await interview.shows(asks(2));
});

test('what only the device has of a text is on the first screen already, and typing goes on from there', async ({ page, pages, line }) => {
  const interview = await line.embed(page, pages);
  await interview.shows(asks(1));
  line.proxy.cut();
  await interview.write('half a');
  await interview.shows(ON_DEVICE);
  line.proxy.cut(false);
  const letGo = await holdWasm(page);
  await page.reload();
  await interview.shows(asks(1));
  await expect(interview.field()).toHaveValue('half a');
  await interview.field().pressSequentially(' thought');
  letGo();
  await expect.poll(() => isHandedOver(page)).toBe(true);
  await interview.next();
  await interview.shows(asks(2));
  await expect.poll(async () => (await line.stored())[0]?.[1]).toMatch(/thought/);
  expect((await line.stored())[0]![1]).toContain('half a');
});

test('in an iframe answers wait too, and arrive after a reload', async ({ page, pages, line }) => {
  await page.goto(pages.serve(pageWithInterview({ ...line.options, isolation: 'iframe' })));
  await framed(page).shows(asks(1));
  // The wasm comes by this line too.
  await framed(page).settled();
  line.proxy.cut();
  await answer(framed(page), { 1: 'one', 2: 'two' });
  await framed(page).shows(asks(3));
  await framed(page).shows(ON_DEVICE);
  line.proxy.cut(false);
  await page.reload();
  await framed(page).shows(asks(3));
  await expect.poll(() => line.stored()).toEqual(TWO);
});

test('a pop-up that is closed right after an answer has it when it is opened again, also without a connection', async ({ page, pages, line }) => {
  await page.goto(pages.serve(pageWithButton({ ...line.options, mode: 'popup' })));
  const interview = await open(page);
  await interview.shows(asks(1));
  line.proxy.cut();
  await interview.answer('one');
  await interview.shows(asks(2));
  await interview.write('two');
  await interview.next();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await open(page);
  await interview.shows(asks(3));
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  line.proxy.cut(false);
  await open(page);
  await interview.shows(asks(3));
  await expect.poll(() => line.stored()).toEqual(TWO);
});

test('unmounted while answers are on their way, each arrives once when it is mounted again', async ({ page, pages, line }) => {
  const interview = await line.embed(page, pages);
  await interview.shows(asks(1));
  line.proxy.cut();
  await answer(interview, { 1: 'one', 2: 'two' });
  await interview.shows(asks(3));
  line.proxy.cut(false);
  const sent = page.waitForRequest((request) => request.url().includes('/answers/'));
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await sent;
  await page.evaluate(() => (window as any).handles[0].unmount());
  await page.evaluate(() => ((window as any).handles[0] = (window as any).InterviewRelay.mount('#interview-0', (window as any).options[0])));
  await interview.shows(asks(3));
  await expect.poll(() => line.stored()).toEqual(TWO);
});

test("React's StrictMode, which mounts twice, sends what waits once", async ({ page, pages, line }) => {
  const options = JSON.stringify({ ...line.options, wasmUrl: '/widget/wasm/widget_bg.wasm' });
  const script = await bundle(`
    import { StrictMode, createElement } from 'react';
    import { createRoot } from 'react-dom/client';
    import { Interview } from '@interviewrelay/widget/react';
    createRoot(document.getElementById('app')).render(createElement(StrictMode, null, createElement(Interview, ${options})));
  `);
  await page.goto(pages.serve(pageWithScript(pages.serve(script, 'text/javascript'))));
  const interview = new Interview(page);
  await interview.shows(asks(1));
  line.proxy.cut();
  await answer(interview, { 1: 'one', 2: 'two' });
  await interview.shows(asks(3));
  line.proxy.cut(false);
  await page.reload();
  await interview.shows(asks(3));
  await expect.poll(() => line.stored()).toEqual(TWO);
  await interview.answer('three');
  await interview.shows(asks(4));
  await expect.poll(() => line.stored()).toEqual([...TWO, ['q3', 'three']]);
});
