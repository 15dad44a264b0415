import { answer, Line } from '../fixtures/line.ts';
import { expect, test } from '../fixtures/index.ts';
import { MOST_QUESTIONS } from '../support/numbered.mjs';
import { generator } from '../support/seeded.mjs';

/** How many answers are given, the longest delay of a reply, and the seed; `npm run soak` gives 1,000 answers. */
const ANSWERS = Number(process.env.ANSWERS ?? 60);
const DELAY_MS = Number(process.env.DELAY_MS ?? 200);
const SEED = Number(process.env.SEED ?? 20_261_124);

for (let done = 0; done < ANSWERS; done += MOST_QUESTIONS) {
  const count = Math.min(MOST_QUESTIONS, ANSWERS - done);
  // With and without questions in advance: the first goes on by itself when a reply takes long, the second waits.
  for (const offlineQuestions of ANSWERS > MOST_QUESTIONS ? [done === 0 ? 8 : 0] : [8, 0]) {
    test(`${count} answers over a line that drops, doubles, delays and reorders: each arrives once, in order (from ${done + 1}, ${offlineQuestions} in advance)`, async ({ page, pages, world }) => {
      test.setTimeout(60_000 + count * 1_500);
      const faults = { seed: SEED + done, dropped: 0.08, unanswered: 0.08, duplicated: 0.15, held: 0.1, delayMs: DELAY_MS };
      const line = await Line.open(world, count, { offlineQuestions, faults });
      const next = generator(SEED + done);
      const values = Object.fromEntries(Array.from({ length: count }, (_, index) => [index + 1, `${index + 1}: ${Math.floor(next() * 1e9).toString(36)}`]));
      const interview = await line.embed(page, pages);
      await answer(interview, values);
      await interview.shows('That was all.');

      expect(await line.stored()).toEqual(Object.entries(values).map(([number, value]) => [`q${number}`, value]));
      const session = await line.session();
      expect(session).toMatchObject({ status: 'completed', progress: 1 });
      const { data: events } = await line.call('/v1/events?type=interview.completed&limit=100');
      expect(events.filter((event: any) => event.data.session_id === session.id)).toHaveLength(1);
      for (const [fault, times] of Object.entries(line.proxy.counts)) expect(times, `it never ${fault}`).toBeGreaterThan(0);
      await line.proxy.stop();
    });
  }
}
