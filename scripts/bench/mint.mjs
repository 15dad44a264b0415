/** Requests a second, latency, processor time and memory of minting, ours beside others, in turn. */

import { say } from '../lib/log.mjs';
import { median } from './proc.mjs';
import { Relay, startHello, startNode, startSigner } from './servers.mjs';
import { load } from './wrk.mjs';

const WARM_UP_S = 1;

/** Each server once a round, so that a disturbance of the machine meets all of them. */
export async function measureMint({ rounds, seconds, only }) {
  const relay = new Relay();
  await relay.start();
  const get = () => ['get'];
  const mint = (run) => relay.mint(run);
  const all = {
    a: { title: 'axum hello-world JSON', server: startHello, request: get },
    b: { title: 'axum + EdDSA signature', server: startSigner, request: mint },
    c1: { title: 'Fastify + jose (HS256)', server: () => startNode('Fastify', 'fastify-jose.js', relay.key), request: mint },
    c2: { title: 'Express + LiveKit SDK', server: () => startNode('Express', 'express-livekit.js', relay.key), request: mint },
    d: { title: 'InterviewRelay', server: () => relay, request: mint },
    e: { title: 'InterviewRelay, one person again and again', server: () => relay, request: () => ['same', relay.key, relay.campaign] },
  };
  const chosen = Object.entries(all).filter(([id]) => only.length === 0 || only.includes(id));
  for (const [, one] of chosen) Object.assign(one, { started: await one.server(), samples: [] });
  for (let round = 1; round <= rounds; round += 1) {
    say(`Minting, round ${round} of ${rounds}: ${chosen.map(([id]) => id).join(' ')} …`);
    for (const [id, one] of chosen) {
      await load(one.started, one.request(`w${round}${id}`), { seconds: WARM_UP_S });
      one.samples.push(await load(one.started, one.request(`r${round}${id}`), { seconds }));
    }
  }
  for (const [, one] of chosen) if (one.started !== relay) one.started.child.kill('SIGKILL');
  await relay.stop();
  return Object.fromEntries(chosen.map(([id, { title, samples }]) => [id, { title, ...medians(samples), samples }]));
}

/** The median of each number. */
export function medians(samples) {
  const names = Object.keys(samples[0]);
  return Object.fromEntries(names.map((name) => [name, samples[0][name] === null ? null : median(samples.map((sample) => sample[name]))]));
}

/** Ours against the others. `null` where one was left out. */
export function ratios(mint) {
  const of = (name, other, ours = 'd') => (mint[ours] && mint[other] && mint[other][name] !== null ? mint[ours][name] / mint[other][name] : null);
  return {
    rps_b: of('rps', 'b'),
    rps_c1: of('rps', 'c1'),
    rps_c2: of('rps', 'c2'),
    cpu_b: of('cpu_us', 'b'),
    p99_b: of('p99_ms', 'b'),
    same_rps_b: of('rps', 'b', 'e'),
    same_cpu_b: of('cpu_us', 'b', 'e'),
  };
}
