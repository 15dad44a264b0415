/** Webhooks that are delivered in a second to a receiver on this machine, beside a bare loop that posts the same body. */

import { say } from '../lib/log.mjs';
import { medians } from './mint.mjs';
import { busySeconds, cpuSeconds } from './proc.mjs';
import { postInLoop, Relay, startReceiver } from './servers.mjs';
import { CONNECTIONS } from './wrk.mjs';

/** Deliveries of a round, and posts of a loop in it: as many as take about a second. */
const EVENTS = 5_000;
const POSTS = 20_000;
/** What a batch may have. */
const ROWS = 1_000;
/** How often it is looked whether the last attempts are written down. */
const LOOK_EVERY_MS = 5;

/** Ours, the loop with one request after another, and the loop with as many at once as ours may have, once a round. */
export async function measureWebhooks({ rounds }) {
  // Only endpoints of the sandbox may be on this machine.
  const relay = new Relay({ side: 'test' });
  await relay.start();
  const receiver = await startReceiver();
  say(`Inviting ${EVENTS.toLocaleString('en')} people …`);
  for (let first = 0; first < EVENTS; first += ROWS) {
    const invites = Array.from({ length: ROWS }, (_, row) => ({ campaign_id: relay.campaign, external_id: String(first + row) }));
    await relay.call('POST', '/v1/invites/batch', relay.adminKey, { invites });
  }
  const endpoint = await relay.call('POST', '/v1/webhooks', relay.adminKey, { url: receiver.url, events: ['invite.created'] });
  const { data } = await relay.call('GET', '/v1/events?type=invite.created&limit=1', relay.adminKey);
  const body = JSON.stringify(data[0]);
  const all = {
    ours: { title: 'InterviewRelay', run: () => deliver(relay, endpoint, receiver) },
    one: { title: 'reqwest in a loop, one by one', run: () => post(receiver, body, 1) },
    many: { title: `reqwest in a loop, ${CONNECTIONS} at once`, run: () => post(receiver, body, CONNECTIONS) },
  };
  for (const one of Object.values(all)) Object.assign(one, { samples: [] });
  // The first round of ours also adds the rows that the others change, and makes everything warm.
  await all.ours.run();
  for (let round = 1; round <= rounds; round += 1) {
    say(`Delivering webhooks, round ${round} of ${rounds} …`);
    for (const one of Object.values(all)) one.samples.push(await measured(relay, receiver, one.run));
  }
  receiver.child.kill('SIGKILL');
  await relay.stop();
  const found = Object.fromEntries(Object.entries(all).map(([id, { title, samples }]) => [id, { title, ...medians(samples), samples }]));
  const ratios = { one: found.ours.per_s / found.one.per_s, many: found.ours.per_s / found.many.per_s };
  return { events: EVENTS, posts: POSTS, bytes: body.length, ...found, ratios };
}

/** Runs one; gives deliveries a second and the sender's processor time for each, with how many cores other programs kept busy. */
async function measured(relay, receiver, run) {
  const spent = () => [cpuSeconds(relay.pid), cpuSeconds(receiver.pid), busySeconds()];
  const [before, own, began] = [spent(), process.cpuUsage(), performance.now()];
  const { count, seconds, cpu_s } = await run();
  const elapsed = (performance.now() - began) / 1_000;
  const result = { per_s: count / seconds, cpu_us: null, foreign: null };
  if (before[0] === null) return result;
  const [server, taken, busy] = spent().map((now, index) => now - before[index]);
  const { user, system } = process.cpuUsage(own);
  const known = server + taken + (user + system) / 1e6 + (cpu_s ?? 0);
  return { ...result, cpu_us: ((cpu_s ?? server) / count) * 1e6, foreign: Math.max(0, (busy - known) / elapsed) };
}

/** Queues all events by one call. From the arrival of the first until the last is written down. */
async function deliver(relay, endpoint, receiver) {
  const { queued } = await relay.call('POST', `/v1/webhooks/${endpoint.id}/redeliver`, relay.adminKey, { from: '1970-01-01T00:00:00.000Z', include_delivered: true });
  if (queued !== EVENTS) throw new Error(`${queued} deliveries were queued, not ${EVENTS}`);
  const { seconds } = await counted(receiver, EVENTS);
  const arrived = performance.now();
  for (;;) {
    const { data } = await relay.call('GET', `/v1/webhooks/${endpoint.id}/deliveries?status=pending&limit=1`, relay.adminKey);
    if (data.length === 0) return { count: EVENTS, seconds: seconds + (performance.now() - arrived) / 1_000 };
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

async function post(receiver, body, atOnce) {
  const { seconds, cpu_s } = await postInLoop({ url: receiver.url, body, count: POSTS, atOnce });
  await counted(receiver, POSTS);
  return { count: POSTS, seconds, cpu_s };
}

/** Waits until all have come; gives the seconds from the first to the last. */
async function counted(receiver, expected) {
  const { count, seconds } = await (await fetch(`${receiver.url}/${expected}`)).json();
  if (count !== expected) throw new Error(`${count} webhooks came, not ${expected}`);
  return { seconds };
}
