/**
 * The server is killed again and again while interviews go on.
 *
 * KILLS says how often (`npm run soak` 200 times), SEED repeats a run: it decides how long after a restart the next kill comes.
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';

import { Participant } from '../support/participant.mjs';
import { generator } from '../support/seeded.mjs';
import { readCampaign, startServer } from '../support/server.mjs';

const KILLS = Number(process.env.KILLS || 12);
const SEED = Number(process.env.SEED || Date.now() % 1_000_000);
const INTERVIEWS_AT_ONCE = 6;

let server;
let key;

before(async () => {
  server = await startServer();
  await server.importCampaign(await readCampaign('long'));
  ({ key } = await server.createKey());
});
after(() => server?.dispose());

test(`killed ${KILLS} times (SEED=${SEED}), the server has every acknowledged answer once and goes on at the right question`, async () => {
  const random = generator(SEED);
  const run = { over: false, failure: null, isPaused: false, acknowledged: new Map(), touched: new Set() };
  const interviewers = Array.from({ length: INTERVIEWS_AT_ONCE }, () => interview(run).catch((error) => (run.failure ??= error)));

  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = count(run);
    // Not before the restarted server has taken answers; then at any moment.
    while (count(run) < before + INTERVIEWS_AT_ONCE && !run.failure) await wait(1);
    await wait(random() * 60);
    // What is sent again after the restart must not cover up what was lost before it.
    run.isPaused = true;
    await server.kill();
    await server.start();
    await check(run, run.touched);
    run.touched.clear();
    run.isPaused = false;
    if (run.failure) throw run.failure;
  }
  run.over = true;
  await Promise.all(interviewers);
  if (run.failure) throw run.failure;
  await check(run, run.acknowledged.keys());
});

test('asked to end, the server ends well and keeps everything', async () => {
  const participant = new Participant(server.sandbox, await mint());
  await participant.start();
  await participant.answer('kept');
  assert.equal(await server.stop(), 0);
  await server.start();
  await participant.start();
  assert.equal(participant.turn.question.id, 'q2');
});

/** Takes one interview after another; what gets no reply is sent again as it was, as the widget does. */
async function interview(run) {
  while (!run.over) {
    const token = await insist(run, mint);
    const participant = new Participant(server.sandbox, token);
    await insist(run, () => participant.start());
    const id = participant.session.id;
    run.acknowledged.set(id, []);
    while (participant.turn.type === 'question' && !run.over) {
      const question = participant.turn.question.id;
      const value = `${id} ${question}`;
      const commit = participant.commit(value);
      await insist(run, () => participant.send(commit));
      run.acknowledged.get(id).push({ question, value });
      run.touched.add(id);
    }
  }
}

/** Each of these sessions has exactly what was acknowledged, and perhaps one answer more whose acknowledgement was cut off. */
async function check({ acknowledged }, ids) {
  for (const id of ids) {
    const answers = acknowledged.get(id);
    const { status, body } = await server.call('GET', `/v1/sessions/${id}/answers?limit=100`, { key });
    assert.equal(status, 200);
    const stored = body.data.map(({ question_id, value }) => ({ question: question_id, value })).sort(byNumber);
    assert.deepEqual(stored.slice(0, answers.length), answers, `${id} lost an answer`);
    assert.ok(stored.length <= answers.length + 1, `${id} has answers that nobody gave`);
    stored.forEach(({ question }, index) => assert.equal(question, `q${index + 1}`, `${id} has an answer twice or left a question out`));
  }
}

async function mint() {
  const { status, body } = await server.call('POST', '/v1/invites', { key, body: { campaign_id: 'camp_long' } });
  assert.equal(status, 201);
  return body.invite_token;
}

/** Tries until the server answers. An answer that is an error is none to insist on. */
async function insist(run, action) {
  for (;;) {
    while (run.isPaused) await wait(1);
    try {
      return await action();
    } catch (error) {
      if (error.status !== undefined || error.code === 'ERR_ASSERTION') throw error;
      await wait(1);
    }
  }
}

const count = ({ acknowledged }) => [...acknowledged.values()].reduce((total, answers) => total + answers.length, 0);
const byNumber = (a, b) => Number(a.question.slice(1)) - Number(b.question.slice(1));
