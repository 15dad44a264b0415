import { isAccessible } from '../fixtures/accessible.ts';
import { expect, test } from '../fixtures/index.ts';

/** The first question has a time, the second none. */
const campaign = (id: string, limitMs: number) => ({
  id,
  name: 'In time',
  guide: {
    schema: 1,
    title: { en: 'In time' },
    blocks: [
      {
        id: 'all',
        questions: [
          { id: 'quick', kind: 'short_text', text: { en: 'What comes to mind first?' }, help: { en: 'One word.' }, time_limit_ms: limitMs },
          { id: 'slow', kind: 'short_text', text: { en: 'And after a while?' } },
        ],
      },
    ],
    ends: [{ id: 'done', text: { en: 'Thank you.' } }],
  },
});

test('the time to answer is counted down, and what describes the field says how long it is', async ({ page, world, invite, embed, interview }) => {
  await world.server.importCampaign(campaign('camp_time65', 65_000));
  await embed({ inviteToken: (await invite('camp_time65')).invite_token });
  const timer = interview.root.getByRole('timer');
  await expect(timer).toHaveText(/^1:0[1-4] left$/);
  await expect(timer).toHaveText('0:59 left', { timeout: 15_000 });
  await expect(interview.field(), 'a description that changes would be read out each time').toHaveAccessibleDescription('One word. 1:05 left');
  await isAccessible(page, 'a question with a time');
  await interview.answer('Trains');
  await interview.shows('And after a while?');
  await expect(timer).toHaveCount(0);
});

test('when the time is over that is said, and the answer is taken all the same', async ({ world, invite, embed, interview, api }) => {
  await world.server.importCampaign(campaign('camp_time1', 1_500));
  const { id, invite_token } = await invite('camp_time1');
  await embed({ inviteToken: invite_token });
  await interview.write('Tr');
  const over = interview.root.getByRole('status').filter({ hasText: 'The time is up.' });
  await expect(over).toHaveText('The time is up. You can still answer.');
  await expect(interview.field(), 'nothing that was typed is taken away').toHaveValue('Tr');
  await interview.answer('Trains');
  await interview.shows('And after a while?');
  const { body: sessions } = await api('GET', `/v1/sessions?invite_id=${id}`);
  const { body: answers } = await api('GET', `/v1/sessions/${sessions.data[0].id}/answers`);
  expect(answers.data[0].value).toBe('Trains');
  expect(answers.data[0].elapsed_ms).toBeGreaterThanOrEqual(1_500);
});
