/** What is pressed twice: the second press is meant for where the first was, and what has come there since is not pressed by it. */

import type { Page } from '@playwright/test';

import { expect, test, type Interview } from '../fixtures/index.ts';

const question = (id: string) => ({ id, kind: 'short_text', required: false, text: `Question ${id}?` });
const CAMPAIGN = {
  id: 'camp_twice',
  name: 'Twice',
  guide: { schema: 1, title: 'Twice', blocks: [{ id: 'all', questions: ['one', 'two', 'three'].map(question) }], ends: [{ id: 'thanks', text: 'Thank you.' }] },
};

/** Where a button is. */
async function middleOf(interview: Interview, name: string): Promise<[number, number]> {
  const { x, y, width, height } = (await interview.button(name).boundingBox())!;
  return [x + width / 2, y + height / 2];
}

/** The second click of two, or a later one, as browsers count them; on this button, as if it had come just where the one before was. */
async function clickAgain(interview: Interview, name: string, clickCount = 2) {
  const { page } = interview;
  await page.mouse.move(...(await middleOf(interview, name)));
  await page.mouse.down({ clickCount });
  await page.mouse.up({ clickCount });
}

for (const [how, begin, again] of [
  [
    'a double click',
    async (page: Page, interview: Interview) => page.mouse.click(...(await middleOf(interview, 'Continue'))),
    async (_: Page, interview: Interview) => clickAgain(interview, 'Continue'),
  ],
  [
    'an Enter that is held down',
    async (page: Page, interview: Interview) => {
      await interview.field().focus();
      await page.keyboard.down('Enter');
    },
    async (page: Page) => {
      await page.keyboard.down('Enter');
      await page.keyboard.up('Enter');
    },
  ],
] as const) test(`${how} answers one question and not the next one too`, async ({ page, world, invite, embed, interview, api }) => {
  await world.server.importCampaign(CAMPAIGN);
  const { id, invite_token } = await invite(CAMPAIGN.id);
  await embed({ inviteToken: invite_token });
  await interview.shows('Question one?');
  await interview.settled();
  await begin(page, interview);
  await interview.shows('Question two?');
  await again(page, interview);
  await interview.answer('two');
  await interview.shows('Question three?');
  await page.keyboard.press('Enter');
  await interview.shows('Thank you.');

  const { data: sessions } = (await api('GET', `/v1/sessions?invite_id=${id}`)).body;
  const { data: answers } = (await api('GET', `/v1/sessions/${sessions[0].id}/answers`)).body;
  expect(answers.map(({ question_id, value }: any) => [question_id, value])).toEqual([['one', null], ['two', 'two'], ['three', null]]);
});

test('of many quick clicks only those are not counted that come before the next question can be seen', async ({ page, world, invite, embed, interview }) => {
  await world.server.importCampaign(CAMPAIGN);
  await embed({ inviteToken: (await invite(CAMPAIGN.id)).invite_token });
  await interview.shows('Question one?');
  await interview.settled();
  await page.mouse.click(...(await middleOf(interview, 'Continue')));
  await interview.shows('Question two?');
  await clickAgain(interview, 'Continue');
  await clickAgain(interview, 'Continue', 3);
  await interview.shows('Question three?');
});

test('a double click on a refusal does not end the interview', async ({ page, invite, embed, interview }) => {
  await embed({ inviteToken: (await invite()).invite_token });
  await interview.button('I do not agree').waitFor();
  await interview.settled();
  await page.mouse.click(...(await middleOf(interview, 'I do not agree')));
  await interview.button('End the interview').waitFor();
  await clickAgain(interview, 'End the interview');
  await interview.button('End the interview').click();
  await expect(interview.button('End the interview')).toHaveCount(0);
});
