/** Questions that are longer than the window: each begins where the person can see it, and nothing else moves the page. */

import { expect, Interview, test } from '../fixtures/index.ts';
import { framed } from '../fixtures/frames.ts';

const choices = Array.from({ length: 12 }, (_, index) => ({ id: `c${index}`, label: `Choice number ${index + 1}` }));
const words = 'What has changed since we asked you last time, and what would you have changed if it had been up to you?';
const CAMPAIGN = {
  id: 'camp_long',
  name: 'Long',
  guide: {
    schema: 1,
    title: 'Long',
    blocks: [{ id: 'all', questions: ['one', 'two'].map((id) => ({ id, kind: 'single_choice', text: `Question ${id}? ${words}`, choices })) }],
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
  await page.addInitScript(() => addEventListener('interview-relay-start', () => document.body.setAttribute('data-started', '')));
  await embed({ inviteToken: (await invite(CAMPAIGN.id)).invite_token, ...options });
  const interview = find(page);
  await interview.shows('Question one?');
  await interview.settled();
  const last = interview.root.getByRole('radio', { name: 'Choice number 12' });
  await last.scrollIntoViewIfNeeded();
  const scrolled = () => page.evaluate(() => scrollY);
  const before = await scrolled();
  await last.check();
  await page.locator('body[data-started]').waitFor();
  expect(await scrolled(), 'nothing moves under a finger').toBe(before);
  await interview.next();
  await expect(interview.root.getByRole('heading', { name: 'Question two?' })).toBeInViewport({ ratio: 1 });
});
