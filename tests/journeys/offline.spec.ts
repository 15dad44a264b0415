import { answer, Line, NOT_SAVED, ON_DEVICE } from '../fixtures/line.ts';
import { createWorld, expect, Interview, embedOn, test } from '../fixtures/index.ts';
import { asks } from '../support/numbered.mjs';
import type { Page } from '@playwright/test';

const EIGHT = Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8].map((number) => [number, `answer ${number}`]));
const STORED = Object.entries(EIGHT).map(([number, value]) => [`q${number}`, value]);

test('ten minutes without a connection, a reload and a restart of the server: eight answers arrive once, in order', async ({ page, pages }) => {
  const world = await createWorld();
  try {
    await page.clock.install();
    const line = await Line.open(world, 12, { offlineQuestions: 8 });
    const interview = await line.embed(page, pages);
    await interview.shows(asks(1));
    line.proxy.cut();
    await answer(interview, EIGHT);
    await interview.shows(asks(9));
    await interview.shows(ON_DEVICE);
    await interview.write('the ninth, half');
    await page.clock.runFor(2_000);
    await expect.poll(() => onDevice(page, '\ndraft')).toHaveLength(1);

    await page.reload();
    await interview.shows(asks(9));
    await expect(interview.field()).toHaveValue('the ninth, half');
    await interview.shows(ON_DEVICE);
    await world.server.kill();
    await page.clock.runFor('10:00');
    await world.server.start();
    expect(await line.stored()).toEqual([]);

    line.proxy.cut(false);
    await expect
      .poll(async () => {
        await page.clock.runFor('00:30');
        return line.stored();
      })
      .toEqual(STORED);
    await interview.shows(asks(9));
    await expect(interview.field()).toHaveValue('the ninth, half');
    await interview.answer('the ninth, whole');
    await interview.shows(asks(10));
    await expect.poll(() => line.stored()).toEqual([...STORED, ['q9', 'the ninth, whole']]);
    await line.proxy.stop();
  } finally {
    await world.server.dispose();
  }
});

test('when nothing more is known in advance it says what is kept, and goes on by itself', async ({ page, pages, world }) => {
  const line = await Line.open(world, 6, { offlineQuestions: 2 });
  const interview = await line.embed(page, pages);
  await interview.shows(asks(1));
  line.proxy.cut();
  await answer(interview, { 1: 'one', 2: 'two', 3: 'three' });
  await interview.shows('Waiting for the connection');
  await interview.shows('Answers saved on this device: 3.');

  await page.reload();
  await interview.shows('Answers saved on this device: 3.');
  const retry = (await interview.button('Retry').elementHandle())!;
  line.proxy.cut(false);
  // It may have gone on by itself by now.
  await retry.evaluate((button) => (button as HTMLElement).click());
  await interview.shows(asks(4));
  await expect.poll(() => line.stored()).toEqual([['q1', 'one'], ['q2', 'two'], ['q3', 'three']]);
  await line.proxy.stop();
});

test('who presses Retry by keyboard is taken to what became of it, and on from there', async ({ page, pages, world }) => {
  const line = await Line.open(world, 3);
  const interview = await line.embed(page, pages);
  await interview.shows(asks(1));
  line.proxy.cut();
  await interview.answer('one');
  await interview.shows(ON_DEVICE);
  await interview.button('Retry').press('Enter');
  await expect(interview.root.locator('.status [role=status]')).toBeFocused();
  line.proxy.cut(false);
  await interview.shows(asks(2));
  await expect(interview.field()).toBeFocused();
  await line.proxy.stop();
});

test('a reply that takes too long does not hold anybody up', async ({ page, pages, world }) => {
  const line = await Line.open(world, 4, { offlineQuestions: 2 });
  const interview = await line.embed(page, pages);
  await interview.shows(asks(1));
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/session/answers/q1', async (route) => {
    await held;
    await route.continue();
  });
  await interview.answer('one');
  await interview.shows(asks(2));
  await interview.shows('Saving…');
  release();
  await interview.shows('Saved');
  await expect.poll(() => line.stored()).toEqual([['q1', 'one']]);
  await line.proxy.stop();
});

for (const [where, script] of [
  ['the page may not use storage', () => Object.defineProperty(window, 'indexedDB', { get: () => { throw new DOMException('no', 'SecurityError'); } })],
  ['there is no room left', () => { IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); }; }],
] as const) {
  test(`where ${where}, it works in memory and says that nothing is saved`, async ({ page, pages, world }) => {
    await page.addInitScript(script);
    const line = await Line.open(world, 4, { offlineQuestions: 1 });
    const interview = await line.embed(page, pages);
    await interview.shows(asks(1));
    line.proxy.cut();
    await interview.answer('one');
    await interview.shows(asks(2));
    await interview.shows(NOT_SAVED);
    await interview.answer('two');
    await interview.shows('Answers not saved yet: 2. Please keep this page open.');
    line.proxy.cut(false);
    await interview.shows(asks(3));
    await expect.poll(() => line.stored()).toEqual([['q1', 'one'], ['q2', 'two']]);
    await line.proxy.stop();
  });
}

test('an answer that the server refuses later is shown again with the reason, and its correction arrives first', async ({ page, pages, world }) => {
  const line = await Line.open(world, 4, { offlineQuestions: 3, pattern: '[a-z]+' });
  const interview = await line.embed(page, pages);
  await interview.shows(asks(1));
  line.proxy.cut();
  await answer(interview, { 1: 'ONE', 2: 'two' });
  await interview.shows(asks(3));
  await interview.write('thr');
  line.proxy.cut(false);

  await interview.shows(asks(1));
  await expect(interview.alert()).toBeVisible();
  await expect(interview.field()).toHaveValue('ONE');
  await interview.answer('one');
  await interview.shows(asks(3));
  await expect(interview.field()).toHaveValue('thr');
  await interview.answer('three');
  await interview.shows(asks(4));
  await expect.poll(() => line.stored()).toEqual([['q1', 'one'], ['q2', 'two'], ['q3', 'three']]);
  await line.proxy.stop();
});

/** The names of what the device keeps, of this sort. */
const onDevice = (page: Page, sort: string) =>
  page.evaluate(async (sort) => {
    const done = <Result>(request: IDBRequest<Result>) => new Promise<Result>((resolve) => (request.onsuccess = () => resolve(request.result)));
    const database = await done(indexedDB.open('interview-relay'));
    const names = await done(database.transaction('kept').objectStore('kept').getAllKeys());
    database.close();
    return names.map(String).filter((name) => name.includes(sort));
  }, sort);

test('what another tab has answered is not overwritten, and what could not be saved is said until it was read', async ({ context, page, pages, world }) => {
  const line = await Line.open(world, 4, { offlineQuestions: 3 });
  const interview = await line.embed(page, pages);
  await interview.shows(asks(1));
  line.proxy.cut();
  await answer(interview, { 1: 'from the first tab', 2: 'two' });
  await interview.shows(ON_DEVICE);

  // The other tab has a line of its own, and a storage of its own: another device.
  const other = await (await context.browser()!.newContext()).newPage();
  await embedOn(other, pages, { inviteToken: line.invite.invite_token });
  await answer(new Interview(other), { 1: 'from another device' });
  await new Interview(other).shows(asks(2));
  await other.context().close();

  line.proxy.cut(false);
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await interview.shows('These answers could not be saved:');
  await interview.shows('from the first tab');
  await expect.poll(() => line.stored()).toEqual([['q1', 'from another device'], ['q2', 'two']]);
  await page.reload();
  await interview.shows('from the first tab');
  await expect.poll(() => onDevice(page, '\nanswer ')).toHaveLength(1);
  await interview.button('OK').click();
  await expect(page.getByText('from the first tab')).toHaveCount(0);
  // Who reloads before the device has forgotten it reads it once more.
  await expect.poll(() => onDevice(page, '\nanswer ')).toEqual([]);
  await page.reload();
  await interview.shows(asks(3));
  await expect(page.getByText('from the first tab')).toHaveCount(0);
  await line.proxy.stop();
});

test('two tabs of one device send what waits once, whichever comes first', async ({ context, page, pages, world }) => {
  const line = await Line.open(world, 5, { offlineQuestions: 3 });
  const interview = await line.embed(page, pages);
  await interview.shows(asks(1));
  line.proxy.cut();
  await answer(interview, { 1: 'one', 2: 'two' });
  await interview.shows(asks(3));
  const second = await context.newPage();
  const other = await line.embed(second, pages);
  await other.shows(asks(3));
  line.proxy.cut(false);
  await expect.poll(() => line.stored()).toEqual([['q1', 'one'], ['q2', 'two']]);
  await other.answer('three');
  await other.shows(asks(4));
  await expect.poll(() => line.stored()).toEqual([['q1', 'one'], ['q2', 'two'], ['q3', 'three']]);
  await line.proxy.stop();
});

test('taken out of the page in the middle, what was typed is there when it comes back, also without a connection', async ({ page, pages, world }) => {
  const line = await Line.open(world, 3);
  const interview = await line.embed(page, pages);
  await interview.shows(asks(1));
  await interview.settled();
  line.proxy.cut();
  await interview.write('half a thought');
  await page.evaluate(() => (window as any).handles[0].unmount());
  await expect(page.locator('#interview-0 > *')).toHaveCount(0);
  await page.evaluate(() => {
    const { InterviewRelay, options, handles } = window as any;
    handles[0] = InterviewRelay.mount('#interview-0', options[0]);
  });
  await interview.shows(asks(1));
  await expect(interview.field()).toHaveValue('half a thought');
  line.proxy.cut(false);
  await interview.answer('a whole thought');
  await interview.shows(asks(2));
  await line.proxy.stop();
});

test('an invite that expires meanwhile is renewed by the page, and all that waits goes on', async ({ page, pages, world }) => {
  const line = await Line.open(world, 5, { offlineQuestions: 3 });
  const interview = await line.embed(page, pages);
  await interview.shows(asks(1));
  line.proxy.cut();
  await answer(interview, { 1: 'one', 2: 'two' });
  await interview.shows(asks(3));
  // Within the same second it is the same token.
  let renewed = line.invite.invite_token;
  await expect
    .poll(async () => (renewed = (await world.server.call('POST', `/v1/invites/${line.invite.id}/reissue`, { key: world.key, body: {} })).body.invite_token))
    .not.toBe(line.invite.invite_token);
  const error = { code: 'invite_expired', message: 'This invite has expired.', status: 410 };
  await page.route('**/v1/participant/session', async (route) => {
    // It is sent in a form before the wasm is there, and in the header by the wasm.
    const { authorization } = route.request().headers();
    const token = authorization?.replace('Bearer ', '') ?? new URLSearchParams(route.request().postData() ?? '').get('access_token');
    if (token !== line.invite.invite_token) return route.continue();
    return route.fulfill({ status: 410, headers: { 'Access-Control-Allow-Origin': '*' }, contentType: 'application/json', body: JSON.stringify({ error }) });
  });
  line.proxy.cut(false);
  await page.evaluate((token) => {
    const { InterviewRelay, options, handles } = window as any;
    (window as any).asked = 0;
    const getInviteToken = async () => ((window as any).asked += 1) && token;
    handles[0] = InterviewRelay.mount('#interview-0', { ...options[0], getInviteToken });
  }, renewed);
  await interview.shows(asks(3));
  await expect.poll(() => line.stored()).toEqual([['q1', 'one'], ['q2', 'two']]);
  expect(await page.evaluate(() => (window as any).asked)).toBe(1);
  await line.proxy.stop();
});

test('an invite that was withdrawn meanwhile says what was not sent', async ({ page, pages, world }) => {
  const line = await Line.open(world, 5, { offlineQuestions: 3 });
  const interview = await line.embed(page, pages);
  await interview.shows(asks(1));
  line.proxy.cut();
  await answer(interview, { 1: 'one' });
  await interview.shows(asks(2));
  await world.server.call('POST', `/v1/invites/${line.invite.id}/cancel`, { key: world.key });
  line.proxy.cut(false);
  await interview.shows('This invitation was withdrawn');
  await interview.shows('These answers could not be saved:');
  await expect(interview.root.getByText('one', { exact: true })).toBeVisible();
  await line.proxy.stop();
});

test('the device keeps no token, and nothing at all when the interview is over', async ({ page, pages, world }) => {
  const line = await Line.open(world, 2, { offlineQuestions: 1 });
  const interview = await line.embed(page, pages);
  const kept = () =>
    page.evaluate(async () => {
      const open = indexedDB.open('interview-relay');
      await new Promise((done) => (open.onsuccess = done));
      const all = open.result.transaction('kept').objectStore('kept');
      const [keys, values] = [all.getAllKeys(), all.getAll()];
      await new Promise((done) => (values.onsuccess = done));
      open.result.close();
      return JSON.stringify([keys.result, values.result]);
    });
  await interview.shows(asks(1));
  line.proxy.cut();
  await interview.answer('a planted answer');
  await interview.shows(asks(2));
  const before = await kept();
  expect(before).toContain('a planted answer');
  for (const part of line.invite.invite_token.split('.')) expect(before).not.toContain(part);
  expect(before).not.toMatch(/eyJ|Bearer|ir_(test|live)/);
  line.proxy.cut(false);
  await interview.shows('Saved');
  await interview.answer('two');
  await interview.shows('That was all.');
  await expect.poll(kept).toBe('[[],[]]');
  await line.proxy.stop();
});
