/** While a secret is replaced, no receiver has to wait for longer than one retry, whichever secret it has. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { startCaller, startCallingServer } from './happenings.mjs';
import { startReceiver } from './receiver.mjs';
import { sign } from './signatures.mjs';
import { VERIFIERS } from './verifiers.mjs';

let server;
let receiver;
let old;
let fresh;

before(async () => {
  server = await startCallingServer();
  const call = await startCaller(server);
  /** It has the new secret already, and looks at the guide's header. */
  receiver = await startReceiver((delivery) => (isSignedBy(delivery, fresh) ? 204 : 400));
  const { id, secret } = await call('POST', '/v1/webhooks', { url: receiver.url });
  old = secret;
  ({ secret: fresh } = await call('POST', `/v1/webhooks/${id}/rotate-secret`));
  await call('POST', `/v1/webhooks/${id}/test`);
  await receiver.until((deliveries) => deliveries.length === 2);
});
after(async () => {
  await server?.dispose();
  await receiver?.stop();
});

test("the guide's header is the old secret's, then the new one's, of the same delivery", () => {
  const [first, second] = receiver.deliveries;
  assert.ok(isSignedBy(first, old) && isSignedBy(second, fresh));
  assert.ok(!isSignedBy(first, fresh) && !isSignedBy(second, old));
  assert.equal(first.headers['webhook-id'], second.headers['webhook-id']);
  assert.equal(first.body, second.body);
});

for (const { name, skip = false, verifyAll, misses } of VERIFIERS) {
  const expected = misses.includes('id') ? { old: [true, false], fresh: [false, true] } : { old: [true, true], fresh: [true, true] };
  const what = misses.includes('id') ? 'one of two attempts' : 'both attempts';
  test(`${name} takes ${what} with either secret`, { skip }, async () => {
    for (const [secret, taken] of [[old, expected.old], [fresh, expected.fresh]]) {
      const results = await verifyAll(receiver.deliveries, secret);
      assert.deepEqual(results.map((event) => event !== null), taken);
    }
  });
}

function isSignedBy(delivery, secret) {
  const at = Number(delivery.headers['x-interviewrelay-timestamp']);
  return sign(delivery, secret, at)['x-interviewrelay-signature'] === delivery.headers['x-interviewrelay-signature'];
}
