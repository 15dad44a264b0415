/** An organization whose receivers answer 200, but late: none of its calls keeps anybody else's waiting, nor its own new and quick ones. */

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import { readCampaign } from '../support/server.mjs';
import { startCallingServer } from './happenings.mjs';
import { startReceiver } from './receiver.mjs';

/** What an organization may have, but for a few. */
const ENDPOINTS = 40;
const INVITES = 100;
/** How late they answer: what waits for one of their calls comes later than that, on a slow machine too. */
const LATE_MS = 4_000;
/** The quick ones are called for longer, so that slow calls come back meanwhile and others begin. */
const CALLED_MS = 1.5 * LATE_MS;
/** Calls that an organization may have on their way: of its slow ones, and of those and its new ones. */
const MAX_SLOW_CALLS = 96;
const MAX_UNPROVEN_CALLS = 112;

let server;
let slow;
let quick;
let own;
/** Calls to the slow ones, and what looks at them whenever one begins or ends. */
const told = { calls: 0, now: 0, most: 0, look() {} };

before(async () => {
  server = await startCallingServer();
  slow = createServer((request, response) => {
    told.calls += 1;
    told.now += 1;
    told.most = Math.max(told.most, told.now);
    told.look();
    request.resume();
    setTimeout(() => {
      told.now -= 1;
      response.writeHead(200).end();
      told.look();
    }, LATE_MS);
  });
  await new Promise((done) => slow.listen(0, '127.0.0.1', done));
  const timed = (delivery) => {
    delivery.at = Date.now();
    return 204;
  };
  quick = await startReceiver(timed);
  own = await startReceiver(timed);
});
after(async () => {
  await server?.dispose();
  slow?.closeAllConnections();
  slow?.close();
  await quick?.stop();
  await own?.stop();
});

/** Calls by an admin key of an organization. */
async function caller(organization) {
  const { key } = await server.createKey({ organization, options: ['--kind', 'admin'] });
  return async (method, path, body) => {
    const reply = await server.call(method, path, { key, body });
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.status} ${reply.text}`);
    return reply.body;
  };
}

/** Waits until that is so of the slow calls. */
function until(isSo) {
  return new Promise((done) => {
    told.look = () => isSo() && done();
    told.look();
  });
}

/** How long 99 of 100 were on their way, in milliseconds. */
function p99(deliveries) {
  const delays = deliveries.map(({ body, at }) => at - Date.parse(JSON.parse(body).timestamp)).sort((one, other) => one - other);
  return delays[Math.ceil(delays.length * 0.99) - 1];
}

test('while forty receivers that are slow have all the calls they may, 99 of 100 calls of others wait for none of theirs', { timeout: 120_000 }, async (t) => {
  const [many, one] = [await caller('Many slow ones'), await caller('One quick one')];
  const { id: endpoint } = await one('POST', '/v1/webhooks', { url: quick.url });
  const { port } = slow.address();
  for (let number = 0; number < ENDPOINTS; number += 1) {
    await many('POST', '/v1/webhooks', { url: `http://127.0.0.1:${port}/${number}`, events: ['invite.created'] });
  }
  const { id } = await server.importCampaign(await readCampaign('short'), { organization: 'Many slow ones' });
  const invite = (count) => many('POST', '/v1/invites/batch', { invites: Array.from({ length: count }, () => ({ campaign_id: id })) });
  await invite(1);
  await until(() => told.calls - told.now === ENDPOINTS);
  await invite(INVITES);
  await until(() => told.now >= MAX_SLOW_CALLS);
  await many('POST', '/v1/webhooks', { url: own.url, events: ['invite.created'] });
  await invite(INVITES);
  const began = Date.now();
  for (let number = 1; Date.now() - began < CALLED_MS; number += 1) {
    await one('POST', `/v1/webhooks/${endpoint}/test`);
    await quick.until((deliveries) => deliveries.length === number);
  }
  await own.until((deliveries) => deliveries.length === INVITES);
  const [others, ownOnes] = [p99(quick.deliveries), p99(own.deliveries)];
  t.diagnostic(`99 of 100 came within ${others} ms to another organization's receiver, ${ownOnes} ms to a new one of the same`);
  assert.ok(others < LATE_MS, `another organization waited ${others} ms`);
  assert.ok(ownOnes < LATE_MS, `the quick receiver of the same organization waited ${ownOnes} ms`);
  assert.ok(told.most <= MAX_UNPROVEN_CALLS, `${told.most} slow calls at once`);
});
