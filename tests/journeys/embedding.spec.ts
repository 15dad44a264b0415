import { expect, Interview, test } from '../fixtures/index.ts';

test('two interviews on one page do not touch each other', async ({ page, invite, embed }) => {
  await embed({ inviteToken: (await invite('camp_short')).invite_token }, { inviteToken: (await invite('camp_short')).invite_token });
  const first = new Interview(page, '#interview-0');
  const second = new Interview(page, '#interview-1');
  await first.shows('What is the first thing?');
  await second.shows('What is the first thing?');
  await second.answer('in the second');
  await second.shows('What is the second thing?');
  await first.shows('What is the first thing?');
  await first.answer('in the first');
  await first.shows('What is the second thing?');
});

test('unmounted, nothing is left; mounted again, it goes on', async ({ page, invite, embed, interview }) => {
  await embed({ inviteToken: (await invite('camp_short')).invite_token });
  await interview.answer('one');
  await interview.shows('What is the second thing?');

  await page.evaluate(() => (window as any).handles[0].unmount());
  await expect(page.locator('#interview-0 > *')).toHaveCount(0);
  await expect(page.getByText('What is the second thing?')).toHaveCount(0);

  for (let times = 0; times < 3; times += 1) {
    await page.evaluate(() => {
      const { InterviewRelay, options, handles } = window as any;
      handles[0].unmount();
      handles[0] = InterviewRelay.mount('#interview-0', options[0]);
    });
  }
  await interview.shows('What is the second thing?');
  await expect(page.getByRole('heading', { name: 'What is the second thing?' })).toHaveCount(1);
});

test('the page is told what happens, and never what was answered', async ({ page, invite, embed, interview }) => {
  await embed({ inviteToken: (await invite('camp_short')).invite_token });
  await page.evaluate(() => {
    const { handles } = window as any;
    (window as any).told = [];
    for (const name of ['answer', 'complete']) handles[0].on(name, (detail: unknown) => (window as any).told.push([name, JSON.stringify(detail ?? null)]));
    return handles[0].ready;
  });
  for (const text of ['a planted secret', 'two', 'three']) await interview.answer(text);
  await interview.shows('That was all.');
  const told: [string, string][] = await page.evaluate(() => (window as any).told);
  expect(told.map(([name]) => name)).toEqual(['answer', 'answer', 'answer', 'complete']);
  expect(JSON.stringify(told)).not.toContain('a planted secret');
});

test('the script build works like the module', async ({ page, site, interview }) => {
  await page.goto(`${site.url}/script.html`);
  await interview.consent();
  await interview.next();
  await interview.answer('Ada');
  await interview.shows('What best describes your work, Ada?');
});

test("the page's styles do not reach in, and the widget's do not reach out", async ({ page, invite, embed, interview }) => {
  await embed({ inviteToken: (await invite('camp_short')).invite_token });
  await interview.shows('What is the first thing?');
  await interview.settled();
  const heading = page.getByRole('heading', { name: "A customer's page" });
  const size = (locator = interview.field()) => locator.evaluate((element) => getComputedStyle(element).fontSize);
  const before = await size();
  const plain = await size(heading);
  await page.addStyleTag({ content: 'input, textarea, h2, p { font-size: 77px !important; color: red !important; }' });
  expect(await size()).toBe(before);
  expect(await size(heading)).toBe(plain);
  expect(before).not.toBe('77px');
});

test('on a phone of 320 pixels nothing is cut off', async ({ page, site, interview }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto(site.url);
  const fits = async () => {
    const { scroll, client } = await page.evaluate(() => ({ scroll: document.documentElement.scrollWidth, client: document.documentElement.clientWidth }));
    expect(scroll).toBeLessThanOrEqual(client);
  };
  await interview.shows('My answers may be read by the research team.');
  await fits();
  await interview.consent();
  await interview.next();
  await interview.answer('Ada');
  await interview.choose('I lead a team');
  await fits();
  await interview.next();
  await interview.answer('7');
  await interview.answer('Many words that say enough about what slows us down.');
  await interview.shows('Put these in order');
  await fits();
  await interview.next();
  await interview.shows('How likely are you to recommend us?');
  await fits();
});

test('somebody who has gone on to a field of the page is left there, and hears of the next question', async ({ page, invite, embed, interview }) => {
  await embed({ inviteToken: (await invite('camp_short')).invite_token });
  await interview.shows('What is the first thing?');
  await interview.settled();
  await page.evaluate(() => document.querySelector('main')!.append(Object.assign(document.createElement('input'), { id: 'search' })));
  let letGo = () => {};
  const held = new Promise<void>((done) => (letGo = done));
  await page.route('**/session/answers/first', async (route) => {
    await held;
    await route.continue();
  });
  await interview.answer('one');
  await page.locator('#search').focus();
  letGo();
  await interview.shows('What is the second thing?');
  await expect(interview.root.locator('.unseen[aria-live]').first()).toHaveText('What is the second thing?');
  await page.keyboard.type('shoes');
  await expect(page.locator('#search')).toHaveValue('shoes');
  // Who is in the interview is taken along, as before.
  await interview.answer('two');
  await interview.shows('What is the third thing?');
  await expect(interview.field()).toBeFocused();
});

test('in the dark it is dark', async ({ page, invite, embed, interview }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await embed({ inviteToken: (await invite('camp_short')).invite_token });
  await interview.shows('What is the first thing?');
  await interview.settled();
  const ink = await interview.root.getByRole('heading', { name: 'What is the first thing?' }).evaluate((element) => getComputedStyle(element).color);
  const [red, green, blue] = ink.match(/[\d.]+/g)!.map(Number);
  expect(red + green + blue, `text in the dark is light, not ${ink}`).toBeGreaterThan(ink.startsWith('rgb') ? 450 : 0);
});

test('an Arabic interview reads from right to left', async ({ invite, embed, interview }) => {
  await embed({ inviteToken: (await invite('camp_arabic', { locale: 'ar' })).invite_token, locale: 'ar' });
  const question = interview.root.getByRole('heading', { name: 'كيف تعمل؟' });
  await expect(question).toBeVisible();
  await interview.settled();
  expect(await question.evaluate((element) => getComputedStyle(element).direction)).toBe('rtl');
  await interview.choose('مع فريق');
  await interview.root.getByRole('button').first().click();
  await expect(interview.root.getByRole('heading', { name: 'ما الذي يبطئك؟' })).toBeVisible();
});
