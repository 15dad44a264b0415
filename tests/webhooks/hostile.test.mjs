/** Receivers that hang, drip, flood, break off and refuse: none of them keeps others waiting. */

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';

import { readCampaign, startServer } from '../support/server.mjs';
import { startReceiver } from './receiver.mjs';

/** Invites in one batch, and how many batches: each invite is an event for each endpoint. */
const BATCH = 50;
const BATCHES = 6;
/** How much one of them would send if anybody read it. */
const GIBIBYTE = 1024 ** 3;

const PLAIN = 'HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n';
const BEHAVIOURS = {
  'says nothing': () => {},
  'breaks off': (socket) => socket.destroy(),
  'talks nonsense': (socket) => socket.end('\u0000\u0001 what?\r\n\r\n'),
  'drips': (socket) => {
    socket.write(PLAIN);
    const drip = setInterval(() => socket.write('.'), 200);
    socket.on('close', () => clearInterval(drip));
  },
  'floods': (socket, told) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${GIBIBYTE}\r\n\r\n`);
    const piece = Buffer.alloc(64 * 1024, 'x');
    const pour = () => {
      while (!socket.destroyed && socket.write(piece)) told.poured += piece.length;
      if (!socket.destroyed) socket.once('drain', pour);
    };
    pour();
  },
  'refuses': (socket) => socket.end('HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'),
  'sends elsewhere': (socket) => socket.end('HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'),
  'wants time': (socket) => socket.end('HTTP/1.1 429 Too Many Requests\r\nRetry-After: 3600\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'),
};

let server;
let good;
let key;
const hostile = [];

/** Somebody who behaves so as soon as a request comes; counts calls and what was poured out. */
async function startHostile(behave) {
  const told = { calls: 0, poured: 0 };
  const sockets = new Set();
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.once('data', () => {
      told.calls += 1;
      behave(socket, told);
    });
  });
  await new Promise((done) => listener.listen(0, '127.0.0.1', done));
  const stop = () => {
    for (const socket of sockets) socket.destroy();
    listener.close();
  };
  return { url: `http://127.0.0.1:${listener.address().port}/`, told, stop };
}

async function call(method, path, body) {
  const reply = await server.call(method, path, { key, body });
  assert.ok(reply.status < 300, `${method} ${path}: ${reply.status} ${reply.text}`);
  return reply.body;
}

before(async () => {
  server = await startServer({ env: { INTERVIEWRELAY_SANDBOX_WEBHOOK_LOOPBACK: 'true' } });
  ({ key } = await server.createKey());
  for (const behave of Object.values(BEHAVIOURS)) {
    const one = await startHostile(behave);
    one.endpoint = await call('POST', '/v1/webhooks', { url: one.url, events: ['invite.created'] });
    hostile.push(one);
  }
  good = await startReceiver((delivery) => {
    delivery.at = Date.now();
    return 204;
  });
  await call('POST', '/v1/webhooks', { url: good.url, events: ['invite.created'] });
});

after(async () => {
  for (const one of hostile) one.stop();
  await good?.stop();
  await server?.dispose();
});

test('beside eight hostile receivers a good one gets all, 99 of 100 within a second', async () => {
  const { id } = await server.importCampaign(await readCampaign('short'));
  for (let batch = 0; batch < BATCHES; batch += 1) {
    await call('POST', '/v1/invites/batch', { invites: Array.from({ length: BATCH }, () => ({ campaign_id: id })) });
    await good.until((deliveries) => deliveries.length === BATCH * (batch + 1));
  }
  const delays = good.deliveries.map(({ body, at }) => at - Date.parse(JSON.parse(body).timestamp)).sort((one, other) => one - other);
  const p99 = delays[Math.ceil(delays.length * 0.99) - 1];
  assert.equal(delays.length, BATCH * BATCHES);
  assert.ok(p99 < 1_000, `99 of 100 came within ${p99} ms`);
  for (const [index, name] of Object.keys(BEHAVIOURS).entries()) assert.ok(hostile[index].told.calls > 0, `nobody called who ${name}`);
});

test('of a flood little is read, and none of them but those that hang has taken anything', async () => {
  const flood = hostile[Object.keys(BEHAVIOURS).indexOf('floods')];
  // What is read, and what the buffers of two sockets hold.
  assert.ok(flood.told.poured / flood.told.calls < 8 * 1024 ** 2, `${flood.told.poured} bytes in ${flood.told.calls} calls`);
  for (const name of ['breaks off', 'talks nonsense', 'refuses', 'sends elsewhere', 'wants time']) {
    const { endpoint } = hostile[Object.keys(BEHAVIOURS).indexOf(name)];
    const { data } = await call('GET', `/v1/webhooks/${endpoint.id}/deliveries?limit=100&status=delivered`);
    assert.deepEqual(data, [], name);
  }
});
