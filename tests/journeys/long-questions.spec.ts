/** Questions that are longer than the window: each begins where the person can see it. */

import { expect, Interview, test } from '../fixtures/index.ts';
import { framed } from '../fixtures/frames.ts';

const choices = Array.from({ length: 12 }, (_, index) => ({ id: `c${index}`, label: `Choice number ${index + 1}` }));
const CAMPAIGN = {
  id: 'camp_long',
  name: 'Long',
  guide: {
    schema: 1,
    title: 'Long',
    blocks: [{ id: 'all', questions: ['one', 'two'].map((id) => ({ id, kind: 'single_choice', text: `Question ${id}?`, choices })) }],
    ends: [{ id: 'thanks', text: 'Thank you.' }],
  },
};

for (const [where, options, find] of [
  ['in a page', {}, (page) => new Interview(page)],
  ['in a pop-up', { mode: 'popup' }, (page) => new Interview(page)],
  ['in a frame', { isolation: 'iframe' }, framed],
] as [string, object, typeof framed][]) test(`the next long question begins at its beginning on a phone ${where}`, async ({ page, world, invite, embed }) => {
  await page.setViewportSize({ width: 360, height: 640 });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await world.server.importCampaign(CAMPAIGN);
  await embed({ inviteToken: (await invite(CAMPAIGN.id)).invite_token, ...options });
  const interview = find(page);
  await interview.shows('Question one?');
  await interview.choose('Choice number 12');
  await interview.next();
  await expect(interview.root.getByRole('heading', { name: 'Question two?' })).toBeInViewport();
});
