/** Answers and files that are given without a connection, together. */

import { createWorld, embedOn, expect, test as base, type World } from '../fixtures/index.ts';
import { Line } from '../fixtures/line.ts';
import { download, file, keptOnDevice, MediaInterview, sha256, WITH_DEVICES } from '../fixtures/media.ts';
import { readCampaign } from '../support/server.mjs';

const MIB = 1024 * 1024;
const EIGHT = [
  ['name', 'Ada'],
  ['open', true],
  ['weather', 'wet'],
  ['damage', ['rail', 'pier']],
  ['order', ['repair', 'close']],
  ['state', 3],
  ['metres', 12],
  ['since', '2026-11-02'],
];
const REPORT = 'Your report, please.';
const MEMO = 'What does it sound like?';
const PAUSED = 'Upload paused – it goes on when you are online';
const ON_DEVICE = 'Saved on this device – will be sent when you are online';

/** An interview over a line that can be cut. Its server is its own: it is killed. */
class OnTheBridge extends MediaInterview {
  line!: Line;

  /** Answers the eight questions before the file. */
  async answerEight(): Promise<void> {
    await this.shows('Who is there?');
    await this.answer('Ada');
    await this.shows('Is the bridge open?');
    await this.choose('Yes');
    await this.next();
    await this.shows('What is the weather like?');
    await this.choose('Wet');
    await this.next();
    await this.shows('What is damaged?');
    await this.tick('The rail');
    await this.tick('A pier');
    await this.next();
    await this.shows('What has to be done first?');
    await this.moveUp('Repair it');
    await this.next();
    await this.shows('How safe is it?');
    await this.choose('3');
    await this.next();
    await this.shows('How many metres are affected?');
    await this.answer('12');
    await this.shows('Since when?');
    await this.answer('2026-11-02');
    await this.shows(REPORT);
  }

  /** Answers them without a connection, and chooses this for the file. */
  async answerOffline(...files: ReturnType<typeof file>[]): Promise<void> {
    await this.shows('Who is there?');
    this.line.proxy.cut();
    await this.answerEight();
    await this.chooseFiles(...files);
    await this.shows(PAUSED);
    await this.shows(ON_DEVICE);
    await expect.poll(() => keptOnDevice(this.page)).toBe(files.length);
  }

  /** The bytes that the answer to the file question stands for, and nothing but them. */
  async report(world: World, question = 'report') {
    const { id } = await this.line.session();
    let uploads: string[] = [];
    // The next question may be known in advance, and on the screen before the answer has arrived.
    await expect
      .poll(async () => (uploads = [(await this.line.stored()).find(([name]) => name === question)?.[1] ?? []].flat() as string[]))
      .not.toEqual([]);
    expect(uploads).toHaveLength(1);
    return download(world, id, uploads[0]!);
  }
}

const test = base.extend<{ own: World; interview: OnTheBridge }>({
  own: async ({}, use) => {
    const world = await createWorld();
    await use(world);
    await world.server.dispose();
  },
  interview: async ({ own, page, pages }, use) => {
    const interview = new OnTheBridge(page);
    interview.line = await Line.to(own, await readCampaign('offline-file'));
    await embedOn(page, pages, interview.line.options);
    await use(interview);
    await interview.line.proxy.stop();
  },
});

test.use({ launchOptions: WITH_DEVICES, permissions: ['microphone'] });

/** Lets the time pass until something is so. */
const passing = (interview: OnTheBridge, look: () => Promise<unknown>) =>
  expect.poll(
    async () => {
      await interview.page.clock.runFor('00:15');
      return look();
    },
    { timeout: 45_000 },
  );

test.describe('with a clock of its own', () => {
  test.describe.configure({ timeout: 120_000 });

  test.beforeEach(async ({ page }) => {
    await page.clock.install();
  });

  test('eight answers and a file, a reload, ten minutes and a restart of the server later: each arrives once, in order, and whole', async ({ page, own, interview }) => {
    const letter = file('report.pdf', 'application/pdf', 3 * MIB + 17);
    await interview.answerOffline(letter);
    await page.reload();
    await interview.shows(REPORT);
    await expect(interview.row('report.pdf')).toContainText(PAUSED);
    await own.server.kill();
    await page.clock.runFor('10:00');
    await own.server.start();
    expect(await interview.line.stored()).toEqual([]);

    interview.line.proxy.cut(false);
    await passing(interview, () => interview.line.stored()).toEqual(EIGHT);
    await passing(interview, () => interview.row('report.pdf').textContent()).toContain('Uploaded');
    await interview.next();
    await interview.shows(MEMO);
    expect(sha256(await interview.report(own))).toBe(sha256(letter.buffer));
    await expect.poll(() => keptOnDevice(page)).toBe(0);
    await interview.skip();
    await interview.shows('Anything else?');
    await interview.answer('no');
    await interview.shows('That was all.');
    const stored = await interview.line.stored();
    expect(stored.map(([question]) => question)).toEqual([...EIGHT.map(([question]) => question), 'report', 'memo', 'note']);
    const { data: events } = await interview.line.call('/v1/events?type=interview.completed&limit=100');
    expect(events).toHaveLength(1);
  });

  test('who has pressed "Continue" already is not asked to press it again', async ({ page, own, interview }) => {
    const letter = file('report.pdf', 'application/pdf', 2 * MIB);
    await interview.answerOffline(letter);
    await interview.next();
    await interview.shows('The interview goes on as soon as everything is uploaded.');
    await own.server.kill();
    await page.clock.runFor('10:00');
    await own.server.start();
    interview.line.proxy.cut(false);
    await passing(interview, () => interview.root.getByText(MEMO).first().isVisible()).toBe(true);
    expect(sha256(await interview.report(own))).toBe(sha256(letter.buffer));
    expect((await interview.line.stored()).slice(0, -1)).toEqual(EIGHT);
  });

  test('answers that take long to arrive do not make the file give up', async ({ page, own, interview }) => {
    const letter = file('report.pdf', 'application/pdf', 10);
    await interview.answerOffline(letter);
    let isBusy = true;
    const body = JSON.stringify({ error: { code: 'unavailable', message: 'Busy.', status: 503 } });
    await page.route('**/session/answers/*', (route) =>
      isBusy ? route.fulfill({ status: 503, contentType: 'application/json', headers: { 'Access-Control-Allow-Origin': '*' }, body }) : route.continue(),
    );
    const begun: string[] = [];
    page.on('request', (request) => request.url().endsWith('/session/uploads') && request.method() === 'POST' && begun.push(request.url()));
    interview.line.proxy.cut(false);
    for (let minutes = 0; minutes < 5; minutes += 1) await page.clock.runFor('01:00');
    await expect(interview.row('report.pdf')).toContainText(PAUSED);
    expect(begun, 'an upload before its question is open').toEqual([]);
    isBusy = false;
    await passing(interview, () => interview.row('report.pdf').textContent()).toContain('Uploaded');
    expect(await interview.line.stored()).toEqual(EIGHT);
    expect(own.server.pid).toBeTruthy();
  });

  test('the line is lost in the middle of a part, the server restarts, the page is reloaded: the rest is sent', async ({ page, own, interview }) => {
    await interview.answerEight();
    const letter = file('report.pdf', 'application/pdf', 4 * MIB);
    await page.route('**/parts/3', async (route) => {
      interview.line.proxy.cut();
      await route.continue();
    });
    await interview.chooseFiles(letter);
    await expect(interview.row('report.pdf')).toContainText(PAUSED);
    await page.unroute('**/parts/3');
    await own.server.kill();
    await expect.poll(() => keptOnDevice(page)).toBe(1);
    await page.reload();
    await expect(interview.row('report.pdf')).toContainText(PAUSED);
    await own.server.start();
    interview.line.proxy.cut(false);
    await passing(interview, () => interview.row('report.pdf').textContent()).toContain('Uploaded');
    await interview.next();
    await interview.shows(MEMO);
    expect(sha256(await interview.report(own))).toBe(sha256(letter.buffer));
  });

  test('a file that is taken out without a connection is gone for good, and another arrives in its place', async ({ page, own, interview }) => {
    await interview.answerOffline(file('wrong.pdf', 'application/pdf', 2 * MIB));
    await interview.button('Remove wrong.pdf').click();
    await expect.poll(() => keptOnDevice(page)).toBe(0);
    await page.reload();
    await interview.shows(REPORT);
    await interview.root.locator('input[type=file]').waitFor();
    await expect(interview.row('wrong.pdf')).toHaveCount(0);
    const right = file('right.pdf', 'application/pdf', MIB + 1);
    await interview.chooseFiles(right);
    interview.line.proxy.cut(false);
    await passing(interview, () => interview.row('right.pdf').textContent()).toContain('Uploaded');
    await interview.next();
    await interview.shows(MEMO);
    expect(sha256(await interview.report(own))).toBe(sha256(right.buffer));
  });

  test('a question that is left out without a connection leaves no file on the device, also when that is told after a reload', async ({ page, interview }) => {
    await interview.answerOffline(file('report.pdf', 'application/pdf', 10));
    await interview.skip();
    await interview.shows(MEMO);
    await page.reload();
    await interview.shows(MEMO);
    expect(await keptOnDevice(page), 'as long as that is not confirmed').toBe(1);
    interview.line.proxy.cut(false);
    await passing(interview, () => interview.line.stored()).toEqual([...EIGHT, ['report', null]]);
    await expect.poll(() => keptOnDevice(page)).toBe(0);
  });

  test('"Continue" before the device was asked what it keeps does not leave the question out', async ({ page, own, interview }) => {
    const letter = file('report.pdf', 'application/pdf', 10);
    await interview.answerOffline(letter);
    let letGo = () => {};
    const held = new Promise<void>((done) => (letGo = done));
    await page.route('**/media.js', async (route) => {
      await held;
      await route.continue();
    });
    await page.reload();
    await interview.shows(REPORT);
    await interview.next();
    letGo();
    await interview.shows('The interview goes on as soon as everything is uploaded.');
    interview.line.proxy.cut(false);
    await passing(interview, () => interview.root.getByText(MEMO).first().isVisible()).toBe(true);
    expect(sha256(await interview.report(own))).toBe(sha256(letter.buffer));
  });
});

test('a recording that is made without a connection is there after a reload, and arrives whole', async ({ page, own, interview }) => {
  await interview.shows('Who is there?');
  interview.line.proxy.cut();
  await interview.answerEight();
  await interview.skip();
  await interview.shows(MEMO);
  await interview.button('Start recording').click();
  // Something is recorded by now.
  await interview.shows(/4:[0-5][0-8] left/);
  await interview.button('Stop recording').click();
  await interview.button('Use this recording').waitFor();
  await expect.poll(() => keptOnDevice(page)).toBe(1);
  await page.reload();
  await interview.button('Use this recording').waitFor();
  const digest = await interview.root.locator('audio').evaluate(async (audio: HTMLAudioElement) => {
    const bytes = await (await fetch(audio.src)).arrayBuffer();
    return [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  });
  await interview.button('Use this recording').click();
  await expect(interview.row('Your recording')).toContainText(PAUSED);
  // Counted after what is being written now.
  expect(await keptOnDevice(page)).toBe(1);
  await page.reload();
  await expect(interview.row('Your recording')).toContainText(PAUSED);
  interview.line.proxy.cut(false);
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await interview.isUploaded('Your recording');
  await interview.next();
  await interview.shows('Anything else?');
  expect(sha256(await interview.report(own, 'memo'))).toBe(digest);
  expect((await interview.line.stored()).slice(0, -1)).toEqual([...EIGHT, ['report', null]]);
});
