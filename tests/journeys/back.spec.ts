/** The way back to earlier answers, where the guide allows it. */

import { isAccessible } from '../fixtures/accessible.ts';
import { expect, Interview, test as base } from '../fixtures/index.ts';

const question = (id: string, kind: string, text: string, rest = {}) => ({ id, kind, text: { en: text }, ...rest });
const CHOICES = [
  { id: 'make', label: { en: 'I make things' } },
  { id: 'lead', label: { en: 'I lead a team' } },
];
const GUIDE = {
  schema: 1,
  title: { en: 'Back and forth' },
  allow_back: true,
  blocks: [
    {
      id: 'all',
      questions: [
        question('name', 'short_text', 'What is your name?'),
        question('role', 'single_choice', 'What do you do?', { choices: CHOICES }),
        question('pets', 'yes_no', 'Do you have a pet?'),
        question('which', 'short_text', 'Which one?', { show_if: { q: 'pets' } }),
        question('team', 'number', 'How many are you?', { required: false }),
        question('last', 'long_text', 'Anything else?'),
      ],
    },
  ],
  ends: [{ id: 'done', text: { en: 'That was all.' } }],
};

const test = base.extend<{ begin: (guide?: object) => Promise<void> }>({
  begin: async ({ world, invite, embed }, use) => {
    await use(async (rest = {}) => {
      const id = 'allow_back' in rest ? 'camp_forth' : 'camp_back';
      await world.server.importCampaign({ id, name: id, guide: { ...GUIDE, ...rest } });
      await embed({ inviteToken: (await invite(id)).invite_token });
    });
  },
});

/** Answers all up to the last question. */
async function answerToLast(interview: Interview) {
  await interview.shows('What is your name?');
  await interview.answer('Ada');
  await interview.shows('What do you do?');
  await interview.choose('I lead a team');
  await interview.next();
  await interview.shows('Do you have a pet?');
  await interview.choose('No');
  await interview.next();
  await interview.shows('How many are you?');
  await interview.answer('7');
  await asked(interview, 'Anything else?');
}

const heading = (interview: Interview) => interview.root.getByRole('heading', { level: 2 });
const asked = (interview: Interview, text: string) => expect(heading(interview)).toHaveText(text);
const open = (interview: Interview) => interview.root.getByText('Your answers so far').click();
const change = (interview: Interview, text: string) => interview.button(`Change your answer to: ${text}`).click();

test('a changed answer leads to another branch, and what was typed meanwhile is there again', async ({ begin, interview }) => {
  await begin();
  await answerToLast(interview);
  await interview.write('half a thought');
  await open(interview);
  await change(interview, 'Do you have a pet?');
  await asked(interview, 'Do you have a pet?');
  await expect(heading(interview)).toBeFocused();
  await expect(interview.root.getByRole('radio', { name: 'No' })).toBeChecked();
  await interview.choose('Yes');
  await interview.next();
  await asked(interview, 'Which one?');
  await interview.write('A c');
  await interview.shows('Saved');
  await interview.answer('A cat');
  await asked(interview, 'Anything else?');
  await expect(interview.field()).toHaveValue('half a thought');
  await interview.next();
  await interview.shows('That was all.');
  await expect(interview.root.getByText('Your answers so far')).toHaveCount(0);
});

test('by the button over several questions; each comes filled in, and is kept as it was', async ({ begin, interview }) => {
  await begin();
  await answerToLast(interview);
  await interview.button('Back').click();
  await asked(interview, 'How many are you?');
  await expect(interview.field()).toHaveValue('7');
  await interview.button('Back').click();
  await asked(interview, 'Do you have a pet?');
  await interview.button('Back').click();
  await asked(interview, 'What do you do?');
  await expect(interview.root.getByRole('radio', { name: 'I lead a team' })).toBeChecked();
  await interview.button('Back').click();
  await asked(interview, 'What is your name?');
  await expect(interview.field()).toHaveValue('Ada');
  await expect(interview.button('Back')).toHaveCount(0);
  await interview.button('Keep it as it was').click();
  await asked(interview, 'Anything else?');
});

test('a reload in the middle of a change shows the open question, and the answers by their labels', async ({ page, begin, interview }) => {
  await begin();
  await answerToLast(interview);
  await interview.button('Back').click();
  await asked(interview, 'How many are you?');
  await interview.write('8');
  await page.reload();
  await asked(interview, 'Anything else?');
  await open(interview);
  await expect(interview.root.getByRole('listitem').filter({ hasText: 'What do you do?' })).toContainText('I lead a team');
  await expect(interview.root.getByRole('listitem').filter({ hasText: 'How many are you?' })).toContainText('7');
});

test('without a connection there is no way back, and it says so', async ({ context, begin, interview }) => {
  await begin();
  await answerToLast(interview);
  await context.setOffline(true);
  await expect(interview.button('Back')).toHaveAttribute('aria-disabled', 'true');
  await interview.shows('Waiting for the connection');
  await context.setOffline(false);
  await expect(interview.button('Back')).not.toHaveAttribute('aria-disabled');
});

test('a question that is lost on its way comes without pressing the button again', async ({ page, begin, interview }) => {
  await begin();
  await answerToLast(interview);
  let asks = 0;
  await page.route('**/answers/team', (route) => {
    if (route.request().method() !== 'GET') return route.continue();
    return (asks += 1) === 1 ? route.abort() : route.continue();
  });
  await interview.button('Back').click();
  await asked(interview, 'How many are you?');
  await expect(interview.field()).toHaveValue('7');
  expect(asks).toBe(2);
});

test('a guide that does not allow it shows nothing of it', async ({ begin, interview }) => {
  await begin({ allow_back: false });
  await answerToLast(interview);
  await expect(interview.button('Back')).toHaveCount(0);
  await expect(interview.root.getByText('Your answers so far')).toHaveCount(0);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme}`, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' }, viewport: { width: 320, height: 900 } });

    test('the answers so far and a change are accessible on a narrow screen', async ({ page, begin, interview }) => {
      await begin();
      await answerToLast(interview);
      await open(interview);
      await isAccessible(page, 'the answers so far');
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
      await page.screenshot({ path: test.info().outputPath('answers.png'), fullPage: true });
      await change(interview, 'What do you do?');
      await asked(interview, 'What do you do?');
      await isAccessible(page, 'a change');
      await page.screenshot({ path: test.info().outputPath('change.png'), fullPage: true });
    });
  });
}

const MARKUP = '<img src="/none.png" onerror="window.isMarkup = true"><script>window.isMarkup = true</script>';

for (const allow_back of [true, false]) {
  test(`an answer of markup is shown as it was written, in a later question ${allow_back ? 'and among the answers' : 'and by the first screen'}`, async ({ page, begin, interview }) => {
    const questions = [question('name', 'short_text', 'What is your name?'), question('more', 'short_text', 'Hello, {{q.name}}!'), question('last', 'long_text', 'Anything else?')];
    await begin({ allow_back, blocks: [{ id: 'all', questions }] });
    await interview.shows('What is your name?');
    await interview.answer(MARKUP);
    await asked(interview, `Hello, ${MARKUP}!`);
    if (allow_back) await open(interview);
    await page.reload();
    await asked(interview, `Hello, ${MARKUP}!`);
    await interview.settled();
    if (allow_back) {
      await open(interview);
      await expect(interview.root.getByText(MARKUP, { exact: true })).toBeVisible();
    }
    await expect(interview.root.locator('img, script')).toHaveCount(0);
    expect(await page.evaluate(() => 'isMarkup' in window)).toBe(false);
  });
}
