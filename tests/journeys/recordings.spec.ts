import { isAccessible } from '../fixtures/accessible.ts';
import { framed, pageWithInterview } from '../fixtures/frames.ts';
import { expect, test as base } from '../fixtures/index.ts';
import { download, file, keptOnDevice, MediaInterview, sha256, stored, tracks, watchTracks, WITH_DEVICES } from '../fixtures/media.ts';
import { openPage } from '../support/browser.mjs';

const test = base.extend<{ interview: MediaInterview; begun: { id: string; invite_token: string } }>({
  permissions: ['microphone', 'camera'],
  interview: async ({ page }, use) => {
    await use(new MediaInterview(page));
  },
  /** An interview that has come to its question for audio; it thinks for a minute, records for 3 s, and may be done again once. */
  begun: async ({ page, invite, embed, interview }, use) => {
    await watchTracks(page);
    const begun = await invite('camp_media');
    await embed({ inviteToken: begun.invite_token });
    await interview.skip();
    await interview.shows('How was your day?');
    await interview.button('Start recording').waitFor();
    await use(begun);
  },
});
test.use({ launchOptions: WITH_DEVICES });

/** Runs in the page: whether a meter has shown anything by the time it is taken away. The device beeps for an instant only. */
function moved(meter: Element): Promise<boolean> {
  return new Promise((done) => {
    const isUp = () => Number(meter.getAttribute('aria-valuenow')) > 0;
    const look = () => (isUp() || !meter.isConnected ? (watching.disconnect(), done(isUp())) : undefined);
    const watching = new MutationObserver(look);
    watching.observe(meter.getRootNode(), { subtree: true, childList: true, attributeFilter: ['aria-valuenow'] });
    look();
  });
}

test('audio: thinking, recording up to the limit, listening, again, and the server has every byte', async ({ page, world, begun, interview }) => {
  expect(await tracks(page), 'nothing is opened before it is asked for').toEqual({ opened: 0, live: 0 });
  await interview.button('Start recording').click();
  await interview.shows(/^Time to think\. Recording starts in (1:00|0:5\d)$/);
  await interview.button('Record now').click();
  await expect(interview.button('Stop recording')).toBeFocused();
  await interview.shows('Recording');
  expect(await tracks(page)).toEqual({ opened: 1, live: 1 });
  const meter = interview.root.getByRole('meter', { name: 'Loudness' });
  expect(await meter.evaluate(moved), 'the level moves').toBe(true);

  // Nobody presses "Stop".
  await interview.button('Use this recording').waitFor();
  await expect(interview.button('Use this recording')).toBeFocused();
  expect(await tracks(page), 'the microphone is released').toEqual({ opened: 1, live: 0 });
  const player = interview.root.locator('audio');
  const duration = () => player.evaluate((audio: HTMLAudioElement) => audio.duration);
  // It is infinite until the player was sent to its end.
  await expect.poll(duration).toBeLessThan(4);
  expect(await duration()).toBeGreaterThan(2);
  await player.evaluate((audio: HTMLAudioElement) => audio.play());
  await expect.poll(() => player.evaluate((audio: HTMLAudioElement) => audio.currentTime), 'it plays').toBeGreaterThan(0.2);

  await interview.shows('You can record again once.');
  await interview.button('Record again').click();
  await interview.button('Record now').click();
  await interview.button('Stop recording').click();
  await interview.button('Use this recording').waitFor();
  await expect(interview.root.getByText('You can record again')).toHaveCount(0);
  await expect(interview.button('Record again')).toHaveCount(0);
  const digest = await player.evaluate(async (audio: HTMLAudioElement) => {
    const bytes = await (await fetch(audio.src)).arrayBuffer();
    return [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  });
  await interview.button('Use this recording').click();
  await interview.isUploaded('Your recording');
  await interview.next();
  await interview.shows('What does your desk look like?');
  const { id, answers } = await stored(world, begun.id);
  expect(answers.day).toMatch(/^upl_/);
  expect(sha256(await download(world, id, answers.day))).toBe(digest);
  expect(await tracks(page)).toEqual({ opened: 2, live: 0 });
  await expect.poll(() => keptOnDevice(page)).toBe(0);
});

test('who stops in the first instant has recorded something', async ({ page, begun, interview }) => {
  await page.evaluate(() => {
    const start = MediaRecorder.prototype.start;
    MediaRecorder.prototype.start = function (...slice) {
      start.apply(this, slice);
      const { shadowRoot } = document.querySelector('[data-interview-relay]')!;
      setTimeout(() => shadowRoot!.querySelector<HTMLElement>('.level ~ .row button')!.click());
    };
  });
  await interview.button('Start recording').click();
  await interview.button('Record now').click();
  await interview.button('Use this recording').click();
  await interview.isUploaded('Your recording');
  expect(await tracks(page)).toEqual({ opened: 1, live: 0 });
  expect(begun.id).toBeTruthy();
});

test('who presses Enter twice to use a recording has used it, and goes on', async ({ page, world, begun, interview }) => {
  await interview.button('Start recording').click();
  await interview.button('Record now').click();
  await interview.button('Stop recording').click();
  await expect(interview.button('Use this recording')).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await interview.shows('What does your desk look like?');
  expect((await stored(world, begun.id)).answers.day).toMatch(/^upl_/);
});

test('who takes a recording out by keyboard is where another one starts', async ({ page, begun, interview }) => {
  await interview.button('Start recording').click();
  await interview.button('Record now').click();
  await interview.button('Stop recording').click();
  await interview.button('Use this recording').click();
  await interview.isUploaded('Your recording');
  await expect(interview.button('Continue')).toBeFocused();
  await interview.button('Remove Your recording').focus();
  await page.keyboard.press('Enter');
  await expect(interview.button('Start recording')).toBeFocused();
  expect(begun.id).toBeTruthy();
});

test('a page that pauses while somebody thinks leaves no question that cannot be left', async ({ page, begun, interview }) => {
  await interview.button('Start recording').click();
  await interview.button('Record now').waitFor();
  await page.evaluate(() => (window as any).handles[0].pause());
  await interview.shows('The interview is paused');
  await interview.next();
  await interview.button('Start recording').waitFor();
  await interview.next();
  await interview.shows('What does your desk look like?');
  expect(begun.id).toBeTruthy();
});

test('a page that takes the interview away while it records is not listened to any more', async ({ page, begun, interview }) => {
  await interview.skip();
  await interview.shows('What does your desk look like?');
  await interview.button('Start recording').click();
  await interview.button('Stop recording').waitFor();
  expect(await tracks(page)).toEqual({ opened: 2, live: 2 });
  await page.evaluate(() => document.querySelector('#interview-0')!.remove());
  await expect.poll(() => tracks(page)).toEqual({ opened: 2, live: 0 });
  expect(begun.id).toBeTruthy();
});

test('where loudness cannot be measured it is recorded all the same', async ({ page, begun, interview }) => {
  await page.evaluate(() => {
    (window as any).AudioContext = class {
      constructor() {
        throw new DOMException('Too many', 'NotSupportedError');
      }
    };
  });
  await interview.button('Start recording').click();
  await interview.button('Record now').click();
  await interview.button('Stop recording').click();
  await interview.button('Use this recording').waitFor();
  expect(await tracks(page)).toEqual({ opened: 1, live: 0 });
  expect(begun.id).toBeTruthy();
});

test('video: the picture is shown live, "Continue" uses what was recorded, and waits for it', async ({ page, world, begun, interview }) => {
  await interview.skip();
  await interview.shows('What does your desk look like?');
  await interview.button('Start recording').click();
  await interview.button('Stop recording').waitFor();
  const live = interview.root.locator('video.live');
  await expect.poll(() => live.evaluate((video: HTMLVideoElement) => video.videoWidth)).toBeGreaterThan(0);
  await expect.poll(() => live.evaluate((video: HTMLVideoElement) => video.currentTime)).toBeGreaterThan(1);
  expect(await tracks(page)).toEqual({ opened: 2, live: 2 });
  await interview.next();
  await interview.button('Use this recording').waitFor();
  expect(await tracks(page), 'camera and microphone are released').toEqual({ opened: 2, live: 0 });
  await expect.poll(() => interview.root.locator('video[controls]').evaluate((video: HTMLVideoElement) => video.videoWidth)).toBeGreaterThan(0);
  await interview.next();
  await interview.shows('That was all.');
  const { id, answers } = await stored(world, begun.id);
  expect((await download(world, id, answers.desk)).length).toBeGreaterThan(1000);
});

test('video again: the new recording takes the place of the old one', async ({ page, world, begun, interview }) => {
  await beginVideo(interview);
  await interview.button('Stop recording').click();
  const player = interview.root.locator('video[controls]');
  const source = () => player.evaluate((video: HTMLVideoElement) => video.src);
  await expect(player).toBeVisible();
  const first = await source();
  await interview.button('Record again').click();
  await interview.shows(/0:[0-5][0-8] left/);
  await interview.button('Stop recording').click();
  await interview.button('Use this recording').waitFor();
  expect(await source()).not.toBe(first);
  await expect.poll(() => keptOnDevice(page)).toBe(1);
  await interview.button('Use this recording').click();
  await interview.isUploaded('Your recording');
  await interview.next();
  await interview.shows('That was all.');
  const { answers } = await stored(world, begun.id);
  expect(answers.desk).toMatch(/^upl_/);
});

test('in a frame that is taken away while it records, what was recorded is kept', async ({ page, pages, invite }) => {
  const { invite_token: inviteToken } = await invite('camp_media');
  const address = pages.serve(pageWithInterview({ inviteToken, isolation: 'iframe' }));
  await page.goto(address);
  const interview = framed(page);
  await interview.skip();
  // While the first is on its way, the second would press for the same question.
  await interview.shows('How was your day?');
  await interview.skip();
  await interview.button('Start recording').click();
  await interview.shows(/0:[0-5][0-8] left/);
  await page.evaluate(() => (window as any).handle.unmount());
  await expect(page.locator('iframe')).toHaveCount(0);
  await page.goto(address);
  await interview.button('Use this recording').waitFor();
});

test('on the way back a recording is still the answer while the server has not said what it knows of it', async ({ page, world, invite, embed, interview }) => {
  const questions = [
    { id: 'day', kind: 'audio', text: { en: 'How was your day?' }, required: false },
    { id: 'last', kind: 'short_text', text: { en: 'Anything else?' } },
  ];
  const guide = { schema: 1, title: { en: 'Back' }, allow_back: true, blocks: [{ id: 'all', questions }], ends: [{ id: 'done', text: { en: 'Done.' } }] };
  await world.server.importCampaign({ id: 'camp_heard', name: 'Heard', guide });
  const begun = await invite('camp_heard');
  await embed({ inviteToken: begun.invite_token });
  await interview.button('Start recording').click();
  await interview.button('Stop recording').click();
  await interview.button('Use this recording').click();
  await interview.isUploaded('Your recording');
  await interview.next();
  await interview.shows('Anything else?');
  const before = (await stored(world, begun.id)).answers.day;
  expect(before).toMatch(/^upl_/);

  const asked = page.waitForRequest((request) => request.method() === 'GET' && /\/session\/uploads\//.test(request.url()));
  await page.route(/\/session\/uploads\//, () => {});
  await interview.button('Back').click();
  await interview.shows('How was your day?');
  await asked;
  await interview.next();
  await interview.answer('No');
  await interview.shows('Done.');
  expect((await stored(world, begun.id)).answers.day).toBe(before);
});

test('what the server knows nothing of any more is not offered as an answer', async ({ page, begun, interview }) => {
  await interview.button('Start recording').click();
  await interview.button('Record now').click();
  await interview.button('Stop recording').click();
  await interview.button('Use this recording').click();
  await interview.isUploaded('Your recording');
  // As when the session was abandoned, and the invite has begun another one.
  await page.route('**/session/uploads/*', (route) => route.fulfill({ status: 404, json: { error: { code: 'not_found', message: 'Not found.' } } }));
  await page.reload();
  await interview.button('Start recording').waitFor();
  await expect.poll(() => keptOnDevice(page)).toBe(0);
  expect(begun.id).toBeTruthy();
});

test('a browser that has closed its database in the meantime opens it again, and keeps what is recorded', async ({ page, begun, interview }) => {
  await page.evaluate(() => {
    const { transaction } = IDBDatabase.prototype;
    let stale: IDBDatabase | undefined;
    IDBDatabase.prototype.transaction = function (...more) {
      if (this.name !== 'interview-relay-media') return transaction.apply(this, more);
      stale ??= this;
      if (this === stale) throw new DOMException('Connection to Indexed Database server lost.', 'InvalidStateError');
      return transaction.apply(this, more);
    };
  });
  await interview.button('Start recording').click();
  await interview.button('Record now').click();
  await interview.button('Stop recording').click();
  await interview.button('Use this recording').waitFor();
  await expect.poll(() => keptOnDevice(page)).toBe(1);
  expect(begun.id).toBeTruthy();
});

test.describe('the person does not allow it', () => {
  // Chromium refuses what is not in a list that is not empty.
  test.use({ permissions: ['geolocation'] });

  test('it says what to do, and a file can be sent instead', async ({ page, world, begun, interview }) => {
    await interview.button('Start recording').click();
    await expect(interview.alert().filter({ hasText: 'Your browser does not let this page use the microphone' })).toBeVisible();
    await expect(interview.button('Start recording')).toBeFocused();
    const input = interview.root.getByLabel('Send a file instead');
    await expect(input).toHaveAttribute('accept', 'audio/*');
    await expect(input).toHaveAttribute('capture', '');
    await interview.chooseFiles(file('film.mp4', 'video/mp4', 10));
    await interview.shows('film.mp4: This kind of file is not accepted. Possible: audio.');
    const memo = file('memo.mp3', 'audio/mpeg', 20_000);
    await interview.chooseFiles(memo);
    await interview.isUploaded('memo.mp3');
    await interview.next();
    await interview.shows('What does your desk look like?');
    const { id, answers } = await stored(world, begun.id);
    expect(await download(world, id, answers.day)).toEqual(memo.buffer);
    expect(await tracks(page)).toEqual({ opened: 0, live: 0 });
  });
});

test('a computer without a microphone: it says so, and the question can be left out', async ({ pages, invite }) => {
  const { page, close } = await openPage({ permissions: ['microphone', 'camera'] });
  try {
    const interview = new MediaInterview(page);
    const { invite_url } = await invite('camp_media');
    await page.goto(invite_url);
    await interview.skip();
    await interview.button('Start recording').click();
    await interview.shows('No microphone was found, or another program is using it.');
    await interview.skip();
    await interview.shows('What does your desk look like?');
  } finally {
    await close();
  }
  expect(pages.url).toBeTruthy();
});

for (const [how, spoil] of [
  ['cannot record', () => void Reflect.deleteProperty(window, 'MediaRecorder')],
  ['records nothing that the question takes', () => void (MediaRecorder.isTypeSupported = (type) => type.startsWith('video/'))],
] as const) {
  test(`a browser that ${how} says so, and takes a file`, async ({ page, begun, interview }) => {
    await page.evaluate(spoil);
    await interview.button('Start recording').click();
    await interview.shows('This browser cannot record. You can send a file instead.');
    await expect(interview.root.getByLabel('Send a file instead')).toBeVisible();
    expect(await tracks(page), 'nothing was opened').toEqual({ opened: 0, live: 0 });
    expect(begun.id).toBeTruthy();
  });
}

/** Begins the recording of the question for video, which may be long. */
async function beginVideo(interview: MediaInterview) {
  await interview.skip();
  await interview.shows('What does your desk look like?');
  await interview.button('Start recording').click();
  // Something is recorded by now.
  await interview.shows(/0:[0-5][0-8] left/);
}

test('taken out of the page while it records: nothing stays open, and what was recorded is there again', async ({ page, begun, interview }) => {
  await beginVideo(interview);
  expect(await tracks(page)).toEqual({ opened: 2, live: 2 });
  await page.evaluate(() => (window as any).handles[0].unmount());
  await expect.poll(() => tracks(page)).toEqual({ opened: 2, live: 0 });
  await expect.poll(() => keptOnDevice(page)).toBe(1);
  await page.reload();
  await interview.button('Use this recording').click();
  await interview.isUploaded('Your recording');
  expect(begun.id).toBeTruthy();
});

for (const [how, leave] of [
  ['paused by the page', (page: any) => page.evaluate(() => (window as any).handles[0].pause())],
  ['left out', (page: any) => page.getByRole('button', { name: 'Skip' }).click()],
] as const) {
  test(`a question that is ${how} while it records leaves no microphone open`, async ({ page, begun, interview }) => {
    await beginVideo(interview);
    await leave(page);
    await expect.poll(() => tracks(page)).toEqual({ opened: 2, live: 0 });
    await expect(interview.root.getByRole('meter')).toHaveCount(0);
    if (how === 'left out') await interview.shows('That was all.');
    if (how === 'left out') expect(await keptOnDevice(page)).toBe(0);
    else {
      await interview.next();
      await interview.button('Use this recording').waitFor();
    }
    expect(begun.id).toBeTruthy();
  });
}

test('a page that is no longer seen stops recording and keeps what is there', async ({ page, begun, interview }) => {
  await beginVideo(interview);
  // A page without a window is never hidden: it is told that it is.
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await interview.button('Use this recording').waitFor();
  expect(await tracks(page)).toEqual({ opened: 2, live: 0 });
  expect(begun.id).toBeTruthy();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme}`, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    test('every screen of a recording is accessible, and fits in 320 pixels', async ({ page, begun, interview }) => {
      const check = async (screen: string) => {
        await isAccessible(page, screen);
        expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), `${screen} scrolls sideways`).toBe(false);
      };
      await page.setViewportSize({ width: 320, height: 640 });
      await check('before');
      await interview.button('Start recording').click();
      await interview.button('Record now').waitFor();
      await check('thinking');
      await interview.button('Record now').click();
      await interview.button('Stop recording').waitFor();
      await check('recording');
      await interview.button('Use this recording').click();
      await interview.isUploaded('Your recording');
      await check('uploaded');
      await interview.next();
      await interview.shows('What does your desk look like?');
      await interview.button('Start recording').click();
      await interview.button('Stop recording').waitFor();
      await check('recording video');
      await interview.button('Stop recording').click();
      await interview.button('Use this recording').waitFor();
      await check('looking at it');
      expect(begun.id).toBeTruthy();
    });

    test.describe('and not allowed', () => {
      test.use({ permissions: ['geolocation'] });

      test('the way on is accessible', async ({ page, begun, interview }) => {
        await interview.button('Start recording').click();
        await interview.shows('Your browser does not let this page use the microphone');
        await isAccessible(page, 'not allowed');
        expect(begun.id).toBeTruthy();
      });
    });
  });
}
