import { pageWithScript } from '../fixtures/bundle.ts';
import { expect, test } from '../fixtures/index.ts';

/** A page that has the element, by the module or by the script build. */
const pageWithElement = (pages: { serve(content: string, type?: string): string }, tag: string) =>
  pages.serve(pageWithScript(pages.serve("import '/widget/element.js'; import '/widget/element.js?again';", 'text/javascript'), tag));

test('the element shows an interview, and its events reach the page', async ({ page, pages, invite, interview }) => {
  const { invite_token } = await invite('camp_short');
  await page.goto(pageWithElement(pages, `<interview-relay invite-token="${invite_token}" color-scheme="dark"></interview-relay>`));
  await page.evaluate(() => {
    (window as any).told = [];
    for (const name of ['answer', 'complete']) document.addEventListener(`interview-relay-${name}`, (event) => (window as any).told.push([name, (event.target as Element).closest('interview-relay') !== null]));
  });
  for (const text of ['one', 'two', 'three']) await interview.answer(text);
  await interview.shows('That was all.');
  expect(await page.evaluate(() => (window as any).told)).toEqual([['answer', true], ['answer', true], ['answer', true], ['complete', true]]);
  await expect(page.locator('[part~=root]:visible')).toHaveAttribute('data-scheme', 'dark');
});

test('the element is defined by the script build too', async ({ page, pages, invite, interview }) => {
  const { invite_token } = await invite('camp_short');
  await page.goto(pages.serve(`<!doctype html><html lang="en"><title>A page</title><main><interview-relay invite-token="${invite_token}"></interview-relay></main><script src="/widget/dist/interview-relay.js"></script></html>`));
  await interview.shows('What is the first thing?');
});

test('taken out it unmounts, put back it goes on, with another token it begins another', async ({ page, pages, invite, interview }) => {
  const [first, second] = [await invite('camp_short'), await invite('camp_short')];
  await page.goto(pageWithElement(pages, `<interview-relay invite-token="${first.invite_token}"></interview-relay>`));
  await interview.answer('one');
  await interview.shows('What is the second thing?');

  expect(
    await page.evaluate(async () => {
      const element = document.querySelector('interview-relay')!;
      (window as any).element = element;
      element.remove();
      await Promise.resolve();
      return { children: element.children.length, interview: (element as any).interview };
    }),
  ).toEqual({ children: 0, interview: undefined });
  await page.evaluate(() => document.querySelector('main')!.append((window as any).element));
  await interview.shows('What is the second thing?');

  await page.evaluate((token) => (window as any).element.setAttribute('invite-token', token), second.invite_token);
  await interview.shows('What is the first thing?');
  await expect(page.locator('[data-interview-relay]')).toHaveCount(1);
});

test('moved within the page it is not mounted again', async ({ page, pages, invite, interview }) => {
  const { invite_token } = await invite('camp_short');
  await page.goto(pageWithElement(pages, `<interview-relay invite-token="${invite_token}"></interview-relay>`));
  await interview.shows('What is the first thing?');
  await interview.write('half a sentence');
  const isSame = await page.evaluate(async () => {
    const host = document.querySelector('[data-interview-relay]');
    document.querySelector('main')!.prepend(document.querySelector('interview-relay')!);
    await Promise.resolve();
    return document.querySelector('[data-interview-relay]') === host;
  });
  expect(isSame).toBe(true);
  await expect(interview.field()).toHaveValue('half a sentence');
});

test('a token can be asked for, also when the property was set before the element was defined', async ({ page, pages, invite, interview }) => {
  const { invite_token } = await invite('camp_short');
  const script = pages.serve(
    `document.querySelector('interview-relay').getInviteToken = async () => ${JSON.stringify(invite_token)};
     await import('/widget/element.js');`,
    'text/javascript',
  );
  await page.goto(pages.serve(pageWithScript(script, '<interview-relay></interview-relay>')));
  await interview.shows('What is the first thing?');
});

test('as a pop-up it closes with Escape, and opens again when it is put in again', async ({ page, pages, invite }) => {
  const { invite_token } = await invite('camp_short');
  await page.goto(pageWithElement(pages, `<interview-relay mode="popup" dialog-title="Umfrage" close-label="Schließen" invite-token="${invite_token}"></interview-relay>`));
  const dialog = page.getByRole('dialog', { name: 'Umfrage' });
  await expect(dialog.getByRole('button', { name: 'Schließen' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  expect(await page.evaluate(() => (document.querySelector('interview-relay') as any).interview)).toBe(undefined);
  await page.evaluate(() => {
    const element = document.querySelector('interview-relay')!;
    document.querySelector('main')!.append(element);
  });
  await expect(dialog).toBeVisible();
});

test('a pop-up that is taken out of the page gives focus and scrolling back', async ({ page, pages, invite }) => {
  const { invite_token } = await invite('camp_short');
  await page.goto(pageWithElement(pages, '<button type="button">Open</button>'));
  await page.waitForFunction(() => customElements.get('interview-relay'));
  const button = page.getByRole('button', { name: 'Open' });
  await button.focus();
  await page.evaluate((token) => {
    const element = document.createElement('interview-relay');
    element.setAttribute('mode', 'popup');
    element.setAttribute('invite-token', token);
    document.querySelector('main')!.append(element);
  }, invite_token);
  await expect(page.getByRole('dialog', { name: 'Interview' })).toBeVisible();
  await page.evaluate(() => document.querySelector('interview-relay')!.remove());
  await expect(button).toBeFocused();
  expect(await page.evaluate(() => document.documentElement.getAttribute('style'))).toBe(null);
});

test('fifty elements leave nothing behind', async ({ page, pages, invite }) => {
  const { invite_token } = await invite('camp_short');
  await page.goto(pageWithElement(pages, ''));
  await page.waitForFunction(() => customElements.get('interview-relay'));
  const { before, after, left } = await page.evaluate(async (token) => {
    const nodes = () => document.querySelectorAll('*').length;
    const before = nodes();
    let left = 0;
    for (let times = 0; times < 50; times += 1) {
      const element = document.createElement('interview-relay') as any;
      element.setAttribute('invite-token', token);
      document.querySelector('main')!.append(element);
      await Promise.resolve();
      if (times % 10 === 9) await element.interview.ready;
      element.remove();
      await Promise.resolve();
      left += element.children.length;
    }
    return { before, after: nodes(), left };
  }, invite_token);
  expect({ after, left }).toEqual({ after: before, left: 0 });
});
