/**
 * The server is killed again and again while interviews go on.
 *
 * KILLS says how often (`npm run soak` 200 times), SEED repeats a run: it decides how long after a restart the next kill comes.
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';

import { Participant } from '../support/participant.mjs';
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
  const run = { over: false, acknowledged: new Map() };
  const interviewers = Array.from({ length: INTERVIEWS_AT_ONCE }, () => interview(run));

  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = count(run);
    // Not before the restarted server has taken answers; then at any moment.
    while (count(run) < before + INTERVIEWS_AT_ONCE) await wait(1);
    await wait(random() * 60);
    await server.kill();
    const promised = structuredClone(run.acknowledged);
    await server.start();
    await check(promised);
  }
  run.over = true;
  await Promise.all(interviewers);
  await check(run.acknowledged);
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
    const participant = new Participant(server.sandbox, await insist(mint));
    await insist(() => participant.start());
    const id = participant.session.id;
    run.acknowledged.set(id, []);
    while (participant.turn.type === 'question' && !run.over) {
      const question = participant.turn.question.id;
      const value = `${id} ${question}`;
      const commit = participant.commit(value);
      await insist(() => participant.send(commit));
      run.acknowledged.get(id).push({ question, value });
    }
  }
}

/** Each session has exactly what was acknowledged, and perhaps one answer more whose acknowledgement was cut off. */
async function check(acknowledged) {
  for (const [id, answers] of acknowledged) {
    const { status, body } = await server.call('GET', `/v1/sessions/${id}/answers?limit=100`, { key });
    assert.equal(status, 200);
    const stored = body.data.map(({ question_id, value }) => ({ question: question_id, value })).sort(byNumber);
    assert.deepEqual(stored.slice(0, answers.length), answers, `${id} lost an answer`);
    assert.equal(new Set(stored.map(({ question }) => question)).size, stored.length, `${id} has an answer twice`);
    stored.forEach(({ question }, index) => assert.equal(question, `q${index + 1}`, `${id} left a question out`));
  }
}

async function mint() {
  const { status, body } = await server.call('POST', '/v1/invites', { key, body: { campaign_id: 'camp_long' } });
  assert.equal(status, 201);
  return body.invite_token;
}

/** Tries until the server answers. An answer that is an error is none to insist on. */
async function insist(action) {
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (error.status !== undefined || error.code === 'ERR_ASSERTION') throw error;
      await wait(5);
    }
  }
}

const count = ({ acknowledged }) => [...acknowledged.values()].reduce((total, answers) => total + answers.length, 0);
const byNumber = (a, b) => Number(a.question.slice(1)) - Number(b.question.slice(1));

/** Mulberry32: small, and the same numbers for the same seed. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
