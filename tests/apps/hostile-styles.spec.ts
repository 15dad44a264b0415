/** Style sheets that do what they can to everything on their page, and an interview that does nothing to it. */

import type { Page } from '@playwright/test';

import { expect, Interview } from '../fixtures/index.ts';
import { mounting, pageOf, PLAIN, test } from './customer.ts';

const HOSTILE = `
  html { font-size: 5px !important; }
  body { font: italic 900 9px/3 monospace !important; color: lime !important; letter-spacing: 5px !important; word-spacing: 9px !important; text-transform: uppercase !important;
    text-align: right !important; text-indent: 40px !important; text-shadow: 2px 2px red !important; white-space: pre !important; cursor: wait !important; caret-color: red !important;
    list-style: square !important; quotes: none !important; -webkit-text-stroke: 1px red !important; accent-color: red !important; hyphens: auto !important; tab-size: 1 !important; }
  * { all: revert !important; }
  *, *::before, *::after { box-sizing: content-box !important; line-height: 3 !important; letter-spacing: 5px !important; transform: rotate(1deg) !important; filter: grayscale(1) !important;
    transition: all 3s !important; float: right !important; max-width: 90% !important; margin: 3px !important; user-select: none !important; opacity: .5 !important; }
  input, textarea, select, button { all: unset !important; border: 9px dashed lime !important; padding: 33px !important; background: yellow !important; color: red !important; font: 40px fantasy !important; }
  input[type=text], form *, form > div, label, h1, h2, h3, p, ul, li, fieldset, legend { color: red !important; background: yellow !important; font-size: 77px !important; }
  div:empty { display: none !important; }
  div div { padding: 50px !important; position: fixed !important; width: 10px !important; }
  [role], [role=status], [role=alert], [part] { display: none !important; visibility: hidden !important; }
  .root, .screen, .card, .button, .field, .content { display: none !important; }
  :focus, :focus-visible { outline: 20px solid red !important; }`;

// By these the widgets that others make were measured; most of them lose all seven.
const SEVEN = ['color', 'background-color', 'border-top-width', 'font-size', 'font-family', 'padding-left', 'box-sizing'];

// What a page is made of beside the interview.
const OWN = `<h2 class="own">A heading</h2><p class="own">Words, and <a class="own" href="#">a link</a>.</p><button class="own">Press</button>
  <input class="own" value="text"><ul class="own"><li class="own">One</li></ul><div class="own root field card">A box</div>`;

/** What is computed for the widget's field. */
const fieldStyles = (interview: Interview) =>
  interview.field().evaluate((element, names) => {
    const style = getComputedStyle(element);
    return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(name)]));
  }, SEVEN);

/** What is computed for each element of the widget, host included, by where it stands. */
const allStyles = (page: Page) =>
  page.evaluate(() => {
    const host = document.querySelector('[data-interview-relay]')!;
    for (const animation of host.shadowRoot!.getAnimations()) animation.finish();
    const found: Record<string, string> = {};
    for (const [at, element] of [host, ...host.shadowRoot!.querySelectorAll('*')].entries()) {
      const style = getComputedStyle(element);
      // Where something stands that is out of the flow depends on the box that the page gives.
      for (const name of style) if (!/^(inset|top|right|bottom|left)/.test(name)) found[`${at} ${element.localName} ${name}`] = style.getPropertyValue(name);
    }
    return found;
  });

/** What is computed for each element of the page's own. */
const ownStyles = (page: Page) =>
  page.evaluate(() =>
    ['html', 'body', 'main', '.own'].flatMap((selector) =>
      [...document.querySelectorAll(selector)].map((element) => {
        const style = getComputedStyle(element);
        // What is around the interview grows with it.
        const names = [...style].filter((name) => selector === '.own' || !/^(block-size|height|perspective-origin|transform-origin)$/.test(name));
        return `${selector} ${names.map((name) => `${name}: ${style.getPropertyValue(name)}`).join('; ')}`;
      }),
    ),
  );

/** Opens a page and waits for the interview on it. */
async function show(page: Page, site: { url: string }): Promise<void> {
  await page.goto(site.url);
  await page.waitForFunction(() => (window as any).handle);
  await page.evaluate(() => (window as any).handle.ready);
}

test('of seven properties of the field, hostile styles change none', async ({ page, customer }) => {
  const interview = new Interview(page, '[data-interview-relay]');
  const files = (head: string) => ({ '/index.html': pageOf({ head, body: `${OWN}<div id="interview"></div>` }), '/page.js': mounting() });
  await show(page, await customer({ folder: PLAIN, files: files('') }));
  const clean = await fieldStyles(interview);
  await show(page, await customer({ folder: PLAIN, files: files(`<style>${HOSTILE}</style>`) }));
  expect(await fieldStyles(interview)).toEqual(clean);
  // They did what they could: to a field of the page's own.
  const own = await page.locator('input.own').evaluate((element) => getComputedStyle(element).backgroundColor);
  expect(own).not.toBe(clean['background-color']);
  // They may have pushed the whole of it out of sight, as is their right; by keyboard it goes on.
  for (const [text, next] of [['one', /second/], ['two', /third/], ['three', 'That was all.']] as const) {
    await interview.write(text);
    await interview.field().press('Enter');
    await interview.shows(next);
  }
});

test('hostile styles change nothing at all inside', async ({ page, customer }) => {
  // One page and one width, so that what differs is what the styles did; they come when all is there.
  const site = await customer({ folder: PLAIN, files: { '/index.html': pageOf({ body: '<section style="width: 600px"><div id="interview"></div></section>' }), '/page.js': mounting() } });
  await show(page, site);
  const before = await allStyles(page);
  await page.evaluate((styles) => {
    const sheet = new CSSStyleSheet();
    // The box that the interview fills is the page's to shape.
    sheet.replaceSync(`${styles} body, main, section, #interview { all: revert !important; font: italic 9px/3 monospace !important; color: lime !important; letter-spacing: 5px !important; text-indent: 40px !important; } section { width: 600px !important }`);
    document.adoptedStyleSheets = [sheet];
  }, HOSTILE);
  const after = await allStyles(page);
  expect(Object.entries(after).filter(([name, value]) => before[name] !== value).map(([name, value]) => `${name}: ${before[name]} → ${value}`)).toEqual([]);
});

for (const mode of ['inline', 'popup', 'fullpage']) {
  test(`an interview changes nothing of the page around it (${mode})`, async ({ page, customer, invite }) => {
    const site = await customer({ folder: PLAIN, files: { '/index.html': pageOf({ body: `${OWN}<div id="interview"></div>` }), '/page.js': '' } });
    await page.goto(site.url);
    const before = await ownStyles(page);
    expect(before.length).toBeGreaterThan(8);
    await page.evaluate((options) => {
      (window as any).handle = (window as any).InterviewRelay.mount('#interview', options);
      return (window as any).handle.ready;
    }, { inviteToken: (await invite('camp_short')).invite_token, mode });
    // Behind a dialog the page must not scroll, until it is closed: a dialog changes that and nothing more.
    const scrolls = (styles: string[]) => styles.map((style) => (style.startsWith('html') ? style.replace(/(overflow(-[a-z]+)*|scrollbar-gutter): [a-z ]+/g, '$1') : style));
    if (mode === 'inline') expect(await ownStyles(page)).toEqual(before);
    else expect(scrolls(await ownStyles(page)), 'while it is open').toEqual(scrolls(before));
    await page.evaluate(() => (window as any).handle.unmount());
    expect(await ownStyles(page)).toEqual(before);
    expect(await page.evaluate(() => document.adoptedStyleSheets.length + document.head.querySelectorAll('style, link[rel=stylesheet]').length)).toBe(0);
  });
}
