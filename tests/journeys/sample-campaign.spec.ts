import { expect, Interview, test } from '../fixtures/index.ts';
import { readSampleCampaign } from '../support/server.mjs';

/** The interview that `npm start` shows, so that a change of its guide cannot break the first thing a newcomer sees. */
test.describe('the sample campaign', () => {
  let interview: Interview;

  test.beforeEach(async ({ page, world, invite, embed }) => {
    await world.server.importCampaign({ ...(await readSampleCampaign()), id: 'camp_sample' });
    await embed({ inviteToken: (await invite('camp_sample')).invite_token });
    interview = new Interview(page);
    await interview.consent();
    await interview.shows('We begin with you');
    await interview.next();
    await interview.answer('Ada');
    await interview.shows('Nice to meet you, Ada.');
    await interview.choose('Design');
    await interview.next();
    await interview.shows('Did you take notes');
  });

  test('can be finished, with a branch and a follow-up', async ({ api }) => {
    await interview.choose('Yes');
    await interview.next();
    await interview.choose('A note-taking app');
    await interview.next();
    await interview.shows('Where do you write them?');
    await interview.tick('Phone');
    await interview.next();
    await interview.answer('12');
    await interview.shows('Think of the last time you looked for an old note, Ada.');
    await interview.answer('It took long.');
    await interview.shows(/Could you tell us a little more|What did you do first/);
    await interview.answer('I opened the app on my phone and scrolled through all of March until there it was.');
    await interview.shows('What matters most to you?');
    await interview.moveUp('Finding them again');
    await interview.next();
    await interview.shows('How likely are you to recommend');
    await interview.choose('9');
    await interview.next();
    await interview.shows('Since when have you been taking notes this way?');
    await interview.skip();
    await interview.shows('Where may we send you');
    await interview.skip();
    await interview.shows('Thank you, Ada! Your answers are saved');

    const { body } = await api('GET', '/v1/sessions?limit=100');
    const session = body.data.find(({ campaign_id, status }: any) => campaign_id === 'camp_sample' && status === 'completed');
    expect(session.answers).toBe(13);
  });

  test('ends early for those it is not meant for', async () => {
    await interview.choose('No');
    await interview.next();
    await interview.shows('This time we are talking to people who take notes every week');
  });
});
