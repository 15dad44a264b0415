/** The screen that is drawn before the wasm is there, and how the wasm takes over. */

import AxeBuilder from '@axe-core/playwright';

import { open, pageWithButton } from '../fixtures/dialogs.ts';
import { beginsWith, FIRST, frames, holdDevice, holdWasm, isHandedOver, outline, test, watchFrames } from '../fixtures/first-screen.ts';
import { expect, Interview } from '../fixtures/index.ts';
import { WORDS } from '../fixtures/interview.ts';

const CONSENT = {
  consent: [
    { id: 'terms', version: 1, text: { en: 'My answers may be read.' }, required: true },
    { id: 'quote', version: 1, text: { en: 'My answers may be quoted.' }, required: false },
  ],
};

test.use({ contextOptions: { reducedMotion: 'reduce' } });

test.describe('what is drawn before the wasm is what the wasm draws', () => {
  for (const kind of Object.keys(FIRST).filter((kind) => kind !== 'ranking')) {
    test(kind, async ({ page, begin, embed, interview }) => {
      const letGo = await holdWasm(page);
      await embed({ inviteToken: await begin(kind), theme: { accent: '#0b6e4f' } });
      await interview.shows(`A question of the kind ${kind}?`);
      const [before, picture] = [await outline(page), await page.screenshot()];
      const seen = await watchFrames(page);
      letGo();
      await expect.poll(() => isHandedOver(page)).toBe(true);
      expect(await outline(page)).toBe(before);
      expect((await page.screenshot()).equals(picture), 'it looks the same').toBe(true);
      expect(await seen(), 'in every frame there was exactly one').toEqual(['1 screen, 1 heading']);
    });
  }

  test('the consent screen', async ({ page, begin, embed, interview }) => {
    const letGo = await holdWasm(page);
    await embed({ inviteToken: await begin('short_text', CONSENT) });
    await interview.button('Agree and continue').waitFor();
    const [before, picture] = [await outline(page), await page.screenshot()];
    letGo();
    await expect.poll(() => isHandedOver(page)).toBe(true);
    expect(await outline(page)).toBe(before);
    expect((await page.screenshot()).equals(picture), 'it looks the same').toBe(true);
  });

  test('a draft that the server has kept', async ({ page, begin, embed, interview }) => {
    const inviteToken = await begin('multi_choice');
    await embed({ inviteToken });
    await interview.tick('Choice b');
    await interview.shows('Saved');
    const letGo = await holdWasm(page);
    await page.reload();
    await interview.shows('Saved');
    const before = await outline(page);
    expect(before).toContain('true');
    letGo();
    await expect.poll(() => isHandedOver(page)).toBe(true);
    expect(await outline(page)).toBe(before);
  });

  test('an interview from right to left', async ({ page, invite, embed, interview }) => {
    const letGo = await holdWasm(page);
    await embed({ inviteToken: (await invite('camp_arabic', { locale: 'ar' })).invite_token, locale: 'ar' });
    await interview.shows('كيف تعمل؟');
    const before = await outline(page);
    expect(before).toContain('dir="rtl"');
    letGo();
    await expect.poll(() => isHandedOver(page)).toBe(true);
    expect(await outline(page)).toBe(before);
  });

  test('of a kind that only the wasm knows, the question is there already', async ({ page, begin, embed, interview }) => {
    const letGo = await holdWasm(page);
    await embed({ inviteToken: await begin('ranking') });
    await interview.shows('A question of the kind ranking?');
    await expect(interview.root.locator('form')).toHaveAttribute('aria-busy', 'true');
    letGo();
    await interview.moveUp('Choice b');
  });
});

test.describe('nothing that is done before the wasm is there is lost', () => {
  test('text, caret and focus stay, and the next keys land where they should', async ({ page, begin, embed, interview }) => {
    const letGo = await holdWasm(page);
    await embed({ inviteToken: await begin('long_text') });
    await interview.field().pressSequentially('Ada Countess');
    for (let times = 0; times < 8; times += 1) await page.keyboard.press('ArrowLeft');
    letGo();
    await expect.poll(() => isHandedOver(page)).toBe(true);
    await expect(interview.field()).toBeFocused();
    await page.keyboard.type('Lovelace, ');
    await expect(interview.field()).toHaveValue('Ada Lovelace, Countess');
    await interview.shows('Saved');
  });

  test('Enter is carried out as soon as it can be, once', async ({ page, begin, embed, interview }) => {
    const letGo = await holdWasm(page);
    const calls: string[] = [];
    page.on('request', (request) => request.url().includes('/participant/session') && calls.push(`${request.method()} ${new URL(request.url()).pathname.split('/session')[1]}`));
    await embed({ inviteToken: await begin('short_text') });
    await interview.field().fill('Ada');
    await interview.field().press('Enter');
    await interview.field().press('Enter');
    await expect(interview.root.locator('form')).toHaveAttribute('aria-busy', 'true');
    await interview.shows('Saving…');
    // What is on its way does not change any more.
    await page.keyboard.type('!');
    await expect(interview.field()).toHaveValue('Ada');
    letGo();
    await interview.shows('And what else?');
    await expect(interview.field()).toBeFocused();
    expect(calls).toEqual(['POST ', 'POST /answers/first']);
  });

  test('several ticks and a press', async ({ page, begin, embed, interview, api }) => {
    const letGo = await holdWasm(page);
    await embed({ inviteToken: await begin('multi_choice') });
    await interview.tick('Choice a');
    await interview.tick('Choice b');
    await interview.next();
    letGo();
    await interview.shows('And what else?');
    const { body } = await api('GET', '/v1/sessions?campaign_id=camp_firstmultichoice');
    // Others have opened the same campaign and answered nothing.
    const of = async ({ id }: { id: string }) => (await api('GET', `/v1/sessions/${id}/answers`)).body.data;
    const answers = (await Promise.all(body.data.map(of))).flat();
    expect(answers.map(({ value }) => value)).toEqual([['a', 'b']]);
  });

  test('one of several, and the way back to the field by keyboard', async ({ page, begin, embed, interview }) => {
    const letGo = await holdWasm(page);
    await embed({ inviteToken: await begin('rating') });
    await interview.choose('7');
    await page.keyboard.press('ArrowRight');
    letGo();
    await expect.poll(() => isHandedOver(page)).toBe(true);
    await expect(interview.root.getByRole('radio', { name: '8', exact: true })).toBeChecked();
    await expect(interview.root.getByRole('radio', { name: '8', exact: true })).toBeFocused();
    await interview.shows('Saved');
  });

  test('what was agreed to', async ({ page, begin, embed, interview }) => {
    const letGo = await holdWasm(page);
    await embed({ inviteToken: await begin('short_text', CONSENT) });
    await interview.consent();
    letGo();
    await interview.shows('A question of the kind short_text?');
  });

  test('a press that is not enough is answered by what is missing', async ({ page, begin, embed, interview }) => {
    const letGo = await holdWasm(page);
    await embed({ inviteToken: await begin('short_text', CONSENT) });
    await interview.button('Agree and continue').click();
    letGo();
    await expect(interview.alert()).toHaveText('Please agree to this to continue.');
    await interview.button('I do not agree').click();
    await expect(interview.button('End the interview')).toBeVisible();
  });

  test('leaving a question out', async ({ page, begin, embed, interview }) => {
    const letGo = await holdWasm(page);
    await embed({ inviteToken: await begin('email') });
    await interview.skip();
    letGo();
    await interview.shows('And what else?');
  });

  test('a word that is being composed is not torn apart', async ({ page, begin, embed, interview }) => {
    const letGo = await holdWasm(page);
    await embed({ inviteToken: await begin('short_text') });
    const devTools = await page.context().newCDPSession(page);
    await interview.field().focus();
    await devTools.send('Input.imeSetComposition', { text: 'にほ', selectionStart: 2, selectionEnd: 2 });
    const wasm = page.waitForResponse(/\.wasm$/);
    letGo();
    await (await wasm).finished();
    await expect.poll(() => page.evaluate(() => document.querySelector('[data-interview-relay]')!.shadowRoot!.querySelectorAll('h2').length), 'the wasm has drawn').toBe(2);
    expect(await isHandedOver(page)).toBe(false);
    await devTools.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 });
    await devTools.send('Input.insertText', { text: '日本' });
    await expect.poll(() => isHandedOver(page)).toBe(true);
    await expect(interview.field()).toHaveValue('日本');
    await expect(interview.field()).toBeFocused();
  });

  test('a pause while a word is being composed keeps it', async ({ page, begin, embed, interview }) => {
    const letGo = await holdWasm(page);
    await embed({ inviteToken: await begin('short_text') });
    const devTools = await page.context().newCDPSession(page);
    await interview.field().pressSequentially('Ada ');
    await devTools.send('Input.imeSetComposition', { text: 'にほ', selectionStart: 2, selectionEnd: 2 });
    letGo();
    await expect.poll(() => page.evaluate(() => document.querySelector('[data-interview-relay]')!.shadowRoot!.querySelectorAll('h2').length), 'the wasm has drawn').toBe(2);
    await page.evaluate(() => (window as any).handles[0].pause());
    await devTools.send('Input.insertText', { text: '日本' });
    await interview.shows('The interview is paused');
    await interview.next();
    await expect(interview.field()).toHaveValue('Ada 日本');
  });

  for (const when of ['before the wasm is there', 'after it']) {
    test(`half a date is not taken for none, ${when}`, async ({ page, begin, embed, interview }) => {
      const letGo = await holdWasm(page);
      if (when === 'after it') letGo();
      const day = { id: 'day', kind: 'date', required: false, text: { en: 'Which day?' } };
      const last = { id: 'last', kind: 'short_text', text: { en: 'And what else?' } };
      await embed({ inviteToken: await begin('date', { blocks: [{ id: 'all', questions: [day, last] }] }) });
      await interview.shows('Which day?');
      if (when === 'after it') await interview.settled();
      await interview.field().focus();
      await page.keyboard.type('0404');
      await page.keyboard.press('Enter');
      if (when === 'after it') return expect(interview.alert()).toHaveText('Please enter a complete date.');
      await interview.write('2019-04-04');
      letGo();
      await interview.next();
      await interview.shows('And what else?');
    });
  }

  test('half a date is left alone until it is whole', async ({ page, begin, embed, interview }) => {
    const letGo = await holdWasm(page);
    await embed({ inviteToken: await begin('date') });
    await interview.field().focus();
    await page.keyboard.type('0404');
    letGo();
    await expect.poll(() => page.evaluate(() => document.querySelector('[data-interview-relay]')!.shadowRoot!.querySelectorAll('h2').length), 'the wasm has drawn').toBe(2);
    expect(await isHandedOver(page)).toBe(false);
    await page.keyboard.type('201');
    // The year 201 is a year; so much time has the wasm to take it for one.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0))));
    expect(await isHandedOver(page)).toBe(false);
    await page.keyboard.type('9');
    await expect.poll(() => isHandedOver(page)).toBe(true);
    await expect(interview.field()).toHaveValue('2019-04-04');
  });

  test('a button that is held down meanwhile is still pressed', async ({ page, begin, embed, interview }) => {
    const letGo = await holdWasm(page);
    await embed({ inviteToken: await begin('short_text') });
    await interview.write('Ada');
    await interview.button(WORDS.next).hover();
    await page.mouse.down();
    letGo();
    await expect(page.locator('div[hidden] form')).toBeAttached();
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0))));
    expect(await isHandedOver(page)).toBe(false);
    await page.mouse.up();
    await interview.shows('And what else?');
    await expect.poll(() => isHandedOver(page)).toBe(true);
  });

  test('a box is still ticked by a key that is held down meanwhile', async ({ page, begin, embed, interview }) => {
    const letGo = await holdWasm(page);
    await embed({ inviteToken: await begin('short_text', CONSENT) });
    const box = interview.root.getByRole('checkbox', { name: 'My answers may be read.' }).locator('visible=true');
    await box.focus();
    await page.keyboard.down('Space');
    letGo();
    await expect(page.locator('div[hidden] form')).toBeAttached();
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0))));
    expect(await isHandedOver(page)).toBe(false);
    await page.keyboard.up('Space');
    await expect.poll(() => isHandedOver(page)).toBe(true);
    await expect(box).toBeChecked();
  });

  test('a pointer that is let go elsewhere holds nothing up', async ({ page, begin, embed, interview }) => {
    const letGo = await holdWasm(page);
    await embed({ inviteToken: await begin('short_text') });
    await interview.button(WORDS.next).hover();
    await page.mouse.down();
    letGo();
    await expect(page.locator('div[hidden] form')).toBeAttached();
    await page.mouse.move(2, 2);
    await page.mouse.up();
    await expect.poll(() => isHandedOver(page)).toBe(true);
    await interview.shows('A question of the kind short_text?');
  });

  test('taken out of the page before the wasm is there, it saves what was typed', async ({ page, begin, embed, interview }) => {
    const letGo = await holdWasm(page);
    const inviteToken = await begin('short_text');
    await embed({ inviteToken });
    await interview.write('half a sentence');
    await page.evaluate(() => (window as any).handles[0].unmount());
    await expect(page.locator('#interview-0 > *')).toHaveCount(0);
    const saved = page.waitForResponse((response) => response.url().includes('/answers/') && response.ok());
    const paused = page.waitForResponse((response) => response.url().endsWith('/pause') && response.ok());
    letGo();
    await Promise.all([saved, paused]);
    await page.reload();
    await expect(interview.field()).toHaveValue('half a sentence');
  });

  for (const [what, leave, ends] of [
    ['taken out of the page', () => (window as any).handles[0].unmount(), async ({ page }: Interview) => expect(page.locator('#interview-0 > *')).toHaveCount(0)],
    ['paused', () => (window as any).handles[0].pause(), async () => {}],
  ] as const) {
    test(`${what} while the wasm asks the device what it keeps, it saves what was typed`, async ({ page, begin, embed, interview }) => {
      // The wasm waits for it for a second, which does not pass.
      const now = Date.now();
      await page.clock.install({ time: now });
      await page.clock.pauseAt(now + 1_000);
      await page.addInitScript(holdDevice);
      const inviteToken = await begin('short_text');
      await embed({ inviteToken });
      await interview.write('half a sentence');
      await frames(page, (soon) => expect(page.locator('div[hidden] > *')).toBeAttached(soon));
      expect(await isHandedOver(page)).toBe(false);
      await page.evaluate(leave);
      await ends(interview);
      const saved = page.waitForResponse((response) => response.url().includes('/answers/') && response.ok());
      const paused = page.waitForResponse((response) => response.url().endsWith('/pause') && response.ok());
      await page.evaluate(() => (window as any).letDeviceGo());
      await Promise.all([saved, paused]);
      await page.reload();
      await frames(page, (soon) => expect(interview.field()).toHaveValue('half a sentence', soon));
    });
  }
});

// The console says what may be wrong, the page's Content-Security-Policy among it.
const failing = test.extend({ noPageErrors: async ({}, use) => use() });

failing('wasm that does not come is asked for again, and what was typed stays on screen', async ({ page, begin, embed, interview }) => {
  let attempts = 0;
  await page.route('**/*.wasm', (route) => ((attempts += 1) < 3 ? route.abort() : route.continue()));
  const failed = page.waitForEvent('requestfailed', (request) => request.url().endsWith('.wasm'));
  await embed({ inviteToken: await begin('short_text') });
  await interview.write('Ada');
  await failed;
  await page.evaluate(() => new Promise((done) => setTimeout(done)));
  expect(attempts).toBe(1);
  await interview.next();
  await interview.shows('Your answer could not be saved.');
  await expect(interview.field()).toHaveValue('Ada');
  await interview.button('Retry').click();
  await interview.shows('And what else?');
});

failing('after the wasm did not come, what is pressed then is what counts', async ({ page, begin, embed, interview }) => {
  let attempts = 0;
  await page.route('**/*.wasm', (route) => ((attempts += 1) < 3 ? route.abort() : route.continue()));
  const failed = page.waitForEvent('console', (message) => message.text().includes('could not be loaded'));
  const question = (id: string, en: string) => ({ id, kind: 'short_text', text: { en }, required: false });
  const questions = [question('first', 'What else?'), question('second', 'And what else?')];
  await embed({ inviteToken: await begin('short_text', { blocks: [{ id: 'all', questions }] }) });
  await failed;
  await interview.skip();
  await interview.shows('Your answer could not be saved.');
  await interview.write('Ada');
  const sent = page.waitForRequest((request) => request.url().includes('/session/answers/first'));
  await interview.next();
  expect((await sent).postData()).toContain('%22Ada%22');
  await interview.shows('And what else?');
});

failing('closed after the wasm did not come, what was typed is saved all the same', async ({ page, begin, embed, interview }) => {
  let isAway = true;
  await page.route('**/*.wasm', (route) => (isAway ? route.abort() : route.continue()));
  const failed = page.waitForEvent('console', (message) => message.text().includes('could not be loaded'));
  const inviteToken = await begin('short_text');
  await embed({ inviteToken });
  await interview.write('Ada');
  await failed;
  isAway = false;
  const paused = page.waitForResponse('**/session/pause');
  await page.evaluate(() => (window as any).handles[0].unmount());
  await paused;
  await embed({ inviteToken });
  await expect(interview.field()).toHaveValue('Ada');
});

failing('a browser that says nothing of its storage is no reason to wait for ever when the wasm does not come', async ({ page, begin, embed, interview }) => {
  await page.addInitScript(() => {
    IDBFactory.prototype.databases = () => new Promise(() => {});
  });
  await page.route('**/*.wasm', (route) => route.abort());
  await embed({ inviteToken: await begin('short_text') });
  await expect(interview.alert()).toHaveText('The interview could not be loaded. Please reload the page to try again.');
});

failing('of a kind that only the wasm knows, it says so when the wasm does not come', async ({ page, begin, embed, interview }) => {
  await page.route('**/*.wasm', (route) => route.abort());
  await embed({ inviteToken: await begin('ranking') });
  await expect(interview.alert()).toHaveText('The interview could not be loaded. Please reload the page to try again.');
});

failing('wasm that never comes is given up, and asked for again by the next press', async ({ page, begin, embed, interview }) => {
  let isHung = true;
  await page.route('**/*.wasm', (route) => (isHung ? undefined : route.continue()));
  await page.clock.install();
  await embed({ inviteToken: await begin('short_text') });
  await interview.answer('Ada');
  await interview.shows('Saving…');
  await page.clock.runFor(61_000);
  await interview.shows('Your answer could not be saved.');
  await interview.button('Retry').press('Enter');
  await expect(interview.root.locator('.status [role=status]'), 'the button is gone').toBeFocused();
  await page.clock.runFor(61_000);
  await interview.shows('Your answer could not be saved.');
  isHung = false;
  await interview.button('Retry').click();
  await expect.poll(async () => (await page.clock.runFor(100), page.getByText('And what else?').count())).toBeGreaterThan(0);
});

failing('without WebAssembly no question is shown that nobody can answer', async ({ page, begin, embed, interview }) => {
  await page.addInitScript(() => Reflect.deleteProperty(window, 'WebAssembly'));
  const calls: string[] = [];
  page.on('request', (request) => request.url().includes('/participant/') && calls.push(request.url()));
  await embed({ inviteToken: await begin('short_text'), isolation: 'none' });
  await expect(interview.alert()).toHaveText('The interview could not be loaded. Please reload the page to try again.');
  await page.evaluate(() => (window as any).handles[0].ready);
  expect(calls, 'no session is begun').toEqual([]);
});

failing('so is what the script needs with the wasm', async ({ page, pages, begin, interview }) => {
  const attempts: string[] = [];
  await page.route(/engine\.js/, (route) => (attempts.push(route.request().url().split('/').at(-1)!) < 2 ? route.abort() : route.continue()));
  const inviteToken = await begin('short_text');
  const failed = page.waitForEvent('requestfailed', (request) => request.url().endsWith('engine.js'));
  await page.goto(pages.serve(`<!doctype html><html lang="en"><title>A page</title><main><div id="interview-0"></div></main>
    <script src="/widget/dist/interview-relay.js"></script>
    <script>InterviewRelay.mount('#interview-0', ${JSON.stringify(inviteToken)});</script></html>`));
  await interview.write('Ada');
  await failed;
  await page.evaluate(() => new Promise((done) => setTimeout(done)));
  expect(attempts).toEqual(['engine.js']);
  await interview.next();
  await interview.shows('And what else?');
  expect(attempts, 'by another address, as a browser may remember that the first one failed').toEqual(['engine.js', 'engine.js?2']);
});

test('two on one page are drawn and taken over each for itself', async ({ page, begin, embed }) => {
  const letGo = await holdWasm(page);
  await embed({ inviteToken: await begin('short_text') }, { inviteToken: await begin('long_text') });
  const [first, second] = [new Interview(page, '#interview-0'), new Interview(page, '#interview-1')];
  await first.write('in the first');
  await second.write('in the second');
  letGo();
  await expect.poll(() => isHandedOver(page)).toBe(true);
  await expect(first.field()).toHaveValue('in the first');
  await expect(second.field()).toHaveValue('in the second');
  await expect(second.field()).toBeFocused();
});

test('taken out of the page before the wasm is there, nothing is left', async ({ page, begin, embed, interview }) => {
  const letGo = await holdWasm(page);
  await embed({ inviteToken: await begin('short_text') });
  await interview.shows('A question of the kind short_text?');
  const calls: string[] = [];
  await page.evaluate(() => (window as any).handles[0].unmount());
  page.on('request', (request) => request.url().includes('/participant/') && calls.push(request.url()));
  letGo();
  await page.evaluate(async () => (await fetch('/widget/wasm/widget_bg.wasm')).arrayBuffer());
  await expect(page.locator('#interview-0 > *')).toHaveCount(0);
  expect(calls).toEqual([]);
});

test('taken out of the page, it does not wait for the session any more', async ({ page, begin, embed }) => {
  await holdWasm(page);
  await page.route('**/v1/participant/session', () => {});
  const asked = page.waitForRequest('**/v1/participant/session');
  const ended = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/v1/participant/session'));
  await embed({ inviteToken: await begin('short_text') });
  await asked;
  await page.evaluate(() => (window as any).handles[0].unmount());
  expect((await ended).failure()?.errorText).toBe('net::ERR_ABORTED');
});

for (const mode of ['popup', 'fullpage', 'inline']) {
  test(`under a strict Content-Security-Policy it is there at once (${mode})`, async ({ page, pages, begin }) => {
    const letGo = await holdWasm(page);
    await page.goto(pages.serve(pageWithButton({ inviteToken: await begin('short_text'), mode, theme: { accent: 'rebeccapurple' } })));
    const interview = await open(page);
    await interview.shows('A question of the kind short_text?');
    // A dialog takes focus, a part of the page does not.
    if (mode !== 'inline') await expect(interview.field()).toBeFocused();
    await interview.field().pressSequentially('Ada');
    letGo();
    await expect.poll(() => isHandedOver(page)).toBe(true);
    await page.keyboard.type(' L.');
    await expect(interview.field()).toHaveValue('Ada L.');
    await page.keyboard.press('Enter');
    await interview.shows('And what else?');
    expect(await page.evaluate(() => (window as any).violations)).toEqual([]);
  });
}

test('nothing is read out twice', async ({ page, begin, embed, interview }) => {
  const letGo = await holdWasm(page);
  await embed({ inviteToken: await begin('short_text') });
  await interview.shows('A question of the kind short_text?');
  const live = interview.root.locator('[aria-live]');
  await expect(live).toHaveText('A question of the kind short_text?');
  letGo();
  await expect.poll(() => isHandedOver(page)).toBe(true);
  await expect(live, 'the question has been read out').toHaveText('');
  await interview.answer('Ada');
  await expect(live, 'the next one is read out as ever').toHaveText('And what else?');
});

test('that an answer is on its way is said by the wasm alone', async ({ page, begin, embed, interview }) => {
  await holdWasm(page);
  await embed({ inviteToken: await begin('short_text') });
  await interview.answer('Ada');
  await interview.shows('Saving…');
  await expect(interview.root.getByRole('status')).toHaveText('');
});

test.describe('where things may move', () => {
  test.use({ contextOptions: { reducedMotion: 'no-preference' } });

  test('the first screen is there at once', async ({ page, begin, embed, interview }) => {
    const movement = () => interview.root.locator('.screen').evaluate((screen) => getComputedStyle(screen).animationName);
    const letGo = await holdWasm(page);
    await embed({ inviteToken: await begin('short_text') });
    await interview.shows('A question of the kind short_text?');
    expect(await movement()).toBe('none');
    letGo();
    await expect.poll(() => isHandedOver(page)).toBe(true);
    expect(await movement()).toBe('none');
    await interview.answer('Ada');
    await interview.shows('And what else?');
    expect(await movement(), 'the next one comes in').toBe('in');
  });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`is accessible in the ${colorScheme}`, async ({ page, begin, pages }) => {
    test.setTimeout(180_000);
    await page.emulateMedia({ colorScheme });
    await holdWasm(page);
    for (const kind of [...Object.keys(FIRST), 'the consent screen']) {
      const options = { inviteToken: kind in FIRST ? await begin(kind) : await begin('short_text', CONSENT), mode: 'inline' };
      await page.goto(pages.serve(pageWithButton(options)));
      const interview = await open(page);
      await interview.root.getByRole('heading', { level: 2 }).waitFor();
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ failureSummary }) => failureSummary).join('; ')}`), kind).toEqual([]);
    }
  });
}
