import AxeBuilder from '@axe-core/playwright';

import { bundle, pageWithScript } from '../fixtures/bundle.ts';
import { framed, pageWithInterview, strict, takeShort, told, violations, watchedPage } from '../fixtures/frames.ts';
import { expect, Interview, test } from '../fixtures/index.ts';
import { readCampaign } from '../support/server.mjs';

const short = async (invite: any, options = {}) => ({ inviteToken: (await invite('camp_short')).invite_token, ...options });

test("where the page's own policy forbids WebAssembly the interview runs in a frame, and breaks no rule of it", async ({ page, pages, invite, world }) => {
  const requested: string[] = [];
  page.on('request', (request) => requested.push(request.url()));
  await page.goto(pages.serve(pageWithInterview(await short(invite), { policy: strict(world.server.sandbox) })));
  await takeShort(framed(page));
  expect(await violations(page)).toEqual([]);
  expect(requested.filter((url) => url.startsWith(pages.url) && url.endsWith('.wasm'))).toEqual([]);
  expect(new Set(requested.map((url) => new URL(url).origin))).toEqual(new Set([pages.url, world.server.sandbox]));
  const token: string = await page.evaluate(() => (window as any).options.inviteToken);
  expect(requested.filter((url) => url.includes(token))).toEqual([]);
  expect(world.server.log).not.toContain(token);
});

for (const [what, more] of [
  ['WebAssembly', "connect-src 'self'; "],
  ['the wasm file', ''],
]) test(`where a header forbids ${what} it is broken once at most, and by the next pages of the tab not at all`, async ({ context, pages, invite, world }) => {
  const { page, console } = await watchedPage(context);
  const headers = { 'Content-Security-Policy': more + strict(world.server.sandbox) };
  await page.goto(pages.serve(pageWithInterview(await short(invite)), 'text/html', headers));
  await takeShort(framed(page));
  expect((await violations(page)).length).toBeLessThanOrEqual(1);
  await page.evaluate(() => (window as any).handle.unmount());
  await page.evaluate((options) => (window as any).begin(options), await short(invite));
  await framed(page).shows('What is the first thing?');
  expect((await violations(page)).length, 'the same page asks no more').toBeLessThanOrEqual(1);

  console.length = 0;
  await page.goto(pages.serve(pageWithInterview(await short(invite)), 'text/html', headers));
  await takeShort(framed(page));
  expect(await violations(page)).toEqual([]);
  expect(console.filter((text) => /Content.Security.Policy/i.test(text))).toEqual([]);
});

test('by choice it is in a frame from the start, and a policy in a header is never broken', async ({ page, pages, invite, world }) => {
  const headers = { 'Content-Security-Policy': strict(world.server.sandbox) };
  await page.goto(pages.serve(pageWithInterview(await short(invite, { isolation: 'iframe' })), 'text/html', headers));
  await takeShort(framed(page));
  expect(await violations(page)).toEqual([]);
});

test('the script build and the one with the wasm inside do it too', async ({ page, pages, invite, world }) => {
  for (const script of [
    '<script nonce="page" src="/widget/dist/interview-relay.js"></script><script nonce="page">InterviewRelay.mount("#interview", options)</script>',
    '<script nonce="page" type="module">import { mount } from "/widget/dist/inline.js"; mount("#interview", options)</script>',
  ]) {
    const policy = `<meta http-equiv="Content-Security-Policy" content="${strict(world.server.sandbox)}">`;
    const options = `<script nonce="page">window.options = ${JSON.stringify(await short(invite))}</script>`;
    await page.goto(pages.serve(`<!doctype html><html lang="en"><head>${policy}<title>A page</title></head><body><main><div id="interview"></div></main>${options}${script}</body></html>`));
    await takeShort(framed(page));
  }
});

test('the page is told the same, in the same order, as without a frame', async ({ page, pages, invite }) => {
  const runs = [];
  for (const isolation of ['none', 'iframe']) {
    await page.goto(pages.serve(pageWithInterview(await short(invite, { isolation }))));
    await takeShort(isolation === 'iframe' ? framed(page) : new Interview(page));
    await page.evaluate(() => (window as any).handle.unmount());
    runs.push(await told(page));
  }
  expect(runs[1]).toEqual(runs[0]);
  expect(runs[0]!.map(([name]: [string, unknown]) => name)).toEqual(['ready', 'start', 'answer', 'answer', 'answer', 'complete', 'close']);
});

test('without a frame none of its code is loaded', async ({ page, pages, invite, interview }) => {
  const requested: string[] = [];
  page.on('request', (request) => requested.push(request.url()));
  await page.goto(pages.serve(pageWithInterview(await short(invite))));
  await interview.shows('What is the first thing?');
  expect(requested.filter((url) => /isolated|embed/.test(url))).toEqual([]);
});

test('the frame is as high as what is in it, whatever that is', async ({ page, pages, invite }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto(pages.serve(pageWithInterview({ inviteToken: (await invite()).invite_token, isolation: 'iframe' })));
  const interview = framed(page);
  await interview.shows('My answers may be read by the research team.');
  const fits = () =>
    expect
      .poll(async () => {
        const inside = await page.frames()[1]!.evaluate(() => Math.ceil(document.body.getBoundingClientRect().height));
        const outside = await page.locator('main iframe').evaluate((frame) => frame.getBoundingClientRect().height);
        const width = await page.frames()[1]!.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        return { difference: outside - inside, width };
      })
      .toEqual({ difference: 0, width: 0 });
  await fits();
  const before = await page.locator('main iframe').evaluate((frame) => frame.getBoundingClientRect().height);
  await interview.consent();
  await interview.next();
  await interview.answer('Ada');
  await interview.shows('What best describes your work, Ada?');
  await fits();
  expect(await page.locator('main iframe').evaluate((frame) => frame.getBoundingClientRect().height)).not.toBe(before);
});

test('the theme and the direction reach into the frame', async ({ page, pages, invite }) => {
  const head = '<style>#interview { --interview-relay-radius: 3px; --interview-relay-text: rgb(1, 2, 3) } iframe { display: none !important; width: 7px !important }</style>';
  const options = { inviteToken: (await invite('camp_arabic', { locale: 'ar' })).invite_token, isolation: 'iframe', mode: 'popup', theme: { colorScheme: 'dark', accent: 'rgb(4, 5, 6)' } };
  await page.goto(pages.serve(pageWithInterview(options, { head })));
  const interview = framed(page);
  const heading = interview.root.getByRole('heading', { name: 'كيف تعمل؟' });
  await expect(heading).toBeVisible();
  await interview.settled();
  const root = interview.root.locator('[part~=root]:visible');
  expect(await root.evaluate((element) => getComputedStyle(element).color)).toBe('rgb(1, 2, 3)');
  expect(await root.evaluate((element) => getComputedStyle(element).getPropertyValue('--accent').trim())).toBe('rgb(4, 5, 6)');
  await expect(root).toHaveAttribute('data-scheme', 'dark');
  await expect(page.getByRole('dialog')).toHaveAttribute('dir', 'rtl');
});

test("a pop-up has the colours of the campaign's theme", async ({ page, pages, invite, world }) => {
  const settings = { theme: { background: 'rgb(250, 240, 230)' } };
  await world.server.importCampaign({ ...(await readCampaign('short')), id: 'camp_coloured', settings });
  await page.goto(pages.serve(pageWithInterview({ inviteToken: (await invite('camp_coloured')).invite_token, isolation: 'iframe', mode: 'popup' })));
  await framed(page).shows('What is the first thing?');
  await expect(page.getByRole('dialog')).toHaveCSS('background-color', settings.theme.background);
});

test('a pop-up with a frame has focus inside, closes with Escape, and keeps what was typed', async ({ page, pages, invite, world }) => {
  const options = await short(invite, { mode: 'popup', isolation: 'iframe', later: true });
  await page.goto(pages.serve(pageWithInterview(options, { policy: strict(world.server.sandbox) })));
  const begin = page.getByRole('button', { name: 'Begin' });
  await begin.click();
  const interview = framed(page);
  await interview.shows('What is the first thing?');
  await expect(interview.field()).toBeFocused();
  await expect.poll(async () => (await told(page)).map(([name]) => name)).toEqual(['ready']);
  const draft = page.waitForResponse((response) => response.url().includes('/answers/') && response.ok());
  await page.keyboard.type('half a sentence');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(begin).toBeFocused();
  await draft;
  await expect(page.locator('#interview > *')).toHaveCount(0);
  expect((await told(page)).map(([name]) => name)).toEqual(['ready', 'start', 'close']);

  await begin.click();
  await expect(framed(page).field()).toHaveValue('half a sentence');
  await page.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('a full page with a frame stays when Escape is pressed', async ({ page, pages, invite }) => {
  await page.goto(pages.serve(pageWithInterview(await short(invite, { mode: 'fullpage', isolation: 'iframe' }))));
  const interview = framed(page);
  await expect(interview.field()).toBeFocused();
  await page.keyboard.press('Escape');
  await takeShort(interview);
  await expect(page.getByRole('dialog')).toHaveCount(1);
  await page.evaluate(() => (window as any).handle.unmount());
  await expect(page.locator('#interview > *')).toHaveCount(0);
});

test('unmounted, what is typed is saved and nothing is left; so it is when the page takes the element away', async ({ page, pages, invite, api }) => {
  await page.goto(pages.serve(pageWithInterview(await short(invite, { isolation: 'iframe' }))));
  const status = async () => (await api('GET', '/v1/sessions')).body.data[0].status;
  for (const [text, leave] of [
    ['by the handle', () => (window as any).handle.unmount()],
    ['by the page', () => document.querySelector('#interview')!.replaceChildren()],
  ] as const) {
    await framed(page).shows('What is the first thing?');
    await framed(page).write(text);
    await page.evaluate(leave);
    await expect(page.locator('#interview > *')).toHaveCount(0);
    if (text === 'by the handle') await expect.poll(status).toBe('paused');
    // What the frame has sent while it was taken away arrives when it does.
    await expect(async () => {
      await page.evaluate(() => (window as any).begin());
      await framed(page).shows('What is the first thing?');
      expect(await framed(page).field().inputValue()).toBe(text);
    }).toPass({ timeout: 15_000 });
  }
});

test('pause() saves and pauses in the frame, also before it is there', async ({ page, pages, invite }) => {
  await page.goto(pages.serve(pageWithInterview(await short(invite, { isolation: 'iframe' }))));
  const interview = framed(page);
  await interview.shows('What is the first thing?');
  await page.evaluate(() => (window as any).handle.pause());
  await interview.shows('The interview is paused');
  await interview.next();
  await interview.shows('What is the first thing?');
  await page.evaluate(() => (window as any).begin().pause());
  await interview.shows('The interview is paused');
});

test('thirty frames leave nothing behind', async ({ page, pages, invite }) => {
  await page.goto(pages.serve(pageWithInterview(await short(invite, { isolation: 'iframe', later: true }))));
  const { before, after } = await page.evaluate(async () => {
    const nodes = () => document.querySelectorAll('*').length;
    const before = nodes();
    for (let times = 0; times < 30; times += 1) {
      const handle = (window as any).begin();
      if (times % 10 === 9) await handle.ready;
      handle.unmount();
    }
    const start = performance.now();
    while (nodes() !== before && performance.now() - start < 5_000) await new Promise(requestAnimationFrame);
    return { before, after: nodes() };
  });
  expect(after).toBe(before);
  expect(page.frames()).toHaveLength(1);
});

test('an end that leads elsewhere takes the whole page there, by itself and by its link', async ({ page, pages, invite, world }) => {
  const goal = pages.serve('<!doctype html><title>Thanks</title><h1>Thank you</h1>');
  const campaign = { ...(await readCampaign('short')), id: 'camp_leading' };
  for (const end of campaign.guide.ends) end.redirect_url = goal;
  await world.server.importCampaign(campaign);
  for (const follow of [async () => {}, async () => framed(page).root.getByRole('link').click()]) {
    await page.goto(pages.serve(pageWithInterview({ inviteToken: (await invite('camp_leading')).invite_token, isolation: 'iframe' })));
    await takeShort(framed(page));
    await follow();
    await page.waitForURL(goal, { timeout: 15_000 });
    await expect(page.getByRole('heading', { name: 'Thank you' })).toBeVisible();
  }
});

test('a token that the page gives later is handed to the frame; one of another invite gets another frame', async ({ page, pages, invite }) => {
  const { invite_token: other } = await invite('camp_short');
  const options = await short(invite, { isolation: 'iframe', later: true });
  const error = { code: 'invite_expired', message: 'Expired.', status: 410 };
  let refusals = 1;
  await page.route('**/v1/participant/session', (route) =>
    refusals-- > 0 ? route.fulfill({ status: 410, contentType: 'application/json', body: JSON.stringify({ error }) }) : route.continue(),
  );
  await page.goto(pages.serve(pageWithInterview(options)));
  for (const token of [options.inviteToken, other]) {
    refusals = 1;
    await page.evaluate((token) => (window as any).begin({ getInviteToken: async () => token }), token);
    await framed(page).shows('What is the first thing?');
    const claims = JSON.parse(atob(token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/')));
    expect(page.frames().at(-1)!.url()).toContain(claims.jti);
  }
});

test('it is accessible as a frame, and in a pop-up', async ({ page, pages, invite }) => {
  for (const mode of ['inline', 'popup']) {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto(pages.serve(pageWithInterview(await short(invite, { isolation: 'iframe', mode }))));
    await framed(page).shows('What is the first thing?');
    await expect(page.locator('main iframe')).toHaveAttribute('title', 'Interview');
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join()}`), mode).toEqual([]);
  }
});

test('the element and the React component take the option too', async ({ page, pages, invite }) => {
  const { invite_token } = await invite('camp_short');
  const element = pages.serve("import '/widget/element.js';", 'text/javascript');
  await page.goto(pages.serve(pageWithScript(element, `<interview-relay invite-token="${invite_token}" isolation="iframe"></interview-relay>`)));
  await framed(page).shows('What is the first thing?');
  const source = `
    import { createRoot } from 'react-dom/client';
    import { Interview } from '@interviewrelay/widget/react';
    createRoot(document.getElementById('app')).render(<Interview inviteToken=${JSON.stringify(invite_token)} isolation="iframe" wasmUrl="/nowhere.wasm" />);`;
  await page.goto(pages.serve(pageWithScript(pages.serve(await bundle(source), 'text/javascript'))));
  await framed(page).shows('What is the first thing?');
});

test('who writes in the page meanwhile goes on there when the next question comes into the frame', async ({ page, pages, invite }) => {
  let letGo = () => {};
  const held = new Promise<void>((done) => (letGo = done));
  await page.route('**/v1/participant/session/answers/**', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(pages.serve(pageWithInterview(await short(invite, { isolation: 'iframe' }))));
  const interview = framed(page);
  await interview.shows('What is the first thing?');
  await interview.answer('one');
  await page.evaluate(() => document.querySelector('main')!.append(document.createElement('input')));
  const own = page.locator('main > input');
  await own.focus();
  await page.keyboard.type('ab');
  letGo();
  await interview.shows('What is the second thing?');
  await page.keyboard.type('cd');
  await expect(own).toHaveValue('abcd');
  await expect(own).toBeFocused();
  await interview.field().click();
  await page.keyboard.type('two');
  await expect(interview.field()).toHaveValue('two');
});
