import { isAccessible } from '../fixtures/accessible.ts';
import { createWorld, embedOn, expect, test as base } from '../fixtures/index.ts';
import { download, file, keptOnDevice, MediaInterview, partsSent, sha256, stored } from '../fixtures/media.ts';

const MIB = 1024 * 1024;

const test = base.extend<{ interview: MediaInterview; begun: { id: string; invite_token: string } }>({
  interview: async ({ page }, use) => {
    await use(new MediaInterview(page));
  },
  /** An interview whose first question is one for files. */
  begun: async ({ invite, embed, interview }, use) => {
    const begun = await invite('camp_media');
    await embed({ inviteToken: begun.invite_token });
    await interview.shows('Which papers did you get?');
    await interview.root.locator('input[type=file]').waitFor();
    await use(begun);
  },
});

test('files of several parts arrive whole, in the order in which they were chosen', async ({ page, world, begun, interview }) => {
  const letter = file('letter.pdf', 'application/pdf', 3 * MIB + 17);
  const photo = file('photo.png', 'image/png', 1);
  const parts = partsSent(page);
  await interview.chooseFiles(letter, photo);
  await interview.isUploaded('letter.pdf');
  await interview.isUploaded('photo.png');
  expect(parts).toEqual([1, 2, 3, 4, 1]);
  await interview.next();
  await interview.shows('How was your day?');
  const { id, answers } = await stored(world, begun.id);
  expect(answers.papers).toHaveLength(2);
  expect(await download(world, id, answers.papers[0])).toEqual(letter.buffer);
  expect(await download(world, id, answers.papers[1])).toEqual(photo.buffer);
  await expect.poll(() => keptOnDevice(page), 'what is answered is no longer kept').toBe(0);
});

test('a line that is dropped in the middle: it says so, goes on by itself, and sends no part twice', async ({ page, world, begun, interview }) => {
  let isDown = true;
  await page.route('**/parts/3', (route) => (isDown ? route.abort('connectionreset') : route.continue()));
  const parts = partsSent(page);
  const letter = file('letter.pdf', 'application/pdf', 4 * MIB);
  await interview.chooseFiles(letter);
  await expect(interview.row('letter.pdf')).toContainText('Upload paused');
  await expect(interview.root.getByRole('progressbar', { name: /letter\.pdf/ })).toHaveJSProperty('value', 2 * MIB);
  await interview.next();
  await interview.shows('The interview goes on as soon as everything is uploaded.');
  isDown = false;
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await interview.shows('How was your day?');
  expect(parts.filter((part) => part !== 3)).toEqual([1, 2, 4]);
  const { id, answers } = await stored(world, begun.id);
  expect(sha256(await download(world, id, answers.papers[0]))).toBe(sha256(letter.buffer));
});

test('after a reload in the middle the rest is sent, without choosing the file again', async ({ page, world, begun, interview }) => {
  // Held for ever: a route that is taken away would let it pass before the page is gone.
  let isHeld = true;
  await page.route('**/parts/3', (route) => (isHeld ? undefined : route.continue()));
  const held = page.waitForRequest((request) => request.method() === 'PUT' && request.url().endsWith('/parts/3'));
  await interview.chooseFiles(file('letter.pdf', 'application/pdf', 4 * MIB));
  await held;
  await expect(interview.root.getByRole('progressbar', { name: /letter\.pdf/ })).toHaveJSProperty('value', 2 * MIB);
  await expect.poll(() => keptOnDevice(page)).toBe(1);
  const parts = partsSent(page);
  isHeld = false;
  await page.reload();
  await interview.isUploaded('letter.pdf');
  expect(parts).toEqual([3, 4]);
  await interview.next();
  await interview.shows('How was your day?');
  const { id, answers } = await stored(world, begun.id);
  expect(sha256(await download(world, id, answers.papers[0]))).toBe(sha256(file('letter.pdf', 'application/pdf', 4 * MIB).buffer));
});

test('after a reload what was uploaded is there, also where the browser has forgotten it', async ({ page, begun, interview }) => {
  await interview.chooseFiles(file('letter.pdf', 'application/pdf', 10));
  await interview.isUploaded('letter.pdf');
  await interview.shows('Saved');
  await page.evaluate(() => indexedDB.deleteDatabase('interview-relay-media'));
  await page.reload();
  await interview.isUploaded('letter.pdf');
  expect(begun.id).toBeTruthy();
});

test('the server is killed in the middle and comes back: the file arrives', async ({ page, pages, interview }) => {
  const world = await createWorld();
  try {
    const { body: invite } = await world.server.call('POST', '/v1/invites', { key: world.key, body: { campaign_id: 'camp_media' } });
    await embedOn(page, pages, { inviteToken: invite.invite_token });
    const letter = file('letter.pdf', 'application/pdf', 4 * MIB);
    let killed: Promise<unknown> | undefined;
    await page.route('**/parts/2', async (route) => {
      await (killed ??= world.server.kill());
      await route.continue();
    });
    await interview.chooseFiles(letter);
    await expect(interview.row('letter.pdf')).toContainText('Upload paused');
    await page.unroute('**/parts/2');
    await world.server.start();
    await interview.isUploaded('letter.pdf');
    await interview.next();
    await interview.shows('How was your day?');
    const { id, answers } = await stored(world, invite.id);
    expect(sha256(await download(world, id, answers.papers[0]))).toBe(sha256(letter.buffer));
  } finally {
    await world.server.dispose();
  }
});

const second = () => Math.floor(Date.now() / 1_000);

/** Two session tokens of one second are the same token, and the widget waits for another one than that which was refused. */
const secondAfter = (opened: number) => expect.poll(second).toBeGreaterThan(opened);

test('a session whose token ran out while the computer slept is opened again', async ({ page, begun, interview }) => {
  const opened = second();
  let refused = 0;
  await page.route('**/parts/1', async (route) => {
    refused += 1;
    if (refused > 1) return route.continue();
    await secondAfter(opened);
    const body = JSON.stringify({ error: { code: 'unauthorized', message: 'Expired.', status: 401 } });
    return route.fulfill({ status: 401, contentType: 'application/json', headers: { 'Access-Control-Allow-Origin': '*' }, body });
  });
  await interview.chooseFiles(file('letter.pdf', 'application/pdf', 10));
  await interview.isUploaded('letter.pdf');
  expect(refused).toBe(2);
  expect(begun.id).toBeTruthy();
});

test('when the invite has run out too, the page is asked for another token, and the upload goes on', async ({ page, invite, pages, world, interview }) => {
  const { id, invite_token: inviteToken } = await invite('camp_media');
  const refusal = (status: number, code: string) => ({
    status,
    contentType: 'application/json',
    headers: { 'Access-Control-Allow-Origin': '*' },
    body: JSON.stringify({ error: { code, message: 'Expired.', status } }),
  });
  // A life of its own: of the same second and the same length it would be the same token.
  const { body: again } = await world.server.call('POST', `/v1/invites/${id}/reissue`, { key: world.key, body: { expires_in_s: 7_200 } });
  await page.goto(
    pages.serve(`<!doctype html><html lang="en"><title>Later</title><main><div id="box"></div></main><script type="module">
      import { mount } from '/widget/index.js';
      mount('#box', { inviteToken: ${JSON.stringify(inviteToken)}, getInviteToken: async () => ${JSON.stringify(again.invite_token)} });
    </script></html>`),
  );
  await interview.root.locator('input[type=file]').waitFor();
  const opened = second();
  let refused = 0;
  let isOpenedAgain = false;
  await page.route('**/parts/1', (route) => {
    if (isOpenedAgain) return route.continue();
    refused += 1;
    return route.fulfill(refusal(401, 'unauthorized'));
  });
  await page.route('**/participant/session', async (route) => {
    const isOld = `${route.request().headers().authorization} ${route.request().postData()}`.includes(inviteToken);
    if (!isOld) await secondAfter(opened);
    isOpenedAgain ||= !isOld;
    return isOld ? route.fulfill(refusal(410, 'invite_expired')) : route.continue();
  });
  await interview.chooseFiles(file('letter.pdf', 'application/pdf', 10));
  await interview.isUploaded('letter.pdf');
  expect(refused).toBeGreaterThan(0);
});

test('code that cannot be loaded is told to the person and the page, and the question can be left out', async ({ page, invite, embed, interview }) => {
  let missing = () => {};
  const listened = new Promise<void>((done) => (missing = done));
  // A page that forgot to copy it.
  await page.route('**/media.js', async (route) => {
    await listened;
    await route.fulfill({ status: 404 });
  });
  await embed({ inviteToken: (await invite('camp_media')).invite_token });
  await page.evaluate(() => (window as any).handles[0].on('error', (error: unknown) => ((window as any).told = error)));
  missing();
  await expect(interview.alert()).toHaveText('The interview could not be loaded. Please reload the page to try again.');
  expect(await page.evaluate(() => (window as any).told)).toEqual({ code: 'load_failed', message: 'The interview could not be loaded. Please reload the page to try again.' });
  await interview.skip();
  await interview.shows('How was your day?');
});

test('what is too large, of another kind, or too much is refused at once and in words', async ({ page, begun, interview }) => {
  const calls: string[] = [];
  page.on('request', (request) => request.url().endsWith('/session/uploads') && calls.push(request.url()));
  await interview.chooseFiles(file('huge.pdf', 'application/pdf', 8 * MIB + 1));
  await expect(interview.alert()).toHaveText('huge.pdf: This file is too large. The most possible is 8 MB.');
  await interview.chooseFiles(file('notes.txt', 'text/plain', 5));
  await expect(interview.alert()).toHaveText('notes.txt: This kind of file is not accepted. Possible: images or PDF.');
  expect(calls).toEqual([]);
  await interview.chooseFiles(...[1, 2, 3, 4].map((number) => file(`${number}.png`, 'image/png', 5)));
  await expect(interview.alert()).toHaveText('At most 3 files');
  await interview.isUploaded('3.png');
  await expect(interview.root.getByRole('listitem')).toHaveCount(3);
  await expect(interview.root.locator('input[type=file]')).toBeHidden();
  expect(begun.id).toBeTruthy();
});

test('a file can be taken out, while it is sent and after, and chosen again', async ({ page, world, begun, interview }) => {
  await page.route('**/parts/2', () => {});
  await interview.chooseFiles(file('wrong.pdf', 'application/pdf', 2 * MIB));
  await interview.button('Remove wrong.pdf').click();
  await expect(interview.row('wrong.pdf')).toHaveCount(0);
  await expect(interview.root.locator('input[type=file]')).toBeFocused();
  await page.unroute('**/parts/2');
  await interview.chooseFiles(file('a.png', 'image/png', 5), file('b.png', 'image/png', 6));
  await interview.isUploaded('b.png');
  await interview.button('Remove a.png').click();
  await interview.next();
  await interview.shows('How was your day?');
  const { id, answers } = await stored(world, begun.id);
  expect(answers.papers).toHaveLength(1);
  expect(await download(world, id, answers.papers[0])).toEqual(file('b.png', 'image/png', 6).buffer);
});

test('who takes the file out while the interview waits to go on is still asked', async ({ page, begun, interview }) => {
  await page.route('**/parts/2', () => {});
  await interview.chooseFiles(file('wrong.pdf', 'application/pdf', 2 * MIB));
  await interview.next();
  await interview.shows('The interview goes on as soon as everything is uploaded.');
  await interview.button('Remove wrong.pdf').click();
  await expect(interview.root.getByText('The interview goes on as soon as everything is uploaded.')).toHaveCount(0);
  await page.unroute('**/parts/2');
  await interview.chooseFiles(file('right.pdf', 'application/pdf', 5));
  await interview.isUploaded('right.pdf');
  await interview.shows('Which papers did you get?');
  await interview.next();
  await interview.shows('How was your day?');
  expect(begun.id).toBeTruthy();
});

test('what the server refuses is said, and stands in the way until it is taken out', async ({ page, begun, interview }) => {
  await page.route('**/session/uploads', (route) => {
    const body = JSON.stringify({ error: { code: 'validation_failed', message: 'No.', status: 422, details: [{ pointer: '/filename', code: 'x', message: 'This name is too long.' }] } });
    return route.fulfill({ status: 422, contentType: 'application/json', headers: { 'Access-Control-Allow-Origin': '*' }, body });
  });
  await interview.chooseFiles(file('letter.pdf', 'application/pdf', 10));
  await expect(interview.row('letter.pdf')).toContainText('This name is too long.');
  await expect(interview.root.locator('.unseen[role=status]'), 'it is read out').toHaveText('letter.pdf: This name is too long.');
  await interview.next();
  await expect(interview.button('Try again')).toBeFocused();
  await page.unroute('**/session/uploads');
  await interview.button('Try again').click();
  await interview.isUploaded('letter.pdf');
  expect(begun.id).toBeTruthy();
});

test('a question that is left out leaves nothing on the device', async ({ page, begun, interview }) => {
  await page.route('**/parts/1', () => {});
  await interview.chooseFiles(file('letter.pdf', 'application/pdf', 10));
  await expect.poll(() => keptOnDevice(page)).toBe(1);
  await interview.skip();
  await interview.shows('How was your day?');
  await expect.poll(() => keptOnDevice(page)).toBe(0);
  expect(begun.id).toBeTruthy();
});

test('a page that came over an insecure connection says why nothing can be sent', async ({ page, invite, embed, interview }) => {
  // Only this machine's own addresses are secure without https, and a test has no others.
  await page.addInitScript(() => Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined }));
  await embed({ inviteToken: (await invite('camp_media')).invite_token });
  await interview.shows('Files and recordings can be sent from secure pages (https) only.');
  await interview.skip();
  await interview.shows('How was your day?');
});

test('the file is chosen by keyboard', async ({ page, begun, interview }) => {
  // Somebody listens all the time: else the browser is told between the keys that nobody does.
  page.on('filechooser', () => {});
  await interview.root.locator('h2').click();
  await page.keyboard.press('Tab');
  await expect(interview.root.locator('input[type=file]')).toBeFocused();
  await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Space')]);
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Enter')]);
  await chooser.setFiles([file('letter.pdf', 'application/pdf', 10)]);
  await interview.isUploaded('letter.pdf');
  await expect(interview.root.locator('input[type=file]')).toBeFocused();
  expect(begun.id).toBeTruthy();
});

test('an interview of texts fetches nothing of this', async ({ page, invite, embed, interview }) => {
  const scripts: string[] = [];
  page.on('request', (request) => /media\.js|recorder|upload/.test(request.url()) && scripts.push(request.url()));
  await embed({ inviteToken: (await invite('camp_short')).invite_token });
  await interview.answer('one');
  await interview.shows('What is the second thing?');
  expect(scripts).toEqual([]);
});

test('on the hosted page the script build fetches it, and its Content-Security-Policy lets it', async ({ page, invite }) => {
  const { invite_url } = await invite('camp_media');
  const interview = new MediaInterview(page);
  await page.goto(invite_url);
  await interview.chooseFiles(file('letter.pdf', 'application/pdf', 10));
  await interview.isUploaded('letter.pdf');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme}`, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    test('every screen of files is accessible, and fits in 320 pixels', async ({ page, begun, interview }) => {
      await page.setViewportSize({ width: 320, height: 640 });
      await isAccessible(page, 'nothing chosen');
      await page.route('**/parts/2', (route) => route.abort());
      await interview.chooseFiles(file('a-very-long-name-'.repeat(6) + '.png', 'image/png', 5), file('letter.pdf', 'application/pdf', 2 * MIB), file('notes.txt', 'text/plain', 5));
      await expect(interview.row('letter.pdf')).toContainText('Upload paused');
      await interview.next();
      await interview.shows('The interview goes on as soon as everything is uploaded.');
      await isAccessible(page, 'one is through, one is on its way, one was refused');
      expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), 'it scrolls sideways').toBe(false);
      expect(begun.id).toBeTruthy();
    });
  });
}
