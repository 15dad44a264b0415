/**
 * The server is killed again and again while it sends webhooks and more events are made.
 *
 * KILLS says how often (`npm run soak` 50 times), SEED repeats a run: it decides when the kills come, how many invites a batch has, and
 * what the receiver does. The end waits for what was on its way at the last kill, which comes up again after 30 seconds.
 */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

import { generator } from '../support/seeded.mjs';
import { readCampaign, startServer } from '../support/server.mjs';

const execute = promisify(execFile);

/** More do not make it harder, and the soak has 200 for its neighbour. */
const KILLS = Math.min(Number(process.env.KILLS || 12), 50);
const SEED = Number(process.env.SEED || Date.now() % 1_000_000);
/** Deliveries that wait at each kill, at least. */
const QUEUED = 500;
const MAX_ROWS = 100;
/** Deliveries that are on their way at once: a restarted server has sent as many before the next kill. */
const AT_ONCE = 32;
/** A lease, one attempt that failed, and what is left of the queue. */
const DRAINED_WITHIN_MS = 90_000;
/** Several times what the longest run takes. */
const TIMEOUT_MS = 300_000;

let server;
let key;
let receiver;
let endpoint;

before(async () => {
  server = await startServer({ env: { INTERVIEWRELAY_SANDBOX_WEBHOOK_LOOPBACK: 'true' } });
  await server.importCampaign(await readCampaign('short'));
  ({ key } = await server.createKey({ options: ['--kind', 'admin'] }));
  receiver = await Receiver.start(generator(SEED + 1));
  endpoint = await create('/v1/webhooks', { url: receiver.url, events: ['invite.created'] });
});
after(async () => {
  await server?.dispose();
  receiver?.close();
});

test(`killed ${KILLS} times with ${QUEUED} deliveries queued (SEED=${SEED}), the server tells each invite's event, always under one id, and tells of no other`, { timeout: TIMEOUT_MS }, async ({ signal }) => {
  const random = generator(SEED);
  const run = { over: false, failure: null, acknowledged: new Set() };
  signal.addEventListener('abort', () => (run.failure ??= new Error('It takes too long.')));
  const inviter = invite(run, generator(SEED + 2)).catch((error) => (run.failure ??= error));
  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = receiver.arrivals.length;
    // Not before the restarted server has sent something and the queue is full; then at any moment.
    while ((receiver.arrivals.length < before + AT_ONCE || run.acknowledged.size - receiver.told.size < QUEUED) && !run.failure) await wait(1);
    await wait(random() * 100);
    if (run.failure) throw run.failure;
    await server.kill();
    // While a receiver fails, less is sent to it at once.
    receiver.failing = random() < 0.5 ? 0.2 : 0;
    await server.start();
  }
  run.over = true;
  await inviter;
  if (run.failure) throw run.failure;
  receiver.failing = 0;
  await drained();

  const invites = new Map((await all('/v1/invites')).map((one) => [one.id, one]));
  const events = new Map((await all('/v1/events', 'type=invite.created')).map((one) => [one.id, one]));
  // A batch is sent until it is answered, always under one name, so that no more is stored than was acknowledged.
  assert.deepEqual([...invites.keys()].sort(), [...run.acknowledged].sort(), 'exactly what was acknowledged is stored');
  const causes = [...events.values()].map(({ data }) => data.invite_id);
  assert.deepEqual(causes.sort(), [...invites.keys()].sort(), 'each invite has one event, and no event is without its invite');

  const bodies = new Map();
  const taken = new Set();
  for (const { id, body, status } of receiver.arrivals) {
    const event = events.get(id.replace(/^msg_/, 'evt_'));
    assert.ok(event, `${id} arrived, and nothing of that kind has happened`);
    if (status === 200) taken.add(event.id);
    if (body === null) continue;
    assert.equal(bodies.get(id) ?? body, body, `${id} arrived with two bodies`);
    bodies.set(id, body);
    assert.deepEqual(JSON.parse(body), event, `${id} arrived with an event that is not its own`);
  }
  assert.deepEqual([...events.keys()].filter((id) => !taken.has(id)), [], 'each event was taken');
  const deliveries = await all(`/v1/webhooks/${endpoint.id}/deliveries`);
  assert.deepEqual(deliveries.filter(({ status }) => status !== 'delivered'), [], 'each delivery is written down as such');
  assert.equal(deliveries.length, events.size);
});

test('its database is whole', async (context) => {
  assert.equal(await server.stop(), 0);
  const found = await pragmas(join(server.folder, 'interviewrelay.db'));
  if (found === null) context.skip('neither sqlite3 nor Python is here to look at it');
  else assert.equal(found, 'ok');
});

/** Invites people, a batch at a time, as long as fewer deliveries are queued than there should be. What gets no answer is sent again. */
async function invite(run, random) {
  for (let batch = 0; !run.over && !run.failure; batch += 1) {
    while (run.acknowledged.size - receiver.told.size >= QUEUED + MAX_ROWS && !run.over && !run.failure) await wait(1);
    const rows = Array.from({ length: 1 + Math.floor(random() * MAX_ROWS) }, (_, row) => ({ campaign_id: 'camp_short', external_id: `${batch}-${row}` }));
    const { data } = await insist(run, () => create('/v1/invites/batch', { invites: rows }, { 'Idempotency-Key': `batch-${SEED}-${batch}` }));
    assert.equal(data.length, rows.length);
    for (const { status, invite } of data) {
      assert.equal(status, 201);
      run.acknowledged.add(invite.id);
    }
  }
}

/** Waits until nothing is on its way. */
async function drained() {
  const deadline = performance.now() + DRAINED_WITHIN_MS;
  for (;;) {
    const { body } = await server.call('GET', `/v1/webhooks/${endpoint.id}/deliveries?status=pending&limit=1`, { key });
    if (body.data.length === 0) return;
    assert.ok(performance.now() < deadline, `this is still on its way: ${JSON.stringify(body.data)}`);
    await wait(100);
  }
}

/** Everything in a list. */
async function all(path, query = '') {
  const found = [];
  let cursor = '';
  do {
    const { status, body } = await server.call('GET', `${path}?limit=100&${query}${cursor && `&cursor=${cursor}`}`, { key });
    assert.equal(status, 200);
    found.push(...body.data);
    cursor = body.next_cursor;
  } while (cursor);
  return found;
}

async function create(path, body, headers) {
  const reply = await server.call('POST', path, { key, body, headers });
  assert.ok(reply.status === 200 || reply.status === 201, `${path}: ${reply.status} ${reply.text}`);
  return reply.body;
}

/** Tries until the server answers. An answer that is an error is none to insist on. */
async function insist(run, action) {
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (run.failure || error.code === 'ERR_ASSERTION') throw error;
      await wait(1);
    }
  }
}

/** What SQLite finds wrong with a database, or `ok`; `null` without a program that can ask it. */
async function pragmas(file) {
  const statements = ['PRAGMA integrity_check', 'PRAGMA foreign_key_check'];
  const python = 'import sqlite3, sys\nfor s in sys.argv[2:]:\n    for row in sqlite3.connect(sys.argv[1]).execute(s): print(*row)';
  for (const [program, args] of [
    ['sqlite3', ['-batch', file, statements.join(';')]],
    [process.env.PYTHON || 'python3', ['-c', python, file, ...statements]],
  ]) {
    try {
      return (await execute(program, args)).stdout.trim();
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
  }
  return null;
}

/** A customer's server that is not always at its best: of what comes for the first time it fails some, and it hangs up on some. */
class Receiver {
  /** `{id, body, status}` of each call; the body is `null` where it was not read, the status where nothing was answered. */
  arrivals = [];
  /** The ids that have come. */
  told = new Set();
  /** The share of what comes for the first time that fails. What would fail a second time would wait for five minutes. */
  failing = 0;
  #server;
  #random;

  static async start(random) {
    const receiver = new Receiver();
    receiver.#random = random;
    receiver.#server = createServer((request, response) => receiver.#take(request, response));
    await new Promise((done) => receiver.#server.listen(0, '127.0.0.1', done));
    receiver.url = `http://127.0.0.1:${receiver.#server.address().port}/hook`;
    return receiver;
  }

  close() {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #take(request, response) {
    const arrival = { id: request.headers['webhook-id'], body: null, status: null };
    this.arrivals.push(arrival);
    const fails = !this.told.has(arrival.id) && this.#random() < this.failing;
    this.told.add(arrival.id);
    const how = fails ? this.#random() : 1;
    if (how < 0.25) return request.destroy();
    const body = await read(request);
    // The server was killed while it sent this.
    if (body === null) return;
    arrival.body = body;
    if (how < 0.5) return request.destroy();
    await wait(this.#random() * 20);
    response.writeHead(fails ? 500 : 200).end((error) => (arrival.status = error ? null : response.statusCode));
  }
}

/** The body of a request, `null` when it was cut off. */
async function read(request) {
  try {
    const parts = [];
    for await (const part of request) parts.push(part);
    return Buffer.concat(parts).toString();
  } catch {
    return null;
  }
}
