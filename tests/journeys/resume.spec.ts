import { expect, Interview, embedOn, test } from '../fixtures/index.ts';

test('a reload in the middle of the demo goes on with the same interview at the same question', async ({ page, site, interview, api }) => {
  await page.goto(site.url);
  await interview.consent();
  await interview.next();
  await interview.answer('Ada');
  await interview.shows('What best describes your work, Ada?');
  const sessions = (await api('GET', '/v1/sessions?limit=100')).body.data.length;

  await page.reload();
  await interview.shows('What best describes your work, Ada?');
  expect((await api('GET', '/v1/sessions?limit=100')).body.data.length).toBe(sessions);
  await interview.choose('Something else');
  await interview.next();
  await interview.shows('Which of these did you use this week?');
});

test('what was typed and not yet sent is there again after a reload', async ({ page, invite, embed, interview }) => {
  await embed({ inviteToken: (await invite('camp_short')).invite_token });
  await interview.answer('one');
  await interview.shows('What is the second thing?');
  await interview.write('half a thought');
  await interview.shows('Saved');

  await page.reload();
  await interview.shows('What is the second thing?');
  await expect(interview.field()).toHaveValue('half a thought');
  await interview.answer('a whole thought');
  await interview.shows('What is the third thing?');
});

test('what somebody types without a pause is saved meanwhile, and the last word is there after a reload', async ({ page, invite, embed, interview }) => {
  await embed({ inviteToken: (await invite('camp_short')).invite_token });
  await interview.answer('one');
  await interview.shows('What is the second thing?');
  const saved = page.waitForRequest((request) => request.url().includes('/session/answers/second'));
  const typing = interview.field().pressSequentially('word '.repeat(12), { delay: 100, timeout: 30_000 });
  expect(await Promise.race([saved.then(() => 'saved'), typing.then(() => 'typed')])).toBe('saved');
  await typing;
  await interview.field().pressSequentially('the end');
  // At once: nothing that takes longer than the page has saves it.
  await page.reload();
  await interview.settled();
  await expect(interview.field()).toHaveValue(/word the end$/);
});

test('"Start over" begins a new interview', async ({ page, site, interview }) => {
  await page.goto(site.url);
  await interview.consent();
  await interview.shows('There are no wrong answers.');
  await page.getByRole('button', { name: 'Start over' }).click();
  await interview.shows('My answers may be read by the research team.');
});

test('two tabs share one interview, and no answer is lost', async ({ context, pages, invite, embed, interview, api }) => {
  const { id, invite_token } = await invite('camp_short');
  await embed({ inviteToken: invite_token });
  await interview.shows('What is the first thing?');

  const second = await context.newPage();
  await embedOn(second, pages, { inviteToken: invite_token });
  const other = new Interview(second);
  await other.shows('What is the first thing?');
  // Later its wasm would find on the device what the first tab is sending.
  await other.settled();

  await interview.answer('from the first tab');
  await interview.shows('What is the second thing?');
  await other.answer('from the second tab');
  await other.shows('What is the second thing?');
  await other.answer('two');
  await other.shows('What is the third thing?');
  await interview.answer('two as well');
  await interview.shows('What is the third thing?');
  await interview.answer('three');
  await interview.shows('That was all.');

  const { body } = await api('GET', '/v1/sessions?limit=100');
  const mine = body.data.filter((session: any) => session.invite_id === id);
  expect(mine).toHaveLength(1);
  const { body: answers } = await api('GET', `/v1/sessions/${mine[0].id}/answers`);
  expect(answers.data.map(({ question_id, value }: any) => [question_id, value]).sort()).toEqual([
    ['first', 'from the first tab'],
    ['second', 'two'],
    ['third', 'three'],
  ]);
});
