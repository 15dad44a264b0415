import { expectTabStaysInside, mountFiftyTimes, open, OPEN, pageWithButton, scrolling } from '../fixtures/dialogs.ts';
import { expect, test } from '../fixtures/index.ts';

const onFullPage = async (invite: any, campaign = 'camp_short', options = {}) =>
  pageWithButton({ inviteToken: (await invite(campaign)).invite_token, mode: 'fullpage', ...options });

test('a full page fills the window, also inside what is transformed, until it is unmounted', async ({ page, pages, invite }) => {
  await page.goto(pages.serve(await onFullPage(invite)));
  await page.getByRole('button', { name: OPEN }).scrollIntoViewIfNeeded();
  // What breaks `position: fixed`: the widget must not depend on it.
  await page.evaluate(() => document.querySelector('main')!.style.setProperty('transform', 'translateX(0)'));
  const before = await scrolling(page);
  const interview = await open(page);
  await interview.shows('What is the first thing?');
  expect(await page.getByRole('dialog', { name: 'Interview' }).boundingBox()).toEqual({ x: 0, y: 0, width: 1000, height: 900 });
  await expectTabStaysInside(page);
  expect((await scrolling(page)).overflow).toBe('hidden');
  await interview.answer('one');
  await interview.shows('What is the second thing?');

  await page.evaluate(() => (window as any).handle.unmount());
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('button', { name: OPEN })).toBeFocused();
  expect(await scrolling(page)).toEqual(before);
});

test('Escape does not close a full page, however often it is pressed', async ({ page, pages, invite }) => {
  await page.goto(pages.serve(await onFullPage(invite)));
  const interview = await open(page);
  await interview.shows('What is the first thing?');
  for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press('Escape');
  await interview.answer('one');
  await interview.shows('What is the second thing?');
  expect(await page.evaluate(() => (window as any).told)).toEqual([]);
});

test('what is longer than the window scrolls inside the full page', async ({ page, pages, invite }) => {
  await page.setViewportSize({ width: 320, height: 400 });
  await page.goto(pages.serve(await onFullPage(invite, 'camp_456abc')));
  const interview = await open(page);
  await interview.shows('My answers may be read by the research team.');
  const last = interview.button('I do not agree');
  await expect(last).not.toBeInViewport({ ratio: 1 });
  await page.mouse.move(160, 200);
  await page.mouse.wheel(0, 2_000);
  await expect(last).toBeInViewport({ ratio: 1 });
});

test('under a strict Content-Security-Policy a full page breaks no rule of it', async ({ page, pages, invite }) => {
  await page.goto(pages.serve(await onFullPage(invite)));
  const interview = await open(page);
  for (const text of ['one', 'two', 'three']) await interview.answer(text);
  await interview.shows('That was all.');
  expect(await page.evaluate(() => (window as any).violations)).toEqual([]);
});

for (const mode of ['fullpage', 'inline']) {
  test(`fifty interviews (${mode}) leave nothing behind`, async ({ page, pages, invite }) => {
    await page.goto(pages.serve(await onFullPage(invite, 'camp_short', { mode })));
    const { before, after, style, dialogs } = await mountFiftyTimes(page);
    expect({ after, style, dialogs }).toEqual({ after: before, style: null, dialogs: 0 });
  });
}
