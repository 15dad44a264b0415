/** Replies that come up to half a minute late. Many interviews wait for theirs at once: one after another would take a day. */

import { Line } from '../fixtures/line.ts';
import { expect, type Interview, test } from '../fixtures/index.ts';
import { WORDS } from '../fixtures/interview.ts';
import { asks } from '../support/numbered.mjs';
import { generator } from '../support/seeded.mjs';

/** How many interviews, the longest delay of a reply, and the seed; `npm run soak` has 50 interviews and 30 s. */
const INTERVIEWS = Number(process.env.LATE_INTERVIEWS ?? 4);
const LATE_MS = Number(process.env.LATE_MS ?? 1_500);
const SEED = Number(process.env.SEED ?? 20_261_124);
const QUESTIONS = INTERVIEWS > 4 ? 20 : 8;

/** After this the widget gives a call up and repeats it. */
const GIVEN_UP_MS = 20_000;
// A question may need ten tries, with a pause between them.
const PATIENCE_MS = 15_000 + LATE_MS * 20;
const patiently = expect.configure({ timeout: PATIENCE_MS });

test(`${INTERVIEWS * QUESTIONS} answers in ${INTERVIEWS} interviews at once, replies up to ${LATE_MS / 1_000} s late: what was last confirmed is stored, once and in order`, async ({ context, pages, world }) => {
  test.setTimeout(60_000 + QUESTIONS * (5_000 + LATE_MS * 4));
  const faults = { dropped: 0.1, unanswered: 0.1, duplicated: 0.15, held: 0.1, delayMs: LATE_MS };
  const lines: Line[] = [];
  for (let index = 0; index < INTERVIEWS; index += 1) {
    // Every other one knows its next questions in advance, and goes on by itself.
    lines.push(await Line.open(world, QUESTIONS, { offlineQuestions: index % 2 === 0 ? 8 : 0, allowBack: true, faults: { ...faults, seed: SEED + index } }));
  }
  // A tab each, as there is one focus in a tab.
  const confirmed = await Promise.all(lines.map(async (line, index) => take(await line.embed(await context.newPage(), pages), generator(SEED + index))));

  for (const [index, line] of lines.entries()) {
    expect(await line.stored(), `interview ${index}`).toEqual(confirmed[index]);
    const session = await line.session();
    expect(session).toMatchObject({ status: 'completed', progress: 1 });
    const { data: events } = await line.call('/v1/events?type=interview.completed&limit=100');
    expect(events.filter((event: any) => event.data.session_id === session.id)).toHaveLength(1);
    await line.proxy.stop();
  }
  for (const fault of ['dropped', 'unanswered', 'duplicated', 'held'] as const) {
    expect(sum(lines, ({ proxy }) => proxy.counts[fault]), `no call was ${fault}`).toBeGreaterThan(0);
  }
  if (LATE_MS > GIVEN_UP_MS) expect(sum(lines, ({ proxy }) => proxy.givenUp()), 'no reply was too late').toBeGreaterThan(0);
});

const sum = (lines: Line[], count: (line: Line) => number) => lines.reduce((total, line) => total + count(line), 0);

/** Answers all, changes one in four of the answers before the next is given, and tells what was last confirmed of each. */
async function take(interview: Interview, next: () => number): Promise<[string, string][]> {
  const said = (number: number) => `${number}: ${Math.floor(next() * 1e9).toString(36)}`;
  const heading = interview.root.getByRole('heading', { level: 2 });
  const asked = (number: number) => patiently(heading).toHaveText(asks(number));
  const confirmed: [string, string][] = [];
  // Who reads that the interview cannot be reached tries again.
  await interview.page.addLocatorHandler(interview.button(WORDS.tryAgain), (button) => button.click());
  for (let number = 1; number <= QUESTIONS; number += 1) {
    await asked(number);
    if (number > 1 && next() < 0.25) {
      const [question, before] = confirmed.pop()!;
      // The earlier question comes from the server. When that took too long the button can be pressed again.
      const goBack = interview.button('Back');
      const opened = heading.filter({ hasText: asks(number - 1) });
      const canGoBack = goBack.and(interview.page.locator(':not([aria-disabled])'));
      while (!(await opened.isVisible())) {
        await goBack.click({ timeout: PATIENCE_MS });
        await patiently(opened.or(canGoBack).first()).toBeVisible();
      }
      await expect(interview.field()).toHaveValue(before);
      const changed = said(number - 1);
      await interview.answer(changed);
      confirmed.push([question, changed]);
      await asked(number);
    }
    const answer = said(number);
    await interview.answer(answer);
    confirmed.push([`q${number}`, answer]);
  }
  await patiently(interview.root.getByText('That was all.')).toBeVisible();
  return confirmed;
}
