import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { chromium, type Page } from '@playwright/test';

import { expectError, framed, pageWithInterview, strict, takeShort, told, violations, watchedPage } from '../fixtures/frames.ts';
import { createWorld, expect, Interview, test } from '../fixtures/index.ts';
import { LAUNCH } from '../support/browser.mjs';
import { readCampaign, root } from '../support/server.mjs';

const NOT_LOADED = 'The interview could not be loaded. Please reload the page to try again.';

/** Addresses of the participant API that were asked for; the preflights of a browser aside. */
function callsOf(page: Page): string[] {
  const calls: string[] = [];
  page.on('request', (request) => request.url().includes('/v1/participant') && calls.push(request.url()));
  return calls;
}

/** A page that has the frame without our script, and speaks to it as it likes: `greet` sends the greeting of `isolated.js`. */
const pageThatForges = (frame: string) => `<!doctype html>
<html lang="en">
  <title>A page</title>
  <body><iframe src="${frame}"></iframe></body>
  <script>
    window.answers = [];
    window.isLoaded = new Promise((done) => document.querySelector('iframe').addEventListener('load', done));
    window.greet = async (inviteToken, to = document.querySelector('iframe').contentWindow) => {
      await isLoaded;
      const channel = new MessageChannel();
      channel.port1.onmessage = ({ data }) => answers.push(data.type);
      to.postMessage({ type: 'interview-relay', inviteToken, canAsk: false, colorScheme: 'auto', theme: {}, inherited: {}, mode: 'inline' }, '*', [channel.port2]);
    };
  </script>
</html>`;

/** Waits until the frame has had the time that an answer takes: it has run a task of its own after the greeting. */
const settle = (page: Page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)))).then(() => page.frames()[1]?.evaluate(() => new Promise((done) => setTimeout(done, 0))));

test('a page that is not on the list is refused by the browser, and told what to do', async ({ context, pages, invite, world }) => {
  await world.server.importCampaign({ ...(await readCampaign('short')), id: 'camp_framedElsewhere', settings: { allowed_origins: ['https://elsewhere.example'] } });
  for (const options of [await invite('camp_framedElsewhere'), await invite('camp_short', { origin: 'https://elsewhere.example' })]) {
    const { page, console } = await watchedPage(context);
    const calls = callsOf(page);
    await page.goto(pages.serve(pageWithInterview({ inviteToken: options.invite_token, isolation: 'iframe' })));
    expect(await expectError(page)).toMatchObject({ code: 'load_failed' });
    await expect(page.getByRole('alert')).toHaveText(NOT_LOADED);
    await expect(page.locator('main iframe')).toHaveCount(0);
    expect(console.join('\n')).toContain('frame-ancestors');
    expect(console.join('\n')).toContain('`allowed_origins`');
    expect(calls).toEqual([]);
    await page.evaluate(() => (window as any).handle.unmount());
    await expect(page.locator('#interview > *')).toHaveCount(0);
  }
});

test('a page that gives no token is asked again by the person', async ({ page, pages, invite }) => {
  const { invite_token: inviteToken } = await invite('camp_short');
  await page.clock.install();
  await page.goto(pages.serve(pageWithInterview({ later: true, isolation: 'iframe' } as any)));
  await page.evaluate((token) => {
    let asked = 0;
    const answers = [() => Promise.reject(new Error('no token')), () => new Promise(() => {}), async () => token];
    (window as any).begin({ getInviteToken: () => answers[asked++]!() });
  }, inviteToken);
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('The interview cannot be reached');
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(alert).toHaveCount(0);
  await page.clock.runFor(31_000);
  await alert.getByRole('button', { name: 'Try again' }).click();
  await framed(page).shows('What is the first thing?');
  const errors = (await told(page)).filter(([name]) => name === 'error').map(([, { code }]) => code);
  expect(errors).toEqual(['token_unavailable', 'token_unavailable']);
});

test('before its language is known the frame speaks that of the page', async ({ page, pages, invite }) => {
  // As this version of the server has it.
  const script = await readFile(join(root, 'token-server/src/routes/embed.js'), 'utf8');
  await page.route('**/embed/page.js', (route) => route.fulfill({ contentType: 'text/javascript', body: script }));
  const error = { code: 'invite_expired', message: 'This invite has expired.', status: 410 };
  await page.route('**/v1/participant/session', (route) => route.fulfill({ status: 410, contentType: 'application/json', body: JSON.stringify({ error }) }));
  const { invite_token: inviteToken } = await invite('camp_short');
  await page.goto(pages.serve(pageWithInterview({ inviteToken, isolation: 'iframe' }).replace('lang="en"', 'lang="de"')));
  await framed(page).shows('Diese Einladung ist abgelaufen');
});

test('a page that is on the list may', async ({ page, pages, invite, world }) => {
  await world.server.importCampaign({ ...(await readCampaign('short')), id: 'camp_framedHere', settings: { allowed_origins: ['https://elsewhere.example', pages.url] } });
  const { invite_token: inviteToken } = await invite('camp_framedHere');
  await page.goto(pages.serve(pageWithInterview({ inviteToken }, { policy: strict(world.server.sandbox) })));
  await takeShort(framed(page));
});

test('a sandboxed page and a file are refused, though the campaign has no list', async ({ context, pages, invite, world }) => {
  const { id, invite_token } = await invite('camp_short');
  const content = pageThatForges(`${world.server.sandbox}/embed?invite=${id}`);
  const folder = await mkdtemp(join(tmpdir(), 'interviewrelay-'));
  try {
    await writeFile(join(folder, 'page.html'), content);
    const sandboxed = pages.serve(content, 'text/html', { 'Content-Security-Policy': 'sandbox allow-scripts' });
    for (const address of [sandboxed, pathToFileURL(join(folder, 'page.html')).href]) {
      const { page, console } = await watchedPage(context);
      const calls = callsOf(page);
      await page.goto(address);
      expect(await page.evaluate(() => origin)).toBe('null');
      await page.evaluate((token) => (window as any).greet(token), invite_token);
      await expect.poll(() => console.join('\n')).toContain('frame-ancestors');
      await settle(page);
      expect(await page.evaluate(() => (window as any).answers)).toEqual([]);
      expect(calls).toEqual([]);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the frame of one invite takes no token of another', async ({ page, pages, invite, world }) => {
  await world.server.importCampaign({ ...(await readCampaign('short')), id: 'camp_guarded', settings: { allowed_origins: ['https://elsewhere.example'] } });
  const [open, guarded] = [await invite('camp_short'), await invite('camp_guarded')];
  const calls = callsOf(page);
  await page.goto(pages.serve(pageThatForges(`${world.server.sandbox}/embed?invite=${open.id}`)));
  for (const token of [guarded.invite_token, 'nonsense', '', null]) await page.evaluate((token) => (window as any).greet(token), token);
  await settle(page);
  expect(await page.evaluate(() => (window as any).answers)).toEqual([]);
  expect(calls).toEqual([]);
  await page.evaluate((token) => (window as any).greet(token), open.invite_token);
  await expect.poll(() => page.evaluate(() => (window as any).answers)).toContain('hello');
});

test('the frame listens to nobody but the page around it', async ({ page, pages, invite, world }) => {
  const { id, invite_token } = await invite('camp_short');
  const frame = `${world.server.sandbox}/embed?invite=${id}`;
  const calls = callsOf(page);
  await page.goto(pages.serve(pageThatForges(frame)));
  await page.evaluate(() => (window as any).isLoaded);
  // A sibling, of the customer's own origin even.
  await page.evaluate(async (sibling) => {
    const other = document.createElement('iframe');
    other.src = sibling;
    document.body.append(other);
    await new Promise((done) => other.addEventListener('load', done));
  }, pages.serve('<!doctype html><title>Other</title><script>onmessage = () => {}</script>'));
  await page.frames().at(-1)!.evaluate((token) => {
    const { port2 } = new MessageChannel();
    window.parent.frames[0]!.postMessage({ type: 'interview-relay', inviteToken: token, canAsk: false, theme: {}, inherited: {}, mode: 'inline' }, '*', [port2]);
  }, invite_token);
  await settle(page);
  expect(calls).toEqual([]);
});

test('the page in the frame knows by itself who may have it', async ({ page, pages, invite, world }) => {
  const { id, invite_token } = await invite('camp_short', { origin: 'https://elsewhere.example' });
  // As in a browser that knows no `frame-ancestors`.
  await page.route(/\/embed\?/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': '' } });
  });
  const calls = callsOf(page);
  await page.goto(pages.serve(pageThatForges(`${world.server.sandbox}/embed?invite=${id}`)));
  await page.evaluate((token) => (window as any).greet(token), invite_token);
  await settle(page);
  await expect(page.frameLocator('iframe').getByText('This interview cannot be shown on this page.')).toBeVisible();
  expect(await page.evaluate(() => (window as any).answers)).toEqual([]);
  expect(calls).toEqual([]);
});

test('a frame that was led to another server is not given the token', async ({ context, pages, invite }) => {
  const { page } = await watchedPage(context);
  const got: string[] = [];
  page.on('request', (request) => request.url().endsWith('/got') && got.push(request.url()));
  const other = pages.serve('<!doctype html><title>Other</title><script>onmessage = () => fetch("/got")</script>');
  await page.route(/\/embed\?/, (route) => route.fulfill({ status: 302, headers: { Location: other.replace('127.0.0.1', 'localhost') } }));
  await page.goto(pages.serve(pageWithInterview({ inviteToken: (await invite('camp_short')).invite_token, isolation: 'iframe' })));
  expect(await expectError(page)).toMatchObject({ code: 'load_failed' });
  expect(got).toEqual([]);
});

test('where the remembered frame is refused, the next page tries WebAssembly again', async ({ context, pages, invite }) => {
  const { page } = await watchedPage(context);
  const options = { inviteToken: (await invite('camp_short')).invite_token };
  const headers = { 'Content-Security-Policy': "frame-src 'none'" };
  const address = pages.serve(pageWithInterview(options), 'text/html', headers);
  await page.goto(address);
  await page.evaluate(() => sessionStorage.setItem('interview-relay-isolation', 'iframe'));
  await page.goto(address);
  expect(await expectError(page)).toMatchObject({ code: 'load_failed' });
  await page.goto(address);
  await new Interview(page).shows('What is the first thing?');
});

test('alone, without a page around it, the frame shows no interview', async ({ page, invite, world }) => {
  const { id } = await invite('camp_short');
  await page.goto(`${world.server.sandbox}/embed?invite=${id}`);
  await expect(page.getByText('This interview cannot be shown on this page.')).toBeVisible();
});

test('what others post to the page moves nothing', async ({ page, pages, invite }) => {
  await page.goto(pages.serve(pageWithInterview({ inviteToken: (await invite('camp_short')).invite_token, isolation: 'iframe', mode: 'popup' })));
  await framed(page).shows('What is the first thing?');
  // The question is on the screen before the page has been told so.
  const names = async () => (await told(page)).map(([name]) => name);
  await expect.poll(names).toEqual(['ready']);
  const address = page.url();
  await page.evaluate(async () => {
    const forged = [
      { type: 'event', name: 'complete', detail: {} },
      { type: 'escape' },
      { type: 'height', height: 7 },
      { type: 'navigate', url: 'https://evil.example/' },
      { type: 'ask' },
      { type: 'left' },
    ];
    const other = document.createElement('iframe');
    document.body.append(other);
    for (const message of forged) {
      window.postMessage(message, '*');
      (other.contentWindow as any).parent.postMessage(message, '*');
      (other.contentWindow as any).eval(`parent.postMessage(${JSON.stringify(message)}, '*')`);
    }
    await new Promise((done) => setTimeout(done, 0));
  });
  expect(await names()).toEqual(['ready']);
  expect(page.url()).toBe(address);
  await expect(page.getByRole('dialog')).toBeVisible();
  await takeShort(framed(page));
  expect((await names()).filter((name) => name === 'complete')).toHaveLength(1);
});

test('without the server in frame-src it says so at once', async ({ context, pages, invite, world }) => {
  const { page, console } = await watchedPage(context);
  const policy = strict('https://elsewhere.example');
  await page.goto(pages.serve(pageWithInterview({ inviteToken: (await invite('camp_short')).invite_token }, { policy })));
  expect(await expectError(page)).toMatchObject({ code: 'load_failed' });
  await expect(page.getByRole('alert')).toHaveText(NOT_LOADED);
  expect(console.join('\n')).toContain(`Add ${world.server.sandbox} to frame-src`);
});

test('a server that is away leaves no hole in the page', async ({ context, pages }) => {
  const { page } = await watchedPage(context);
  const world = await createWorld();
  try {
    const { body } = await world.server.call('POST', '/v1/invites', { key: world.key, body: { campaign_id: 'camp_short' } });
    await world.server.kill();
    await page.goto(pages.serve(pageWithInterview({ inviteToken: body.invite_token, isolation: 'iframe', mode: 'popup' })));
    expect(await expectError(page)).toMatchObject({ code: 'load_failed' });
    await expect(page.getByRole('dialog').or(page.getByRole('alert')).getByText(NOT_LOADED)).toBeVisible();
    await world.server.start();
    await page.evaluate(() => (window as any).handle.unmount());
    await page.evaluate(() => (window as any).begin());
    await framed(page).shows('What is the first thing?');
  } finally {
    await world.server.dispose();
  }
});

test('a cancelled invite has no frame', async ({ context, pages, invite, api }) => {
  const { id, invite_token } = await invite('camp_short');
  await api('POST', `/v1/invites/${id}/cancel`);
  const { page } = await watchedPage(context);
  await page.goto(pages.serve(pageWithInterview({ inviteToken: invite_token, isolation: 'iframe' })));
  expect(await expectError(page)).toMatchObject({ code: 'load_failed' });
});

test('an API key in place of a token goes nowhere', async ({ page, pages, invite, world }) => {
  const requested: string[] = [];
  page.on('request', (request) => requested.push(request.url()));
  await page.goto(pages.serve(pageWithInterview({ inviteToken: (await invite('camp_short')).invite_token, isolation: 'iframe', later: true })));
  const key = world.key;
  expect(await page.evaluate((key) => { try { (window as any).begin({ inviteToken: key }); return null; } catch (error) { return (error as Error).message; } }, key)).toMatch(/Never put an API key in a page/);
  await page.evaluate((key) => void (window as any).begin({ inviteToken: undefined, getInviteToken: async () => key }), key);
  expect(await expectError(page)).toMatchObject({ code: 'unauthorized' });
  expect(requested.filter((url) => url.startsWith(world.server.sandbox))).toEqual([]);
});

test("with isolation 'none' there is never a frame", async ({ context, pages, invite, world }) => {
  const { page } = await watchedPage(context);
  await page.goto(pages.serve(pageWithInterview({ inviteToken: (await invite('camp_short')).invite_token, isolation: 'none' }, { policy: `connect-src 'self'; ${strict(world.server.sandbox)}` })));
  expect(await expectError(page)).toMatchObject({ code: 'load_failed' });
  await expect(page.locator('iframe')).toHaveCount(0);
  expect((await violations(page)).length).toBeGreaterThan(0);
});

test('an isolation that does not exist is refused', async ({ page, pages, invite }) => {
  await page.goto(pages.serve(pageWithInterview({ inviteToken: (await invite('camp_short')).invite_token, later: true })));
  const message = await page.evaluate(() => { try { (window as any).begin({ isolation: true }); return null; } catch (error) { return (error as Error).message; } });
  expect(message).toContain('auto, iframe, none');
});

test('with third-party cookies and all storage blocked the interview completes, and there is no cookie', async ({ pages, invite, world }) => {
  const browser = await chromium.launch({ ...LAUNCH, args: [...LAUNCH.args, '--test-third-party-cookie-phaseout'] });
  try {
    const context = await browser.newContext();
    await context.addInitScript(() => {
      for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) {
        Object.defineProperty(window, name, { get() { throw new DOMException('Storage is blocked.', 'SecurityError'); } });
      }
    });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    // Another site than the server's, not only another origin.
    const headers = { 'Content-Security-Policy': strict(world.server.sandbox) };
    const address = pages.serve(pageWithInterview({ inviteToken: (await invite('camp_short')).invite_token }), 'text/html', headers);
    await page.goto(address.replace('127.0.0.1', 'localhost'));
    await takeShort(framed(page));
    // What cannot be stored is remembered by the page at least.
    await page.evaluate((inviteToken) => (window as any).begin({ inviteToken }), (await invite('camp_short')).invite_token);
    await framed(page).shows('What is the first thing?');
    expect((await violations(page)).length).toBe(1);
    expect(await context.cookies()).toEqual([]);
    expect(problems).toEqual([]);
  } finally {
    await browser.close();
  }
});
