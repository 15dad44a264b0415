/** The snippet of the guide to GraphQL, word for word and in our own words, and the answers that it promises. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';

import { GRAPHQL_BASES, readGuide, snippet } from '../support/guide.mjs';
import { readCampaign, startServer } from '../support/server.mjs';

const execute = promisify(execFile);
const PASSWORD = 'correct horse battery staple';
const REFUSED = '{"error":"Missing or invalid API key or token"}';

const OWN = `curl -X POST ${GRAPHQL_BASES.live} \\
  -H "x-api-key: YOUR_API_KEY" \\
  -H "Authorization: Bearer YOUR_TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{"query": "query { interviews { id title } }"}'`;

let server;
const callers = {};

/** Somebody with a key and a user who has signed in, in each environment of one organization. */
before(async () => {
  server = await startServer();
  const child = ['users', 'create', '--org', 'Tests', '--email', 'ada@example.com', '--role', 'admin', '--json'];
  for (const environment of ['live', 'test']) {
    const { key } = await server.createKey({ environment });
    await server.importCampaign(await readCampaign('short'), { environment });
    callers[environment] = { environment, key };
  }
  const { password } = await server.command(...child);
  for (const caller of Object.values(callers)) {
    const login = { email: 'ada@example.com', password };
    const reply = await server.call('POST', '/auth/login', { environment: caller.environment, headers: { 'x-api-key': caller.key }, body: login });
    assert.equal(reply.status, 200, reply.text);
    caller.token = reply.body.token;
  }
});
after(() => server?.dispose());

function graphql({ environment, key, token }, query, headers = {}) {
  const sent = { 'x-api-key': key, Authorization: `Bearer ${token}`, ...headers };
  for (const [name, value] of Object.entries(sent)) if (value === undefined) delete sent[name];
  return server.call('POST', '/graphql', { environment, headers: sent, body: { query } });
}

function describeCurl(title, code, skip) {
  describe(title, { skip }, () => {
    for (const environment of ['live', 'test']) {
      test(`lists the interviews (${environment})`, async () => {
        const { key, token } = callers[environment];
        const base = `${environment === 'live' ? server.live : server.sandbox}/graphql`;
        const call = code.replace(GRAPHQL_BASES.live, base).replace('YOUR_API_KEY', key).replace('YOUR_TOKEN', token);
        const { stdout } = await execute('bash', ['-c', call]);
        const { data, errors } = JSON.parse(stdout);
        assert.equal(errors, undefined);
        assert.equal(data.interviews.length, 1);
        assert.deepEqual(Object.keys(data.interviews[0]), ['id', 'title']);
      });
    }
  });
}

describeCurl('a call in our own words', OWN, false);
const guide = readGuide(GRAPHQL_BASES.live);
const code = guide && snippet(guide, { heading: 'Quick Start Example', from: 'curl', to: '  -d ' });
describeCurl("the guide's own call", code, code === null && 'the guide is not here; GUIDES names the folder that holds it');

test('the smallest query answers byte for byte', async () => {
  const reply = await graphql(callers.live, '{ __typename }');
  assert.deepEqual([reply.status, reply.text], [200, '{"data":{"__typename":"Query"}}']);
});

test('what is missing or wrong is refused as the guide says', async () => {
  const of = (headers, query = '{ __typename }') => graphql(callers.live, query, headers);
  for (const [headers, status] of [
    [{ 'x-api-key': undefined }, 401],
    [{ 'x-api-key': callers.test.key }, 401],
    [{ 'x-api-key': `${callers.live.key.slice(0, -1)}!` }, 401],
    [{ Authorization: undefined }, 401],
    [{ Authorization: 'Bearer nonsense' }, 401],
    [{ Authorization: `Bearer ${callers.test.token}` }, 401],
    [{ Authorization: 'Basic YWRhOnB3' }, 400],
    [{ 'Content-Type': 'text/plain' }, 400],
  ]) {
    const reply = await of(headers);
    assert.equal(reply.status, status, `${JSON.stringify(Object.keys(headers))}: ${reply.text}`);
    if (status === 401) assert.equal(reply.text, REFUSED);
    else assert.deepEqual(Object.keys(reply.body), ['error']);
  }
});

test('signing in needs the key, and a wrong password is told as little as an unknown user', async () => {
  const login = (email, password, key = callers.live.key) =>
    server.call('POST', '/auth/login', { environment: 'live', headers: key ? { 'x-api-key': key } : {}, body: { email, password } });
  for (const reply of [await login('ada@example.com', PASSWORD), await login('eve@example.com', PASSWORD), await login('ada@example.com', PASSWORD, null)]) {
    assert.deepEqual([reply.status, reply.text], [401, REFUSED]);
  }
});
