/** The widget in Firefox as its users have it, driven by WebDriver BiDi: Playwright drives only builds of its own. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import puppeteer, { type Browser, type ElementHandle, type Page } from 'puppeteer-core';

import { expect } from '../fixtures/index.ts';
import { root } from '../support/server.mjs';
import { PLAIN, test } from './customer.ts';

const firefox = process.env.FIREFOX_PATH;

let browser: Browser;
test.beforeAll(async () => {
  if (firefox) browser = await puppeteer.launch({ browser: 'firefox', executablePath: firefox, headless: true });
});
test.afterAll(() => browser?.close());

test('a whole interview in Firefox, by keyboard and mouse', async ({ customer, world, api }) => {
  test.skip(!firefox, 'there is no Firefox here: set FIREFOX_PATH');
  const site = await customer({ folder: PLAIN, campaign: 'camp_456abc' });
  const page = await browser.newPage();
  const errors: string[] = [];
  const hosts = new Set<string>();
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('request', (request) => /^http/.test(request.url()) && hosts.add(new URL(request.url()).origin));
  await page.evaluateOnNewDocument(() => {
    (window as any).told = [];
    for (const name of ['ready', 'start', 'answer', 'complete', 'error']) addEventListener(`interview-relay-${name}`, () => (window as any).told.push(name));
  });
  await page.goto(site.url);
  // What is found here is pressed in a second step: the first screen would be gone by then.
  await page.waitForFunction(() => (window as any).told.includes('ready'));

  const one = new Person(page);
  for (const item of ['research team', 'write to me']) await one.press('checkbox', item);
  await one.press('button', 'Agree and continue');
  await one.reads('There are no wrong answers.');
  await one.press('button', 'Continue');
  await one.answers('What should we call you?', 'Ada');
  await one.reads('What best describes your work, Ada?');
  await one.press('radio', 'I lead a team');
  await one.press('button', 'Continue');
  await one.answers('How many people are on your team?', '7');
  await one.answers('What slows your team down most?', 'Many words that say enough about what slows us down: meetings.', 'Continue');
  await one.reads('Put these in order');
  await one.press('button', 'Move Calm up');
  await one.press('button', 'Continue');
  await one.reads('How likely are you to recommend us?');
  await one.press('radio', '10');
  await one.press('button', 'Continue');
  await one.reads('What do you spend on tools each month?');
  await one.press('button', 'Skip');
  // Whether the day or the month comes first depends on the browser's language.
  await one.answers('When did you start in this job?', '04042019');
  await one.answers('Where can we reach you?', 'ada@example.com');
  await one.reads('May we ask you again next year?');
  await one.press('radio', 'Yes');
  await one.press('button', 'Continue');
  await one.reads('We may quote you without your name.');
  await one.press('radio', 'I agree');
  await one.press('button', 'Continue');
  await one.reads('Thank you, Ada. We read every answer.');

  const told: string[] = await page.evaluate(() => (window as any).told);
  expect([told[0], told.at(-1), told.includes('error')]).toEqual(['ready', 'complete', false]);
  expect([...hosts].sort()).toEqual([site.url, world.server.sandbox].sort());
  expect(errors).toEqual([]);
  const { body: sessions } = await api('GET', '/v1/sessions?limit=1');
  expect(sessions.data[0]).toMatchObject({ status: 'completed', progress: 1 });
});

test('Firefox runs no module that was changed, on a page that holds the script to its digest', async ({ customer }) => {
  test.skip(!firefox, 'there is no Firefox here: set FIREFOX_PATH');
  const engine = await readFile(join(root, PLAIN, 'engine.js'), 'utf8');
  const site = await customer({ folder: PLAIN, files: { '/engine.js': `${engine}\nwindow.isChanged = true;` } });
  const page = await browser.newPage();
  await page.evaluateOnNewDocument(() => addEventListener('interview-relay-error', ({ detail }: any) => ((window as any).failed = detail.code)));
  await page.goto(site.url);
  await page.waitForFunction(() => (window as any).failed);
  expect(await page.evaluate(() => [(window as any).failed, (window as any).isChanged])).toEqual(['load_failed', undefined]);
});

/** Somebody who finds things by what they are called. */
class Person {
  constructor(private readonly page: Page) {}

  /** Waits until this is written in the interview. */
  async reads(text: string): Promise<void> {
    await this.page.waitForFunction((text) => document.querySelector('[data-interview-relay]')?.shadowRoot?.textContent?.includes(text), {}, text);
  }

  /** Presses what has this role and name, with the mouse. */
  async press(role: string, name: string): Promise<void> {
    const { page } = this;
    const selector = { button: 'button', radio: 'label', checkbox: 'label' }[role]!;
    const found = await page.waitForFunction(
      (selector, name) =>
        [...(document.querySelector('[data-interview-relay]')?.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? [])].find((element) => {
          const said = element.getAttribute('aria-label') ?? element.textContent?.trim() ?? '';
          return selector === 'label' ? said.includes(name) : said === name;
        }) ?? null,
      {},
      selector,
      name,
    );
    await (found.asElement() as ElementHandle<HTMLElement>).click();
  }

  /** Waits for a question and types the answer; Enter sends it, or the button that is named. */
  async answers(question: string, text: string, button?: string): Promise<void> {
    await this.reads(question);
    await this.page.waitForFunction(() => document.querySelector('[data-interview-relay]')?.shadowRoot?.querySelector('input, textarea'));
    await this.page.focus('[data-interview-relay] >>> :is(input, textarea)');
    await this.page.keyboard.type(text);
    if (button) await this.press('button', button);
    else await this.page.keyboard.press('Enter');
  }
}
