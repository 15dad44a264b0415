/** The widget's own words, in the language of the interview. */

import type { Page } from '@playwright/test';

import { expect, test } from '../fixtures/index.ts';

/** What is on the first screen: the button, a text with a number in it, its plural form chosen by the language's rule. */
const LANGUAGES = [
  { tag: 'en', go_on: 'Continue', too_short: 'Please write at least 11 characters.', dir: 'ltr' },
  { tag: 'de', go_on: 'Weiter', too_short: 'Bitte schreiben Sie mindestens 11 Zeichen.', dir: 'ltr' },
  { tag: 'fr', go_on: 'Continuer', too_short: 'Veuillez écrire au moins 11 caractères.', dir: 'ltr' },
  { tag: 'es', go_on: 'Continuar', too_short: 'Escriba al menos 11 caracteres.', dir: 'ltr' },
  { tag: 'pt', go_on: 'Continuar', too_short: 'Escreva pelo menos 11 caracteres.', dir: 'ltr' },
  { tag: 'ar', go_on: 'متابعة', too_short: 'يُرجى كتابة \u206811\u2069 حرفًا على الأقل.', dir: 'rtl' },
  { tag: 'he', go_on: 'המשך', too_short: 'נא לכתוב לפחות \u206811\u2069 תווים.', dir: 'rtl' },
  { tag: 'ja', go_on: '次へ', too_short: '11文字以上で入力してください。', dir: 'ltr' },
  { tag: 'zh', go_on: '继续', too_short: '请至少输入 11 个字符。', dir: 'ltr' },
];

const campaignId = (locale: string) => `camp_in${locale.toLowerCase().replace('-', '')}`;

/** A campaign whose texts are in this language. */
const campaign = (locale: string) => ({
  id: campaignId(locale),
  name: locale,
  settings: { locale },
  guide: {
    schema: 1,
    title: { [locale]: `Title (${locale})` },
    blocks: [
      {
        id: 'all',
        questions: [
          { id: 'words', kind: 'long_text', text: { [locale]: `Words (${locale})` }, validate: { min_length: 11 } },
          { id: 'amount', kind: 'number', text: { [locale]: `Amount (${locale})` }, validate: { max_value: 1234.5 } },
          { id: 'day', kind: 'date', text: { [locale]: `Day (${locale})` }, validate: { min_value: '2026-02-01' } },
        ],
      },
    ],
    ends: [{ id: 'done', text: { [locale]: `End (${locale})` } }],
  },
});

/** Watches which files of texts a page loads. */
function localesLoaded(page: Page): string[] {
  const loaded: string[] = [];
  page.on('request', (request) => {
    const tag = /\/locales\/(\w+)\.js$/.exec(new URL(request.url()).pathname)?.[1];
    if (tag) loaded.push(tag);
  });
  return loaded;
}

/** A page that uses the script build. */
const pageWithScriptBuild = (options: unknown) => `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>A customer's page</title></head>
  <body>
    <main><h1>A customer's page</h1><div id="interview-0"></div></main>
    <script src="/widget/dist/interview-relay.js"></script>
    <script type="module">window.InterviewRelay.mount('#interview-0', ${JSON.stringify(options)});</script>
  </body>
</html>`;

for (const { tag, go_on, too_short, dir } of LANGUAGES) {
  test(`the interview speaks ${tag}`, async ({ page, world, invite, embed, interview }) => {
    await world.server.importCampaign(campaign(tag));
    const loaded = localesLoaded(page);
    await embed({ inviteToken: (await invite(campaignId(tag))).invite_token });
    await interview.shows(`Words (${tag})`);
    await interview.settled();
    const root = interview.root.locator('[part=root]:visible');
    await expect(root).toHaveAttribute('lang', tag);
    await expect(root).toHaveAttribute('dir', dir);
    await interview.write('short');
    await interview.button(go_on).click();
    await expect(interview.alert()).toHaveText(too_short);
    expect(loaded).toEqual(tag === 'en' ? [] : [tag]);
  });
}

test('the script build loads the file of the language from beside itself', async ({ page, world, invite, pages, interview }) => {
  await world.server.importCampaign(campaign('he'));
  const loaded = localesLoaded(page);
  await page.goto(pages.serve(pageWithScriptBuild({ inviteToken: (await invite(campaignId('he'))).invite_token })));
  await interview.shows('Words (he)');
  await expect(interview.button('המשך')).toBeVisible();
  expect(loaded).toEqual(['he']);
  expect(await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname))).toContain('/widget/dist/locales/he.js');
});

test('the language of a region is the language', async ({ page, world, invite, embed, interview }) => {
  await world.server.importCampaign(campaign('pt-BR'));
  const loaded = localesLoaded(page);
  await embed({ inviteToken: (await invite(campaignId('pt-BR'))).invite_token });
  await interview.shows('Words (pt-BR)');
  await interview.write('short');
  await interview.button('Continuar').click();
  await expect(interview.alert()).toHaveText('Escreva pelo menos 11 caracteres.');
  await interview.settled();
  await expect(interview.root.locator('[part=root]:visible')).toHaveAttribute('lang', 'pt-BR');
  expect(loaded).toEqual(['pt']);
});

test('numbers and days are written as the language does, and numbers so that they can be typed', async ({ world, invite, embed, interview }) => {
  await world.server.importCampaign(campaign('de'));
  await embed({ inviteToken: (await invite(campaignId('de'))).invite_token });
  await interview.shows('Words (de)');
  await interview.write('more than eleven characters');
  await interview.button('Weiter').click();
  await interview.shows('Amount (de)');
  await interview.write('2.000');
  await interview.button('Weiter').click();
  await expect(interview.alert()).toHaveText('Möglich ist höchstens 1234,5.');
  await interview.write('1234,5');
  await interview.button('Weiter').click();
  await interview.shows('Day (de)');
  await interview.write('2026-01-31');
  await interview.button('Weiter').click();
  await expect(interview.alert()).toHaveText('Möglich ist erst ab 1. Februar 2026.');
});

test('a file that cannot be had leaves English, and the person is told nothing', async ({ page, world, invite, embed, interview }) => {
  await world.server.importCampaign(campaign('ja'));
  await page.route('**/locales/ja.js', (route) => route.abort());
  await embed({ inviteToken: (await invite(campaignId('ja'))).invite_token });
  await interview.shows('Words (ja)');
  await expect(interview.button('Continue')).toBeVisible();
  await expect(interview.alert()).toHaveCount(0);
  await interview.settled();
  await expect(interview.root.locator('[part=root]:visible')).toHaveAttribute('lang', 'ja');
});

test('a file that takes long is not waited for, and replaces English when it comes', async ({ page, world, invite, embed, interview }) => {
  await world.server.importCampaign(campaign('fr'));
  let arrive = () => {};
  const held = new Promise<void>((done) => (arrive = done));
  await page.route('**/locales/fr.js', async (route) => {
    await held;
    await route.continue();
  });
  await embed({ inviteToken: (await invite(campaignId('fr'))).invite_token });
  await expect(interview.button('Continue')).toBeVisible();
  await interview.write('typed meanwhile');
  arrive();
  await expect(interview.button('Continuer')).toBeVisible();
  await expect(interview.field()).toHaveValue('typed meanwhile');
  await expect(interview.field()).toBeFocused();
});

test("before the interview's language is known, the page's is spoken", async ({ page, pages, interview }) => {
  const options = { inviteToken: 'not a token' };
  const loaded = localesLoaded(page);
  await page.goto(pages.serve(pageWithScriptBuild(options).replace('lang="en"', 'lang="ar"')));
  await expect(interview.root.getByRole('heading', { name: 'هذا الرابط لا يعمل' })).toBeVisible();
  await interview.settled();
  await expect(interview.root.locator('[part=root]:visible')).toHaveAttribute('dir', 'rtl');
  expect(loaded).toEqual(['ar']);
});

test('the dialog and its button are named in the language that the page asks for', async ({ page, world, invite, embed }) => {
  await world.server.importCampaign(campaign('de'));
  await embed({ inviteToken: (await invite(campaignId('de'))).invite_token, locale: 'de', mode: 'popup' });
  await page.getByRole('dialog', { name: 'Interview' }).getByRole('button', { name: 'Schließen' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('a file of another version leaves English: its lines would name other buttons', async ({ page, world, invite, embed, interview }) => {
  await world.server.importCampaign(campaign('es'));
  await page.route('**/locales/es.js', async (route) => {
    const response = await route.fetch();
    // Of a version in which there was one text less.
    await route.fulfill({ response, body: (await response.text()).replace(/`[0-9a-f]{8}\n.*\n/, '`00000000\n') });
  });
  await page.route('**/*.wasm', () => {});
  await embed({ inviteToken: (await invite(campaignId('es'))).invite_token });
  await interview.shows('Words (es)');
  await expect(interview.button('Continue')).toBeVisible();
});
