/** Every verifier takes what the server has sent, and refuses it as soon as anything that is signed differs. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { startWithDeliveries } from './happenings.mjs';
import { sign } from './signatures.mjs';
import { VERIFIERS } from './verifiers.mjs';

const ANOTHER_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const MINUTE_MS = 60_000;

const changed = (delivery, headers) => ({ ...delivery, headers: { ...delivery.headers, ...headers } });
const onBoth = (delivery, change) =>
  changed(delivery, {
    'x-interviewrelay-signature': change(delivery.headers['x-interviewrelay-signature']),
    'webhook-signature': change(delivery.headers['webhook-signature']),
  });
const another = (character) => (character === 'a' ? 'b' : 'a');

/** What is done to a delivery on its way, by what of it. Both families of headers are altered alike. */
const ALTERATIONS = {
  'another word in its body': { of: 'body', alter: (delivery) => ({ ...delivery, body: delivery.body.replace('"test"', '"live"') }) },
  'white space after its body': { of: 'body', alter: (delivery) => ({ ...delivery, body: `${delivery.body}\n` }) },
  'the body of another delivery': { of: 'body', alter: (delivery, next) => ({ ...delivery, body: next.body }) },
  'a timestamp of a second later': {
    of: 'timestamp',
    alter: (delivery) =>
      changed(delivery, {
        'x-interviewrelay-timestamp': String(Number(delivery.headers['x-interviewrelay-timestamp']) + 1_000),
        'webhook-timestamp': String(Number(delivery.headers['webhook-timestamp']) + 1),
      }),
  },
  'the id of another delivery': { of: 'id', alter: (delivery, next) => changed(delivery, { 'webhook-id': next.headers['webhook-id'] }) },
  'another first character in its signature': {
    of: 'signature',
    alter: (delivery) => onBoth(delivery, (text) => text.replace(/^(v1,)?(.)/, (_, version = '', first) => version + another(first))),
  },
  'a signature that is cut short': { of: 'signature', alter: (delivery) => onBoth(delivery, (text) => text.slice(0, -8)) },
  'the signature of another delivery': {
    of: 'signature',
    alter: (delivery, next) =>
      changed(delivery, {
        'x-interviewrelay-signature': next.headers['x-interviewrelay-signature'],
        'webhook-signature': next.headers['webhook-signature'],
      }),
  },
  'a signature by another secret': { of: 'signature', alter: (delivery) => changed(delivery, sign(delivery, ANOTHER_SECRET)) },
  'no signature': { of: 'signature', alter: (delivery) => onBoth(delivery, () => undefined) },
};

let world;

before(async () => {
  world = await startWithDeliveries();
});
after(() => world?.stop());

test('there are deliveries of fifteen types to verify', () => {
  assert.equal(new Set(world.deliveries.map(({ type }) => type)).size, 15);
});

for (const { name, skip = false, verifyAll, misses } of VERIFIERS) {
  describe(name, { skip }, () => {
    /** What became of each delivery, as it was and altered in each way. */
    const verdicts = new Map();

    before(async () => {
      const { deliveries, secret } = world;
      const ways = Object.entries({
        genuine: { alter: (delivery) => delivery },
        signedNow: { alter: (delivery) => changed(delivery, sign(delivery, secret)) },
        old: { alter: (delivery) => changed(delivery, sign(delivery, secret, Date.now() - 6 * MINUTE_MS)) },
        ...ALTERATIONS,
      });
      const requests = ways.flatMap(([, { alter }]) => deliveries.map((delivery, index) => alter(delivery, deliveries.at(index - 1))));
      const results = await verifyAll(requests, secret);
      ways.forEach(([way], index) => verdicts.set(way, results.slice(index * deliveries.length, (index + 1) * deliveries.length)));
    });

    const events = () => world.deliveries.map(({ body }) => JSON.parse(body));
    const assertTaken = (way) => assert.deepEqual(verdicts.get(way), events(), `${way} is taken`);
    const assertRefused = (way) => assert.deepEqual(verdicts.get(way), events().map(() => null), `${way} is refused`);

    test('takes what was delivered, as it was delivered', () => assertTaken('genuine'));

    for (const [alteration, { of }] of Object.entries(ALTERATIONS)) {
      if (misses.includes(of)) {
        test(`takes a delivery with ${alteration}, as it covers no ${of}`, () => assertTaken(alteration));
      } else {
        test(`refuses a delivery with ${alteration}`, () => {
          assertTaken('genuine');
          assertRefused(alteration);
        });
      }
    }

    test(misses.includes('age') ? 'leaves the age to its caller' : 'refuses what was signed six minutes ago', () => {
      assertTaken('signedNow');
      if (misses.includes('age')) assertTaken('old');
      else assertRefused('old');
    });
  });
}
