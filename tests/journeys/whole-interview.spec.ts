import { EVERYTHING_ANSWERED } from '../fixtures/interview.ts';
import { expect, test } from '../fixtures/index.ts';

test('a whole interview on the demo page, by mouse, is in the transcript', async ({ page, site, interview, api }) => {
  await page.goto(site.url);
  await interview.shows('My answers may be read by the research team.');
  await interview.consent();
  await interview.takeEverything();

  const { body: sessions } = await api('GET', '/v1/sessions?limit=1');
  const [session] = sessions.data;
  expect(session).toMatchObject({ status: 'completed', progress: 1, campaign_id: 'camp_456abc' });

  const { body: transcript } = await api('GET', `/v1/sessions/${session.id}/transcript`);
  expect(transcript.entries.map(({ question_id, value }: any) => [question_id, value])).toEqual(EVERYTHING_ANSWERED);
  expect(transcript.consent.map(({ id, version, accepted }: any) => [id, version, accepted])).toEqual([
    ['notes', 1, true],
    ['contact', 2, true],
  ]);
  const probe = transcript.entries.find(({ question_id }: any) => question_id === 'why~1');
  expect(probe).toMatchObject({ probe_of: 'why', question: 'Could you give an example of that?' });
  expect(transcript.entries.find(({ question_id }: any) => question_id === 'role')).toMatchObject({
    question: 'What best describes your work, Ada?',
    answer: 'I lead a team',
  });

  const { text } = await api('GET', `/v1/sessions/${session.id}/transcript`, undefined, { Accept: 'text/plain' });
  for (const words of ['What slows your team down most?', 'Meetings', 'I lead a team', 'Fewer meetings']) expect(text).toContain(words);
});

test('the other branch asks its own question and not that of the first', async ({ page, invite, embed, interview }) => {
  await embed(await invite().then(({ invite_token }) => ({ inviteToken: invite_token })));
  await interview.consent('research team');
  await interview.next();
  await interview.answer('Grace');
  await interview.choose('I make things');
  await interview.next();
  await interview.shows('Which of these did you use this week?');
  await interview.tick('Pen and paper');
  await interview.tick('A whiteboard');
  await interview.next();
  await interview.shows('What slows your team down most?');
  await expect(page.getByText('How many people are on your team?')).toHaveCount(0);
});

test('an answer that does not fit is refused with the reason, and can be corrected', async ({ invite, embed, interview, page }) => {
  await embed(await invite().then(({ invite_token }) => ({ inviteToken: invite_token })));
  await interview.consent();
  await interview.next();
  await interview.next();
  await interview.shows('Please answer this question.');
  await interview.answer('Ada');
  await interview.choose('I lead a team');
  await interview.next();
  await interview.answer('501');
  await interview.shows('The most possible is 500.');
  await expect(interview.field()).toHaveAttribute('aria-invalid', 'true');
  await interview.answer('5');
  await interview.shows('What slows your team down most?');
  await expect(page.getByText('The most possible is 500.')).toHaveCount(0);
});

test('refusing the required consent ends the interview, after asking once more, and the page is told', async ({ page, invite, embed, interview, api }) => {
  const { id, invite_token } = await invite();
  await page.addInitScript(() => addEventListener('interview-relay-decline', () => document.body.setAttribute('data-declined', '')));
  await embed({ inviteToken: invite_token });
  await interview.button('I do not agree').click();
  await interview.button('End the interview').click();
  await expect(interview.button('Agree and continue')).toHaveCount(0);
  await expect
    .poll(async () => (await api('GET', '/v1/sessions?limit=100')).body.data.find((session: any) => session.invite_id === id)?.status)
    .toBe('declined');
  await expect(page.locator('body[data-declined]')).toBeVisible();
  await page.reload();
  await expect(page.locator('body[data-declined]')).toBeVisible();
});
