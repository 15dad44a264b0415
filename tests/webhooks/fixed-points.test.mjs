/** Whoever has parsed a body can still verify it: `JSON.stringify(JSON.parse(body))` is the body, for ten thousand of them. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { EVENT_TYPES } from './documents.mjs';
import { eventually, interview, makeAllHappen, startCaller, startCallingServer, TAKE_TIME } from './happenings.mjs';
import { startReceiver } from './receiver.mjs';

const BATCHES = 50;
const INVITES_IN_A_BATCH = 100;
const INTERVIEWS = 20;
const MAX_BYTES = 20_000;

/** Ids as odd as they may be: names of members that every object has, what reads as a number, all that is allowed, the longest. */
const QUESTIONS = ['constructor', 'hasOwnProperty', 'toString', 'e1', 'NaN', 'null', 'a-_-Z_9', 'x'.repeat(64)];
const CAMPAIGNS = ['camp_1e400', 'camp_000000000000000000001', 'camp_constructor', `camp_${'9'.repeat(59)}`];

const isFixedPoint = (body) => JSON.stringify(JSON.parse(body)) === body;

let server;
let receiver;
let call;
let path;

before(async () => {
  server = await startCallingServer();
  receiver = await startReceiver();
  call = await startCaller(server);
  path = `/v1/webhooks/${(await call('POST', '/v1/webhooks', { url: receiver.url, events: EVENT_TYPES })).id}`;
});
after(async () => {
  await server?.dispose();
  await receiver?.stop();
});

test('ten thousand bodies of fifteen types are what JavaScript makes of them, and small', async () => {
  await makeAllHappen(server, call, path);
  for (const id of CAMPAIGNS) await server.importCampaign(oddCampaign(id));
  for (let number = 0; number < INTERVIEWS; number += 1) await interview(server, call, CAMPAIGNS[number % CAMPAIGNS.length]);
  await inviteAndCancelMany();
  await receiver.until((deliveries) => deliveries.length > 2 * BATCHES * INVITES_IN_A_BATCH);
  await eventually(async () => (await call('GET', `${path}/deliveries?status=pending&limit=1`)).data.length === 0);

  const bodies = new Map(receiver.deliveries.map(({ id, body }) => [id, body]));
  assert.ok(bodies.size >= 10_000, `${bodies.size} events`);
  assert.deepEqual([...bodies.values()].filter((body) => !isFixedPoint(body)), []);
  assert.deepEqual([...bodies.values()].filter((body) => Buffer.byteLength(body) >= MAX_BYTES), []);
  assert.deepEqual(new Set(receiver.deliveries.map(({ type }) => type)), new Set(EVENT_TYPES.filter((type) => !TAKE_TIME.includes(type))));
  const asked = new Set(receiver.deliveries.map(({ body }) => JSON.parse(body).data.question_id));
  for (const id of [...QUESTIONS, 'toString~1']) assert.ok(asked.has(id), `${id} was answered`);
});

test('the feed shows each event as it was sent', async () => {
  const { text } = await server.call('GET', '/v1/events?limit=100&type=session.answer_recorded', { key: call.key });
  const { data } = JSON.parse(text);
  const sent = new Map(receiver.deliveries.map(({ id, body }) => [id, body]));
  assert.equal(data.length, 100);
  for (const { id } of data) assert.ok(text.includes(sent.get(id)), id);
});

test('other ways to write the same would be found', () => {
  for (const body of ['{"a": 1}', '{"a":1.0}', '{"a":1e2}', '{"a":-0}', '{"a":"\\u0041"}', '{"a":"\\/"}', '{"a":12345678901234567890}', '{"b":1,"1":2}', '{"a":1,"a":1}']) {
    assert.equal(isFixedPoint(body), false, body);
  }
});

/** Every answer gets a probe where there is one. */
function oddCampaign(id) {
  const follow_up = { max_depth: 1, rules: [{ when: { min_words: 5 }, probes: [{ en: 'Why?' }] }] };
  const questions = QUESTIONS.map((question) => ({ id: question, kind: 'short_text', text: { en: 'What?' }, ...(question === 'toString' && { follow_up }) }));
  const guide = { schema: 1, title: { en: 'Odd' }, blocks: [{ id: 'all', questions }], ends: [{ id: 'done', text: { en: 'Done.' } }] };
  return { id, name: 'Odd', guide };
}

/** Invites thousands by a key that is then revoked together with what it minted. */
async function inviteAndCancelMany() {
  const minter = await call('POST', '/v1/api-keys', { name: 'Minter' });
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const invites = Array.from({ length: INVITES_IN_A_BATCH }, (_, row) => ({
      campaign_id: CAMPAIGNS[(batch + row) % CAMPAIGNS.length],
      participant_name: `"\\\u2028${row}é`,
    }));
    const { status, body } = await server.call('POST', '/v1/invites/batch', { key: minter.key, body: { invites } });
    assert.equal(status, 200);
    assert.ok(body.data.every((row) => row.status === 201));
  }
  await call('DELETE', `/v1/api-keys/${minter.id}?cancel_invites=true`);
}
