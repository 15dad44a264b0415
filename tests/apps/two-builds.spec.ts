/** Two parts of one page that know nothing of each other, each with an interview of its own from a build of its own. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, Interview } from '../fixtures/index.ts';
import { root } from '../support/server.mjs';
import { pageOf, PLAIN, test } from './customer.ts';

test('two interviews from two builds, each is answered and told of by itself', async ({ page, customer, invite, api }) => {
  const invites = [await invite('camp_short'), await invite('camp_short')];
  const [first, second] = invites.map(({ invite_token: inviteToken }) => JSON.stringify({ inviteToken }));
  const script = `
    window.told = { first: [], second: [] };
    for (const name of ['answer', 'complete']) for (const id of ['first', 'second']) document.getElementById(id).addEventListener('interview-relay-' + name, () => told[id].push(name));
    InterviewRelay.mount('#first', ${first});
    import('/inline.js').then(({ mount }) => mount('#second', ${second}));`;
  const files = {
    '/index.html': pageOf({ body: '<div id="first"></div><div id="second"></div>' }),
    '/page.js': script,
    '/inline.js': readFileSync(join(root, '.cache/apps/plain/node_modules/@interviewrelay/widget/dist/inline.js'), 'utf8'),
  };
  await page.goto((await customer({ folder: PLAIN, files })).url);

  const [one, other] = [new Interview(page, '#first'), new Interview(page, '#second')];
  for (const [at, next] of [/second thing/, /third thing/, 'That was all.'].entries()) {
    await one.answer(`one ${at}`);
    await one.shows(next);
    await other.answer(`other ${at}`);
    await other.shows(next);
  }
  const whole = ['answer', 'answer', 'answer', 'complete'];
  await expect.poll(() => page.evaluate(() => (window as any).told)).toEqual({ first: whole, second: whole });

  const { body: sessions } = await api('GET', '/v1/sessions?limit=100');
  for (const [at, word] of ['one', 'other'].entries()) {
    const session = sessions.data.find(({ invite_id }: any) => invite_id === invites[at]!.id);
    const { body: transcript } = await api('GET', `/v1/sessions/${session.id}/transcript`);
    expect(transcript.entries.map(({ value }: any) => value)).toEqual([0, 1, 2].map((number) => `${word} ${number}`));
  }
});
