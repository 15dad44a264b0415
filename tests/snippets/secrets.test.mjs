/** A key's secret is shown once and kept nowhere. */

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Participant } from '../support/participant.mjs';
import { readCampaign, startServer } from '../support/server.mjs';

let server;

before(async () => {
  server = await startServer({ env: { RUST_LOG: 'trace' } });
  await server.importCampaign(await readCampaign('short'));
});
after(() => server?.dispose());

test('the secret of a key is in no file, no log and no answer but the first', async () => {
  const admin = await server.createKey({ name: 'By command', options: ['--kind', 'admin'] });
  const created = await server.call('POST', '/v1/api-keys', { key: admin.key, body: { name: 'By call' } });
  assert.equal(created.status, 201);
  const keys = [admin.key, created.body.key];

  const replies = await useEverywhere(created.body);
  const secrets = keys.flatMap(spellings);
  for (const { name, content } of [...replies, ...(await files()), { name: 'the log', content: server.log }]) found(name, content, secrets);

  // What is written at the end, too: the write-ahead log is folded into the database.
  assert.equal(await server.stop(), 0);
  for (const { name, content } of [...(await files()), { name: 'the log', content: server.log }]) found(name, content, secrets);
});

test('the search would find a secret', async () => {
  const secret = 'An answer that is stored as it was given';
  await server.start();
  const { key } = await server.createKey();
  const { body } = await server.call('POST', '/v1/invites', { key, body: { campaign_id: 'camp_short' } });
  const participant = new Participant(server.sandbox, body.invite_token);
  await participant.start();
  await participant.answer(secret);
  const hits = (await files()).filter(({ content }) => content.includes(secret));
  assert.notDeepEqual(hits, []);
});

/** Uses the key for good and bad calls and for an interview; gives all that was answered. */
async function useEverywhere({ id, key }) {
  const replies = [];
  const call = async (method, path, options = {}) => {
    const reply = await server.call(method, path, { key, ...options });
    const headers = JSON.stringify([...reply.headers]);
    replies.push({ name: `${method} ${path}`, content: Buffer.from(`${headers}\n${reply.text}`) });
    return reply;
  };
  const invite = await call('POST', '/v1/invites', { body: { campaign_id: 'camp_short', participant_email: 'ada@example.com' } });
  const participant = new Participant(server.sandbox, invite.body.invite_token);
  await participant.start();
  while (participant.turn.type === 'question') await participant.answer('something');

  await call('GET', '/v1/api-keys');
  await call('GET', '/v1/campaigns');
  await call('GET', `/v1/sessions/${participant.session.id}/transcript`);
  await call('POST', '/v1/api-keys', { body: { name: 'A standard key may not' } });
  await call('POST', '/v1/invites', { body: { campaign_id: key } });
  await call('GET', `/v1/nothing`);
  await call('GET', '/v1/campaigns', { environment: 'live' });
  await call('GET', '/v1/campaigns', { key: `${key}x` });
  await call('DELETE', `/v1/api-keys/${id}`);
  await call('GET', '/v1/campaigns');
  return replies;
}

/** A key and its secret part as they are and as they might be encoded. */
function spellings(key) {
  const secret = key.replace(/^ir_(live|test)_sk_.{8}/, '').slice(0, 32);
  assert.equal(secret.length, 32);
  return [secret, Buffer.from(secret).toString('hex'), ...[0, 1, 2].map((shift) => base64Core(secret, shift)), [...secret].join('\0')];
}

/** The part of the base64 of a text that is the same whatever surrounds it, when it begins `shift` bytes into a group of three. */
function base64Core(text, shift) {
  const encoded = Buffer.from('\0'.repeat(shift) + text).toString('base64');
  return encoded.slice(shift === 0 ? 0 : 4, -4);
}

async function files() {
  const names = await readdir(server.folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    names.filter((entry) => entry.isFile()).map(async (entry) => {
      const path = join(entry.parentPath ?? entry.path, entry.name);
      return { name: path, content: await readFile(path) };
    }),
  );
}

function found(name, content, secrets) {
  for (const secret of secrets) assert.equal(content.includes(secret), false, `${name} holds a secret`);
}
