import { expect, test } from '../fixtures/index.ts';
import { readCampaign } from '../support/server.mjs';

test('no reply holds anything of a later question, of the logic or of the probes before their turn', async ({ page, invite, embed, interview, world }) => {
  const { guide } = await readCampaign('everything');
  const questions = guide.blocks.flatMap((block: any) => block.questions);
  const texts: Record<string, string> = Object.fromEntries(questions.map(({ id, text }: any) => [id, text.en.split('{{')[0]]));
  const probe: string = questions.find(({ id }: any) => id === 'why').follow_up.rules[0].probes[0].en;

  const replies: Promise<string>[] = [];
  page.on('response', (response) => {
    if (response.url().startsWith(world.server.sandbox)) replies.push(response.text().catch(() => ''));
  });
  /** Everything received so far; the page may show a reply before its text has come here as well. */
  const receivedAll = async () => (await Promise.all(replies)).join('\n');
  /** It holds only what was asked so far. */
  const onlyAsked = async (...asked: string[]) => {
    const here = () => receivedAll().then((received) => asked.every((id) => received.includes(texts[id])));
    await expect.poll(here, 'what was asked was received').toBe(true);
    const received = await receivedAll();
    for (const [id, text] of Object.entries(texts)) expect(received.includes(text), `"${text}" was received`).toBe(asked.includes(id));
    for (const inner of ['show_if', 'follow_up', 'goto', 'min_words', '"blocks"', '"next"', 'Thank you, ']) expect(received).not.toContain(inner);
  };

  await embed({ inviteToken: (await invite()).invite_token });
  await interview.shows('research team');
  await onlyAsked();
  await interview.consent();
  await interview.shows('There are no wrong answers.');
  await onlyAsked('welcome');
  await interview.next();
  await interview.answer('Ada');
  await interview.shows('What best describes your work, Ada?');
  await onlyAsked('welcome', 'name', 'role');
  await interview.choose('I lead a team');
  await interview.next();
  await interview.answer('7');
  await interview.shows('What slows your team down most?');
  await onlyAsked('welcome', 'name', 'role', 'team_size', 'why');
  expect(await receivedAll()).not.toContain(probe);
  await interview.answer('Meetings');
  await interview.shows(probe);
  await onlyAsked('welcome', 'name', 'role', 'team_size', 'why');
});
