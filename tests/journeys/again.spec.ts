import { expect, test } from '../fixtures/index.ts';
import { numbered } from '../support/numbered.mjs';

const LOST = 'It is not certain that these answers were saved:';

test('an invite that may be used again: the last answer, its confirmation lost, is not stored again in the next interview', async ({ page, world, invite, embed, interview, api }) => {
  await world.server.importCampaign({ ...numbered('camp_again', 1), settings: { reuse: 'reusable' } });
  const { invite_token: inviteToken } = await invite('camp_again');
  const stored = async () => {
    const { data } = (await api('GET', '/v1/sessions?campaign_id=camp_again')).body;
    return Promise.all(data.map(async (session: { id: string; status: string }) => [session.status, await values(session.id)]));
  };
  const values = async (session: string) => (await api('GET', `/v1/sessions/${session}/answers`)).body.data.map(({ value }: { value: unknown }) => value);

  await embed({ inviteToken });
  await page.route('**/session/answers/q1', async (route) => {
    await route.fetch();
    await route.abort();
  });
  await interview.answer('said once');
  await expect.poll(stored).toEqual([['completed', ['said once']]]);

  await page.reload();
  await interview.shows(LOST);
  await interview.shows('said once');
  await page.unroute('**/session/answers/q1');
  await interview.button('OK').click();
  await interview.answer('said anew');
  await interview.shows('That was all.');
  expect(await stored()).toEqual([
    ['completed', ['said anew']],
    ['completed', ['said once']],
  ]);
});
