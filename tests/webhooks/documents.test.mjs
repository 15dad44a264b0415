/** What docs/webhooks.md says beyond its verifiers: the call, the example, the table of events, the receiver. */

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';

import { EVENT_TYPES, page, snippets } from './documents.mjs';
import { eventually, startWithDeliveries } from './happenings.mjs';
import { sign } from './signatures.mjs';

const execute = promisify(execFile);

let world;

before(async () => {
  world = await startWithDeliveries();
});
after(() => world?.stop());

test('the call makes an endpoint that is told of everything but what is opt-in', async () => {
  const { server, receiver, call } = world;
  const code = snippets('## An endpoint', 'sh')[0].replace('https://interviews.example.com', server.sandbox).replace('https://example.com/webhooks', receiver.url);
  const { stdout } = await execute('bash', ['-c', code], { env: { ...process.env, INTERVIEWRELAY_API_KEY: call.key } });
  const created = JSON.parse(stdout);
  assert.match(created.secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  assert.deepEqual([created.events, created.description], [[], 'CRM']);
});

test('the table has the events that there are', () => {
  const rows = [...page.matchAll(/^\| `([a-z_.]+)`( \(opt-in\))? \|/gm)];
  assert.deepEqual(rows.map(([, type]) => type), EVENT_TYPES);
  assert.deepEqual(rows.filter(([, , optIn]) => optIn).map(([, type]) => type), ['session.answer_recorded']);
});

test('the example has the members of a real delivery, in their order', () => {
  const example = snippets('## What is sent', 'json')[0].trimEnd();
  const real = world.deliveries.find(({ type }) => type === 'invite.created').body;
  // Of ids the prefix stays, of everything else nothing.
  const shape = (body) => body.replace(/"([a-z]+_)?[^":]*"(?=[,}])/g, (_, prefix = '') => `"${prefix}"`).replace(/"[^"]*Z"/, '""');
  assert.equal(shape(example), shape(real));
  assert.equal(JSON.stringify(JSON.parse(example)), example);
});

test('a delivery has the headers of both families, and JSON', () => {
  for (const { headers } of world.deliveries) {
    assert.equal(headers['content-type'], 'application/json');
    assert.match(headers['x-interviewrelay-timestamp'], /^\d{13}$/);
    assert.match(headers['x-interviewrelay-signature'], /^[0-9a-f]{64}$/);
    assert.match(headers['webhook-id'], /^msg_\w+$/);
    assert.match(headers['webhook-timestamp'], /^\d{10}$/);
    assert.match(headers['webhook-signature'], /^v1,[A-Za-z0-9+/]{43}=$/);
  }
});

describe('the receiver', () => {
  let receiver;

  before(async () => {
    const { id, secret } = await world.call('POST', '/v1/webhooks', { url: 'http://127.0.0.1:9/', events: ['ping'] });
    receiver = await runReceiver(secret);
    await world.call('PATCH', `/v1/webhooks/${id}`, { url: receiver.url });
    Object.assign(receiver, { secret, path: `/v1/webhooks/${id}` });
  });
  after(() => receiver?.stop());

  test('takes a delivery, and does nothing when it comes again', async () => {
    const { id } = await world.call('POST', `${receiver.path}/test`);
    await attempts(receiver.path, id, 1);
    await world.call('POST', `${receiver.path}/redeliver`, { delivery_id: id });
    const { status, attempts: made } = await attempts(receiver.path, id, 2);
    assert.deepEqual([status, made.map((attempt) => attempt.status)], ['delivered', [204, 204]]);
    assert.deepEqual(receiver.lines.map((line) => line.split(' ')[0]), ['ping']);
  });

  test('answers a forged delivery with 400', async () => {
    const delivery = { body: '{"id":"evt_1","type":"ping","data":{}}', headers: { 'webhook-id': 'msg_1' } };
    const post = (headers) => fetch(receiver.url, { method: 'POST', headers, body: delivery.body });
    assert.equal((await post(sign(delivery, receiver.secret))).status, 204);
    assert.equal((await post(sign(delivery, `whsec_${Buffer.alloc(32).toString('base64')}`))).status, 400);
    assert.equal((await post({})).status, 400);
  });
});

/** The delivery, once it has had so many attempts. */
function attempts(path, id, count) {
  return eventually(async () => {
    const { data } = await world.call('GET', `${path}/deliveries`);
    return data.find((delivery) => delivery.id === id && delivery.attempts.length >= count);
  });
}

/** The receiver of the page, on a free port. */
async function runReceiver(secret) {
  const code = snippets('### Node, without a library', 'js').join('\n');
  const tellPort = "\nserver.on('listening', () => console.log(server.address().port));";
  const child = spawn(process.execPath, ['--input-type=module', '-e', code + tellPort], {
    env: { ...process.env, INTERVIEWRELAY_WEBHOOK_SECRET: secret, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = [];
  const printed = createInterface({ input: child.stdout });
  const [port] = await once(printed, 'line');
  printed.on('line', (line) => lines.push(line));
  const stop = async () => {
    child.kill();
    await once(child, 'exit');
  };
  return { url: `http://127.0.0.1:${port}/hook`, lines, stop };
}
