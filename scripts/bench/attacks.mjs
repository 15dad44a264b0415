/** What valid callers feel while keys are guessed, and what gets through after a key was revoked. */

import { say } from '../lib/log.mjs';
import { openSessions, pace, revoke } from './callers.mjs';
import { medians } from './mint.mjs';
import { median, residentMib } from './proc.mjs';
import { Relay } from './servers.mjs';
import { load } from './wrk.mjs';

/** Guesses a second. */
const FLOOD = 1_000;
/** Requests a second of valid callers who keep a pace. */
const CALLERS = 1_000;

const CONDITIONS = {
  quiet: { title: 'no guesses', guess: null },
  unknown: { title: `${FLOOD} unknown keys/s`, guess: 'unknown' },
  secret: { title: `${FLOOD} wrong secrets/s of a known key`, guess: 'secret' },
};

/**
 * Minting with and without floods of guesses, in turn: at a pace, and then as fast as the server goes. Not both in one round: after a
 * full load the disk has work left, and whoever comes next would wait for it.
 */
export async function measureFloods({ rounds, seconds }) {
  const relay = new Relay();
  await relay.start();
  await pace(relay, { rate: CALLERS, seconds: 1 });
  const paced = await inTurn(rounds, 'callers at a pace', async (name, flood) => {
    const [callers, guesses] = await Promise.all([pace(relay, { rate: CALLERS, seconds }), flood(relay, seconds)]);
    return {
      paced_p50_ms: callers.p50_ms,
      paced_p99_ms: callers.p99_ms,
      paced_failed: callers.requests - (callers.statuses[201] ?? 0),
      ...guesses,
    };
  });
  const full = await inTurn(rounds, 'callers without a pause', async (name, flood) => {
    const [callers, guesses] = await Promise.all([load(relay, relay.mint(name), { seconds }), flood(relay, seconds)]);
    return { rps: callers.rps, full_p99_ms: callers.p99_ms, full_cpu_us: callers.cpu_us, ...guesses };
  });
  await relay.stop();
  return Object.fromEntries(
    Object.entries(CONDITIONS).map(([name, { title }]) => {
      const accepted = [...paced[name], ...full[name]].reduce((sum, sample) => sum + sample.guesses_accepted, 0);
      return [name, { title, ...medians(paced[name]), ...medians(full[name]), guesses_accepted: accepted }];
    }),
  );
}

/** The samples of each condition, once a round. */
async function inTurn(rounds, what, measure) {
  const samples = Object.fromEntries(Object.keys(CONDITIONS).map((name) => [name, []]));
  for (let round = 1; round <= rounds; round += 1) {
    say(`Guessing keys beside ${what}, round ${round} of ${rounds} …`);
    for (const [name, { guess }] of Object.entries(CONDITIONS)) samples[name].push(await measure(`${round}${name}`, (relay, seconds) => send(relay, seconds, guess)));
  }
  return samples;
}

async function send(relay, seconds, guess) {
  if (!guess) return { guesses_per_s: 0, guesses_accepted: 0 };
  const sent = await pace(relay, { rate: FLOOD, seconds, guess });
  return { guesses_per_s: sent.requests / sent.seconds, guesses_accepted: sent.statuses[201] ?? 0 };
}

/** Revokes keys that are in use, at 200 requests a second and at as many as there can be. */
export async function measureRevocation({ keys }) {
  const relay = new Relay();
  await relay.start();
  say(`Revoking ${2 * keys} keys in use …`);
  const results = {};
  for (const [name, rate] of Object.entries({ paced: 200, full: 0 })) {
    const { sent_after, got_through, first_refusal_ms, delete_ms } = await revoke(relay, { keys, rate });
    results[name] = { keys, rate, sent_after, got_through, first_refusal_ms: median(first_refusal_ms), delete_ms: median(delete_ms) };
  }
  await relay.stop();
  return results;
}

/** Memory with many open sessions, each with a connection of its own. */
export async function measureSessions({ count }) {
  const relay = new Relay();
  await relay.start({ files: true });
  const before = residentMib(relay.pid);
  say(`Opening ${count.toLocaleString('en')} participant sessions …`);
  const { sessions, seconds, close } = await openSessions(relay, count);
  const after = residentMib(relay.pid);
  await close();
  await relay.stop();
  return { sessions, seconds, before_mib: before, after_mib: after };
}
