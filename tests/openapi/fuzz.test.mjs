/**
 * The server is sent what its own description allows and what it does not, and each answer is held against the
 * description: no 5xx, no status, header, media type or body that is not in it, nothing done without a credential, and
 * nothing accepted that does not fit.
 *
 * Each run has a server of its own, as what one deletes another may need.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startServer } from '../support/server.mjs';
import { objectsOn } from './objects.mjs';
import { fuzz } from './schemathesis.mjs';

/** Has audits of its own (tests/graphql): whether a document is right is more than its schema here can say. */
const ELSEWHERE = ['/graphql'];

/** By the credentials that they need. */
const RUNS = {
  'the management API': ['apiKey'],
  'sign-in': ['xApiKey'],
  'the participant API': ['inviteToken', 'sessionToken'],
  'what needs no credential': [null],
};

for (const [what, credentials] of Object.entries(RUNS)) {
  test(`${what} answers as its description says, whatever it is sent`, () =>
    withServer(async (server, operations) => {
      const objects = await objectsOn(server);
      const ofRun = operations.filter(({ credential }) => credentials.includes(credential));
      const asked = ofRun.map(async (operation) => ({ name: operation.name, ...limitsOf(operation), ...(await objects[operation.name]?.()) }));
      const { faultless, output, answers } = await fuzz(server.sandbox, server.folder, await Promise.all(asked));
      assert.ok(faultless, output);
      for (const operation of ofRun) assertReached(operation, answers.get(operation.name) ?? []);
    }));
}

test('each operation of the description is in one of these runs', () =>
  withServer((_, operations) => {
    assert.ok(operations.length >= 40, 'the description has its operations');
    const known = Object.values(RUNS).flat();
    assert.deepEqual(operations.filter(({ credential }) => !known.includes(credential)), []);
  }));

/** A fresh server, and what it says that it can do. */
async function withServer(run) {
  const server = await startServer();
  try {
    const { body: document } = await server.call('GET', '/openapi.json');
    await run(server, operationsOf(document));
  } finally {
    await server.dispose();
  }
}

function operationsOf(document) {
  const isOfQuery = ({ $ref, in: where }) => ($ref ? document.components.parameters[$ref.split('/').at(-1)].in : where) === 'query';
  const paths = Object.entries(document.paths).filter(([path]) => !ELSEWHERE.includes(path));
  return paths.flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security, parameters, requestBody }]) => ({
      name: `${method.toUpperCase()} ${path}`,
      credential: Object.keys(security[0] ?? {})[0] ?? null,
      // The id of an event that was told before is any text: what is none of ours was told to nobody.
      takesSomething: parameters.some(({ name }) => name !== 'Last-Event-ID') || requestBody !== undefined,
      hasQuery: parameters.some(isOfQuery),
    })),
  );
}

/**
 * What uses an object up keeps to its own: it would learn of others from the lists, the key that it works with among them.
 *
 * Accepted although the schema does not allow it: an empty parameter of a query, which counts as absent; a draft of a guide,
 * whose faults are told; and a batch, whose bad rows are refused one by one.
 */
function limitsOf({ name, hasQuery }) {
  const isAccepted = hasQuery || ['PUT /v1/campaigns/{id}/guide', 'POST /v1/invites/batch'].includes(name);
  return {
    onlyKnown: /^(POST|DELETE) .*\{id\}/.test(name),
    checks: isAccepted ? { negative_data_rejection: { enabled: false } } : {},
  };
}

/** An operation that always refuses, or never does, has not been tried. */
function assertReached({ name, credential, takesSomething }, statuses) {
  const some = (is) => statuses.some(is);
  const among = `among ${statuses.length} answers of ${name}: ${[...new Set(statuses)].sort().join(', ')}`;
  assert.ok(some((status) => status < 300), `a success ${among}`);
  assert.ok(!credential || some((status) => status === 401), `a refusal for want of a credential ${among}`);
  assert.ok(!takesSomething || some((status) => status >= 400 && status !== 401), `a refusal of what was sent ${among}`);
}
