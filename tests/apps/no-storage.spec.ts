/** A browser that keeps nothing for anybody: no cookie, no storage, no database. */

import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium, type Frame, type Page } from '@playwright/test';

import { expect, Interview } from '../fixtures/index.ts';
import { LAUNCH } from '../support/browser.mjs';
import { mounting, pageOf, PLAIN, test } from './customer.ts';

const files = { '/index.html': pageOf(), '/page.js': mounting() };

/** What of the browser's stores refuses; `indexedDB` is there but opens nothing. */
const refused = (frame: Frame) =>
  frame.evaluate(async () => {
    const attempts: [string, () => unknown][] = [
      ['localStorage', () => localStorage.setItem('a', 'b')],
      ['sessionStorage', () => sessionStorage.setItem('a', 'b')],
      ['caches', () => caches.open('a')],
      ['indexedDB', () => new Promise((done, fail) => {
        const request = indexedDB.open('a');
        request.onsuccess = done;
        request.onerror = fail;
      })],
    ];
    const failed: string[] = [];
    for (const [name, attempt] of attempts) {
      try {
        await attempt();
      } catch {
        failed.push(name);
      }
    }
    return failed;
  });

/** A page of a browser that blocks cookies and storage: those of every site, or those of sites in frames of others. */
async function pageWithout(whose: 'every site' | 'third parties') {
  const folder = await mkdtemp(join(tmpdir(), 'interviewrelay-profile-'));
  await mkdir(join(folder, 'Default'));
  const profile = whose === 'every site' ? { default_content_setting_values: { cookies: 2 } } : { cookie_controls_mode: 1, block_third_party_cookies: true };
  await writeFile(join(folder, 'Default', 'Preferences'), JSON.stringify({ profile }));
  const context = await chromium.launchPersistentContext(folder, { ...LAUNCH, locale: 'en-GB' });
  const errors: string[] = [];
  const cookies: string[] = [];
  context.on('weberror', (error) => errors.push(error.error().message));
  context.on('response', async (response) => {
    if (await response.headerValue('set-cookie')) cookies.push(response.url());
  });
  return {
    page: context.pages()[0] ?? (await context.newPage()),
    errors,
    cookies: async () => [...cookies, ...(await context.cookies())],
    close: async () => {
      await context.close();
      // The browser's other processes may still write for a moment.
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

async function takeShort(page: Page, interview: Interview): Promise<void> {
  for (const text of ['one', 'two', 'three']) await interview.answer(text);
  await interview.shows('That was all.');
  await expect(page.locator('body')).toBeVisible();
}

test('with all cookies and storage blocked an interview is completed', async ({ customer }) => {
  const browser = await pageWithout('every site');
  try {
    await browser.page.goto((await customer({ folder: PLAIN, files })).url);
    expect(await refused(browser.page.mainFrame())).toEqual(['localStorage', 'sessionStorage', 'caches', 'indexedDB']);
    await takeShort(browser.page, new Interview(browser.page));
    expect(await browser.cookies()).toEqual([]);
    expect(browser.errors).toEqual([]);
  } finally {
    await browser.close();
  }
});

test("in another site's frame, with third-party cookies and storage blocked, an interview is completed", async ({ customer }) => {
  const browser = await pageWithout('third parties');
  try {
    const inner = await customer({ folder: PLAIN, files });
    const outer = await customer({ folder: PLAIN, files: { '/index.html': pageOf({ body: `<iframe title="A survey" src="${inner.url}" width="900" height="700"></iframe>`, scripts: [] }) } });
    // Another name for this machine makes it another site.
    await browser.page.goto(outer.url.replace('127.0.0.1', 'localhost'));
    const frame = browser.page.frames().find((frame) => frame.url().startsWith(inner.url))!;
    expect(await refused(frame)).toContain('localStorage');
    const interview = new Interview(browser.page);
    Object.assign(interview, { root: browser.page.frameLocator('iframe').locator('main') });
    await takeShort(browser.page, interview);
    expect(await browser.cookies()).toEqual([]);
    expect(browser.errors).toEqual([]);
  } finally {
    await browser.close();
  }
});
