/** A page that holds the script to its digest (Subresource Integrity): what the script fetches afterwards is held to its own. */

import { readFileSync } from 'node:fs';

import type { Page } from '@playwright/test';

import { expect, test as base } from '../fixtures/index.ts';
import { file, MediaInterview } from '../fixtures/media.ts';

// The console says what may be wrong, the page's Content-Security-Policy among it.
const test = base.extend({ noPageErrors: async ({}, use) => use() });

const DIGEST = JSON.parse(readFileSync(new URL('../../widget/npm/dist/integrity.json', import.meta.url), 'utf8'))['interview-relay.js'];
const PINNED = `integrity="${DIGEST}" crossorigin="anonymous"`;

/** A page with the script build; `attributes` are those of its tag. */
const pageWith = (attributes: string, options: unknown) => `<!doctype html><html lang="en"><title>A page</title><main><div id="box"></div></main>
  <script src="/widget/dist/interview-relay.js" ${attributes}></script>
  <script>
    window.failed = [];
    InterviewRelay.mount('#box', { ...${JSON.stringify(options)}, onError: ({ code }) => failed.push(code) });
  </script></html>`;

/** Changes a file of the build on its way: it still does what it did, and tells that it was run. */
async function change(page: Page, name: string) {
  await page.route(new RegExp(`/dist/${name.replaceAll('.', '\\.')}`), async (route) => {
    const response = await route.fetch();
    const body = name.endsWith('.wasm') ? Buffer.concat([await response.body(), CUSTOM_SECTION]) : `${await response.text()}\n${name.endsWith('.js') ? 'window.isChanged = true;' : ''}`;
    await route.fulfill({ response, body });
  });
}

/** Of WebAssembly: says nothing, by the name of `x`. */
const CUSTOM_SECTION = Buffer.of(0, 2, 1, 120);

/** The browser's word for a file that is not what its digest says. */
const refusal = (page: Page) => page.waitForEvent('console', (message) => message.type() === 'error' && message.text().includes('valid digest'));
const isChanged = (page: Page) => page.evaluate(() => Boolean((window as any).isChanged));
const failures = (page: Page) => page.evaluate(() => (window as any).failed as string[]);

/** What makes the script fetch each of its modules, and what a person then sees when it is not run. */
const MODULES: Record<string, { options?: Record<string, unknown>; seen: (page: Page, interview: MediaInterview) => Promise<unknown> }> = {
  'engine.js': { seen: (page) => expect.poll(() => failures(page)).toEqual(['load_failed']) },
  'isolated.js': { options: { isolation: 'iframe' }, seen: (page) => expect.poll(() => failures(page)).toEqual(['load_failed']) },
  'locales/de.js': { options: { locale: 'de' }, seen: (_, interview) => interview.shows('Which papers did you get?') },
  'media.js': { seen: (_, interview) => interview.shows('Which papers did you get?') },
};

for (const [name, { options, seen }] of Object.entries(MODULES)) {
  test(`${name} that was changed is not run`, async ({ page, pages, invite }) => {
    await change(page, name);
    const given = { inviteToken: (await invite('camp_media')).invite_token, ...options };
    const refused = refusal(page);
    await page.goto(pages.serve(pageWith(PINNED, given)));
    await refused;
    await seen(page, new MediaInterview(page));
    expect(await isChanged(page)).toBe(false);
    await page.goto(pages.serve(pageWith('', given)));
    await expect.poll(() => isChanged(page), 'a page that holds nothing to a digest runs it').toBe(true);
  });
}

test('the wasm that was changed is not run', async ({ page, pages, invite }) => {
  await change(page, 'interview-relay.wasm');
  const inviteToken = (await invite('camp_media')).invite_token;
  const refused = refusal(page);
  await page.goto(pages.serve(pageWith(PINNED, { inviteToken })));
  await refused;
  await expect.poll(() => failures(page)).toEqual(['load_failed']);
  await page.goto(pages.serve(pageWith('', { inviteToken })));
  await new MediaInterview(page).root.locator('input[type=file]').waitFor();
});

test('what is to say the digests is held to its own, and read by no page without them', async ({ page, pages, invite }) => {
  await change(page, 'files.json');
  const read: string[] = [];
  page.on('request', (request) => request.url().endsWith('files.json') && read.push(request.url()));
  const inviteToken = (await invite('camp_media')).invite_token;
  await page.goto(pages.serve(pageWith(PINNED, { inviteToken })));
  await expect.poll(() => failures(page)).toEqual(['load_failed']);
  expect(read).not.toEqual([]);
  read.length = 0;
  await page.goto(pages.serve(pageWith('', { inviteToken })));
  await new MediaInterview(page).root.locator('input[type=file]').waitFor();
  expect(read).toEqual([]);
});

for (const [browser, knows] of [['a browser that can hold modules to their digests', true], ['one that has to read them twice', false]] as const) {
  test.describe(`in ${browser}`, () => {
    test.beforeEach(async ({ page }) => {
      if (knows) return;
      await page.addInitScript(() => (DOMTokenList.prototype.supports = () => false));
    });

    test('an interview with files, in German, and in a frame', async ({ page, pages, invite }) => {
      const given = { inviteToken: (await invite('camp_media')).invite_token, locale: 'de' };
      await page.goto(pages.serve(pageWith(PINNED, given)));
      const interview = new MediaInterview(page);
      await interview.chooseFiles(file('letter.pdf', 'application/pdf', 17));
      await interview.shows('Hochgeladen');
      await interview.button('Weiter').click();
      await interview.shows('How was your day?');
      await page.goto(pages.serve(pageWith(PINNED, { ...given, isolation: 'iframe' })));
      await page.locator('#box iframe').contentFrame().getByText('How was your day?').first().waitFor();
      expect(await failures(page)).toEqual([]);
    });

    test('a changed module is not run', async ({ page, pages, invite }) => {
      await change(page, 'engine.js');
      await page.goto(pages.serve(pageWith(PINNED, { inviteToken: (await invite('camp_media')).invite_token })));
      await expect.poll(() => failures(page)).toEqual(['load_failed']);
      expect(await isChanged(page)).toBe(false);
    });
  });
}

test('a file that did not come the first time is held to its digest the second time too', async ({ page, pages, invite }) => {
  let attempts = 0;
  await page.route(/engine\.js/, (route) => ((attempts += 1) === 1 ? route.abort() : route.continue()));
  const options = { inviteToken: (await invite('camp_media')).invite_token };
  await page.goto(pages.serve(pageWith(PINNED, options)));
  await expect.poll(() => failures(page)).toEqual(['load_failed']);
  await page.evaluate((options) => (window as any).InterviewRelay.mount('#box', options), options);
  await new MediaInterview(page).root.locator('input[type=file]').waitFor();
  expect(attempts).toBe(2);
});
