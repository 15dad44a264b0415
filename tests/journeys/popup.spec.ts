import { expectTabStaysInside, mountFiftyTimes, open, OPEN, pageWithButton, scrolling, wheel } from '../fixtures/dialogs.ts';
import { expect, Interview, test } from '../fixtures/index.ts';

const inPopup = async (invite: any, options = {}) => pageWithButton({ inviteToken: (await invite('camp_short')).invite_token, mode: 'popup', ...options });

test('a pop-up has focus inside, keeps it there, and gives it back', async ({ page, pages, invite }) => {
  await page.goto(pages.serve(await inPopup(invite)));
  const interview = await open(page);
  const dialog = page.getByRole('dialog', { name: 'Interview' });
  await expect(dialog).toBeVisible();
  await interview.shows('What is the first thing?');
  await expect(interview.field()).toBeFocused();
  await expectTabStaysInside(page);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('button', { name: OPEN })).toBeFocused();
  expect(await page.evaluate(() => (window as any).told)).toEqual(['close']);
});

test('the button closes a pop-up, and what was typed is there when it opens again', async ({ page, pages, invite }) => {
  await page.goto(pages.serve(await inPopup(invite, { title: 'Umfrage', closeLabel: 'Schließen' })));
  const interview = await open(page);
  await interview.shows('What is the first thing?');
  const draft = page.waitForResponse((response) => response.url().includes('/answers/') && response.ok());
  const pause = page.waitForResponse((response) => response.url().endsWith('/pause') && response.ok());
  await interview.write('half a sentence');
  await page.getByRole('dialog', { name: 'Umfrage' }).getByRole('button', { name: 'Schließen' }).click();
  await expect(page.locator('#interview > *')).toHaveCount(0);
  await Promise.all([draft, pause]);

  const again = await open(page);
  await again.shows('What is the first thing?');
  await expect(again.field()).toHaveValue('half a sentence');
});

test('the close button is large enough for a finger', async ({ page, pages, invite }) => {
  await page.goto(pages.serve(await inPopup(invite)));
  await open(page);
  // While the pop-up moves into its place, its boxes are of the moving picture: some millionths of a pixel off.
  const dialog = page.getByRole('dialog', { name: 'Interview' });
  await dialog.evaluate((element) => Promise.all(element.getAnimations().map(({ finished }) => finished)));
  const box = await dialog.getByRole('button', { name: 'Close' }).boundingBox();
  expect(Math.min(box!.width, box!.height)).toBeGreaterThanOrEqual(44);
});

test('the page behind does not scroll, and is afterwards exactly where it was', async ({ page, pages, invite }) => {
  await page.goto(pages.serve(await inPopup(invite)));
  await page.getByRole('button', { name: OPEN }).scrollIntoViewIfNeeded();
  expect(await wheel(page), 'without a pop-up it scrolls').not.toBe(0);
  await page.getByRole('button', { name: OPEN }).scrollIntoViewIfNeeded();
  // Not in the middle, where the browser itself scrolls to when focus goes back.
  await page.evaluate(() => window.scrollBy(0, -150));
  // What the page itself has set is the page's, also when it is the very same property.
  await page.evaluate(() => document.documentElement.style.setProperty('overflow', 'visible'));
  const before = await scrolling(page);
  const interview = await open(page);
  await interview.shows('What is the first thing?');
  expect(await wheel(page)).toBe(0);
  expect((await scrolling(page)).width, 'nothing jumps to the side').toBe(before.width);
  // A script of the page may still move it.
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(await scrolling(page)).toEqual(before);
});

test('a pop-up over a pop-up: the last one that closes lets the page scroll again', async ({ page, pages, invite }) => {
  await page.goto(pages.serve(await inPopup(invite)));
  const before = await scrolling(page);
  const { invite_token: inviteToken } = await invite('camp_short');
  await open(page);
  await page.evaluate((options) => {
    const other = document.querySelector('main')!.appendChild(document.createElement('div'));
    other.id = 'other';
    (window as any).InterviewRelay.mount(other, options);
  }, { inviteToken, mode: 'popup', title: 'The second' });
  await new Interview(page, '#other').shows('What is the first thing?');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(1);
  expect((await scrolling(page)).overflow).toBe('hidden');
  await expect(page.getByRole('dialog', { name: 'Interview' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(await scrolling(page)).toMatchObject({ overflow: before.overflow, style: before.style });
});

test('a pop-up whose element the page takes away is closed, and one whose element is moved is not', async ({ page, pages, invite }) => {
  await page.goto(pages.serve(await inPopup(invite)));
  const before = await scrolling(page);
  await open(page);
  await page.evaluate(() => {
    (window as any).closings = 0;
    (window as any).handle.on('close', () => ((window as any).closings += 1));
    const element = document.querySelector('#interview')!;
    element.remove();
    document.querySelector('main')!.append(element);
    return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  });
  await expect.poll(() => page.getByRole('dialog').evaluate((dialog) => dialog.matches(':modal')), 'it is over the page again').toBe(true);
  expect(await page.evaluate(() => (window as any).closings), 'moved').toBe(0);
  await page.evaluate(() => document.querySelector('#interview')!.remove());
  await expect.poll(() => page.evaluate(() => (window as any).closings), 'taken away').toBe(1);
  expect(await scrolling(page)).toMatchObject({ overflow: before.overflow, style: before.style });
});

test('under a strict Content-Security-Policy a pop-up breaks no rule of it', async ({ page, pages, invite }) => {
  await page.goto(pages.serve(await inPopup(invite, { theme: { accent: '#0b6e4f', colorScheme: 'dark' } })));
  const interview = await open(page);
  for (const text of ['one', 'two', 'three']) await interview.answer(text);
  await interview.shows('That was all.');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(await page.evaluate(() => (window as any).violations)).toEqual([]);
});

test("the page's styles do not reach the pop-up's own controls", async ({ page, pages, invite }) => {
  await page.goto(pages.serve(await inPopup(invite)));
  await open(page);
  const look = () =>
    page.getByRole('button', { name: 'Close' }).evaluate((element) => {
      const { width, backgroundColor, color, position } = getComputedStyle(element);
      return { width, backgroundColor, color, position, dialog: getComputedStyle(element.closest('dialog')!).width };
    });
  const before = await look();
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('button, dialog, svg, .close, .bar, .body, .popup, [data-interview-relay-frame], #interview * { display: none !important; position: fixed !important; width: 7px !important; color: red !important }');
    document.adoptedStyleSheets = [sheet];
  });
  expect(await look()).toEqual(before);
});

test('fifty pop-ups leave nothing behind', async ({ page, pages, invite }) => {
  await page.goto(pages.serve(await inPopup(invite)));
  await page.getByRole('button', { name: OPEN }).focus();
  const { before, after, style, dialogs } = await mountFiftyTimes(page);
  expect({ after, style, dialogs }).toEqual({ after: before, style: null, dialogs: 0 });
  await expect(page.getByRole('button', { name: OPEN })).toBeFocused();
});

test('a pop-up in an element that is hidden is refused, and leaves nothing behind', async ({ page, pages, invite }) => {
  await page.goto(pages.serve(await inPopup(invite)));
  const refused = await page.evaluate(() => {
    const { InterviewRelay, options } = window as any;
    const element = document.querySelector<HTMLElement>('#interview')!;
    element.hidden = true;
    try {
      InterviewRelay.mount(element, options);
      return null;
    } catch (error) {
      return { message: (error as Error).message, children: element.children.length, style: document.documentElement.getAttribute('style') };
    }
  });
  expect(refused).toMatchObject({ message: expect.stringContaining('not hidden'), children: 0, style: null });
});
