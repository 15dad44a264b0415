/** `POST /session`: by whom it is made, when, and how often. */

import { holdWasm, test } from '../fixtures/first-screen.ts';
import { expect, Interview } from '../fixtures/index.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

test.describe('the session', () => {
  const starts = async (page: import('@playwright/test').Page) => {
    const made: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && request.url().endsWith('/participant/session') && made.push(request.postData() ?? ''));
    return made;
  };

  test('is begun beside the wasm, once', async ({ page, begin, embed, interview }) => {
    const made = await starts(page);
    const letGo = await holdWasm(page);
    const inviteToken = await begin('short_text');
    await embed({ inviteToken, locale: 'en' });
    await interview.shows('A question of the kind short_text?');
    expect(made).toEqual([`access_token=${inviteToken}&locale=en`]);
    letGo();
    await interview.answer('Ada');
    await interview.shows('And what else?');
    expect(made).toHaveLength(1);
  });

  test('is held without a preflight, which would be one more round trip for each question', async ({ page, world, begin, embed, interview }) => {
    const devtools = await page.context().newCDPSession(page);
    const preflights: string[] = [];
    devtools.on('Network.requestWillBeSent', ({ request }) => request.method === 'OPTIONS' && preflights.push(request.url));
    await devtools.send('Network.enable');
    await embed({ inviteToken: await begin('short_text') });
    await interview.write('Ada');
    await interview.shows('Saved');
    await interview.next();
    await interview.shows('And what else?');
    await interview.answer('Lovelace');
    await interview.shows('That was all.');
    expect(preflights).toEqual([]);
    // They would have been seen.
    await page.evaluate((base) => fetch(`${base}/v1/participant/session`, { headers: { Authorization: 'Bearer x' } }), world.server.sandbox);
    expect(preflights).toHaveLength(1);
  });

  test('takes an answer that is too long for a form', async ({ page, begin, embed, interview, api }) => {
    // In a form each of these has twelve bytes, all of them more than the server reads.
    const novel = '😀'.repeat(100_000);
    const questions = ['long_text', 'short_text'].map((kind, index) => ({ id: kind, kind, text: { en: ['A novel?', 'And what else?'][index] }, ...(index === 0 && { validate: { max_length: 100_000 } }) }));
    await embed({ inviteToken: await begin('long_text', { blocks: [{ id: 'all', questions }] }) });
    await interview.answer(novel);
    await interview.shows('And what else?');
    const { body: sessions } = await api('GET', '/v1/sessions?limit=1');
    const { body: answers } = await api('GET', `/v1/sessions/${sessions.data[0].id}/answers`);
    expect(answers.data[0].value === novel, 'all of it is stored').toBe(true);
  });

  test.describe('that the page has begun', () => {
    /** A page that makes the call by itself; `change` is what it does with the response before it hands it over, `rest` what it does then. */
    const pageThatBegins = (inviteToken: string, api: string, change = '', rest = '') => `<!doctype html>
      <html lang="en"><head><title>A customer's page</title></head><body><main><h1>A customer's page</h1><div id="interview-0"></div></main>
      <script type="module">
        import { InterviewRelay } from '/widget/index.js';
        const inviteToken = ${JSON.stringify(inviteToken)};
        const body = new URLSearchParams({ access_token: inviteToken });
        const session = fetch(${JSON.stringify(`${api}/v1/participant/session`)}, { method: 'POST', body })${change};
        InterviewRelay.mount('#interview-0', { inviteToken, session });
        ${rest}
      </script></body></html>`;

    test('is not begun again', async ({ page, pages, world, begin, interview }) => {
      const made = await starts(page);
      const inviteToken = await begin('short_text');
      await page.goto(pages.serve(pageThatBegins(inviteToken, world.server.sandbox)));
      await interview.answer('Ada');
      await interview.shows('And what else?');
      expect(made).toEqual([`access_token=${inviteToken}`]);
    });

    test('is not waited for with anything that moves, when its reply is here already', async ({ page, pages, world, begin, interview }) => {
      // However slow this machine is: the tenth of a second that nothing is shown for is not over.
      const reply = `;
        await session;
        const { setTimeout } = window;
        window.setTimeout = (then, ms) => (ms === 100 ? 0 : setTimeout(then, ms));`;
      const watch = `
        window.seen = [];
        const { shadowRoot } = document.querySelector('[data-interview-relay]');
        const look = () => seen.push(...[...shadowRoot.querySelectorAll('.spinner, h2')].map(({ localName }) => localName));
        look();
        new MutationObserver(look).observe(shadowRoot, { childList: true, subtree: true });`;
      const letGo = await holdWasm(page);
      await page.goto(pages.serve(pageThatBegins(await begin('short_text'), world.server.sandbox, reply, watch)));
      await interview.shows('A question of the kind short_text?');
      expect(await page.evaluate(() => [...new Set((window as any).seen)])).toEqual(['h2']);
      letGo();
      await interview.answer('Ada');
      await interview.shows('And what else?');
    });

    test('keeps its question on screen when the time to show its coming is over', async ({ page, pages, world, begin, interview }) => {
      await holdWasm(page);
      await page.goto(pages.serve(pageThatBegins(await begin('short_text'), world.server.sandbox)));
      await interview.shows('A question of the kind short_text?');
      // What was to happen after as long, and was asked for earlier, has happened then.
      await page.evaluate(() => new Promise((done) => setTimeout(done, 100)));
      await interview.shows('A question of the kind short_text?');
      await expect(interview.root.locator('.spinner')).toHaveCount(0);
    });

    test('is seen to be on its way, when it takes long', async ({ page, pages, world, begin, interview }) => {
      let letGo = () => {};
      const held = new Promise<void>((done) => (letGo = done));
      await page.route('**/v1/participant/session', async (route) => {
        await held;
        await route.continue();
      });
      await page.goto(pages.serve(pageThatBegins(await begin('short_text'), world.server.sandbox)));
      await interview.shows('Loading');
      letGo();
      await interview.shows('A question of the kind short_text?');
    });

    for (const [what, change] of [
      ['whose response was read already', '.then(async (response) => (await response.text(), response))'],
      ['whose call failed', ".then(() => Promise.reject(new TypeError('Failed to fetch')))"],
      ['whose response is none', '.then(() => ({}))'],
    ]) {
      test(`and ${what} is begun by the wasm`, async ({ page, pages, world, begin, interview }) => {
        const made = await starts(page);
        await page.goto(pages.serve(pageThatBegins(await begin('short_text'), world.server.sandbox, change)));
        await interview.answer('Ada');
        await interview.shows('And what else?');
        expect(made).toHaveLength(2);
      });
    }
  });

  test('that could not be begun is begun by the wasm', async ({ page, begin, embed, interview }) => {
    let attempts = 0;
    await page.route('**/v1/participant/session', (route) => ((attempts += 1) === 1 ? route.abort() : route.continue()));
    await embed({ inviteToken: await begin('short_text') });
    await interview.answer('Ada');
    await interview.shows('And what else?');
    expect(attempts).toBe(2);
  });

  test('that is refused is told by the wasm, without asking again', async ({ page, api, invite, embed, interview }) => {
    const made = await starts(page);
    const { id, invite_token: inviteToken } = await invite('camp_short');
    expect((await api('POST', `/v1/invites/${id}/cancel`)).status).toBe(200);
    await embed({ inviteToken });
    await interview.shows('This invitation was withdrawn');
    expect(made).toHaveLength(1);
  });

  test.describe('of a page that gives its token when it is asked', () => {
    /** `answer` is what `getInviteToken` does, `rest` what the page does after `mount`. */
    const pageThatIsAsked = (answer: string, rest = '') => `<!doctype html>
      <html lang="en"><title>Later</title><main><div id="box"></div></main><script type="module">
        import { mount } from '/widget/index.js';
        window.asked = 0;
        const getInviteToken = () => ((window.asked += 1), ${answer});
        const handle = mount('#box', { getInviteToken });
        ${rest}
      </script></html>`;
    const asked = (page: import('@playwright/test').Page) => page.evaluate(() => (window as any).asked);

    test('is begun beside the wasm, and the page is asked once', async ({ page, pages, begin }) => {
      const [made, letGo] = [await starts(page), await holdWasm(page)];
      const token = await begin('short_text');
      await page.goto(pages.serve(pageThatIsAsked(`Promise.resolve(${JSON.stringify(token)})`)));
      const interview = new Interview(page);
      await interview.shows('A question of the kind short_text?');
      await interview.field().fill('Ada');
      letGo();
      await interview.next();
      await interview.shows('And what else?');
      expect(made).toEqual([`access_token=${token}`]);
      expect(await asked(page)).toBe(1);
    });

    test('is begun by the wasm when that is here before the token', async ({ page, pages, begin }) => {
      const made = await starts(page);
      await page.goto(pages.serve(pageThatIsAsked('new Promise((give) => (window.give = give))')));
      await page.waitForFunction(() => document.querySelector('[data-interview-relay]')!.shadowRoot!.querySelectorAll('.ir').length === 2);
      await page.evaluate((token) => (window as any).give(token), await begin('short_text'));
      await new Interview(page).answer('Ada');
      await new Interview(page).shows('And what else?');
      expect(made).toHaveLength(1);
      expect(await asked(page)).toBe(1);
    });

    test('is begun with another one, when the first has never come', async ({ page, pages, begin }) => {
      const token = JSON.stringify(await begin('short_text'));
      await page.clock.install();
      await page.goto(pages.serve(pageThatIsAsked(`window.asked === 1 ? new Promise(() => {}) : Promise.resolve(${token})`)));
      await page.waitForFunction(() => document.querySelector('[data-interview-relay]')!.shadowRoot!.querySelectorAll('.ir').length === 2);
      await page.clock.fastForward(31_000);
      const interview = new Interview(page);
      await interview.button('Try again').click();
      await interview.answer('Ada');
      await interview.shows('And what else?');
    });

    test('is begun by the person when the page had none at first', async ({ page, pages, begin }) => {
      const [made, letGo] = [await starts(page), await holdWasm(page)];
      const token = JSON.stringify(await begin('short_text'));
      await page.goto(pages.serve(pageThatIsAsked(`window.asked === 1 ? Promise.reject(new Error('no token')) : Promise.resolve(${token})`)));
      letGo();
      const interview = new Interview(page);
      await interview.button('Try again').click();
      await interview.answer('Ada');
      await interview.shows('And what else?');
      expect(made).toHaveLength(1);
      expect(await asked(page)).toBe(2);
    });

    test('is not begun with an API key, which goes nowhere', async ({ page, pages }) => {
      const key = ['ir_live', 'sk_looks_like_a_key'].join('_');
      const sent: string[] = [];
      page.on('request', (request) => sent.push(`${request.url()} ${request.postData()}`));
      await page.goto(pages.serve(pageThatIsAsked(`Promise.resolve(${JSON.stringify(key)})`).replace('{ getInviteToken }', "{ getInviteToken, apiBase: location.origin }")));
      await new Interview(page).shows('This link does not work');
      expect(sent.filter((one) => one.includes(key))).toEqual([]);
    });

    test('does not ask a page that has taken the interview away in the same breath', async ({ page, pages }) => {
      await page.goto(pages.serve(pageThatIsAsked("Promise.resolve('never')", 'handle.unmount(); await handle.ready; window.isOver = true;')));
      await page.waitForFunction(() => (window as any).isOver);
      expect(await asked(page)).toBe(0);
    });
  });
});
