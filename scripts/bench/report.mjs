/** docs/benchmarks: the tables of a whole run, and a chart. */

import { mkdirSync, writeFileSync } from 'node:fs';

import { at } from '../lib/paths.mjs';
import { chart, chartOfWebhooks } from './chart.mjs';
import { disturbance, fixed, NOISY } from './print.mjs';

/** Writes mint.md and mint.svg; `run` has the result of every part. */
export function writeReport(run) {
  mkdirSync(at('docs/benchmarks'), { recursive: true });
  writeFileSync(at('docs/benchmarks/mint.md'), text(run));
  writeFileSync(at('docs/benchmarks/mint.svg'), chart(run.mint));
}

/** Writes webhooks.md and webhooks.svg, which are about the part of that name alone. */
export function writeWebhooks(run) {
  mkdirSync(at('docs/benchmarks'), { recursive: true });
  writeFileSync(at('docs/benchmarks/webhooks.md'), textOfWebhooks(run));
  writeFileSync(at('docs/benchmarks/webhooks.svg'), chartOfWebhooks(run.webhooks));
}

/** The run in a sentence, as it is printed at the end. */
export const sentence = ({ date, machine, ratios }) =>
  `Measured on ${date} by \`npm run bench\` (${machine.split(';')[0]}, 32 connections): minting, with a key that is bcrypt at rest, a rate limit and an invite ` +
  `synced to disk before the answer, reaches ${fixed(ratios.rps_b, 2)}× the requests/s of a bare axum server that only signs, ` +
  `${fixed(ratios.rps_c1, 1)}× Fastify + jose and ${fixed(ratios.rps_c2, 1)}× Express + the LiveKit SDK, none of which stores anything ([how](docs/benchmarks/mint.md)).`;

const table = (head, rows) => [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** What each ratio is, and what it is to be. */
const GOALS = [
  ['rps_b', 'requests/s, ours ÷ axum + EdDSA (stores nothing, checks no key)', 'at least', 0.7],
  ['cpu_b', 'server CPU per request, ours ÷ axum + EdDSA', 'at most', 1.4],
  ['p99_b', 'p99, ours ÷ axum + EdDSA', 'at most', 1],
  ['rps_c1', 'requests/s, ours ÷ Fastify + jose (stores nothing, HS256)', 'at least', 2],
  ['rps_c2', 'requests/s, ours ÷ Express + LiveKit SDK (stores nothing, checks no key)', 'at least', 4],
];

const GOALS_OF_WEBHOOKS = [
  ['one', 'deliveries/s, ours ÷ reqwest in a loop, one by one', 'at least', 0.5],
  ['many', 'deliveries/s, ours ÷ reqwest in a loop, 32 at once', null, null],
];

/** Whether a ratio is what it is to be. */
export const reached = (word, value, goal) => (word === 'at least' ? value >= goal : value <= goal);

const times = (value) => `${fixed(value, 2)}×`;
const notQuiet = (samples) => (samples > NOISY ? `\n**Not a quiet run:** other programs kept up to ${fixed(samples, 2)} cores busy meanwhile.\n` : '');
const ratioTable = (goals, ratios) =>
  table(
    ['ratio', 'measured', 'goal'],
    goals.map(([name, what, word, goal]) => [what, times(ratios[name]), word ? `${word} ${goal} ${reached(word, ratios[name], goal) ? '✓' : '✗'}` : '–']),
  );

function text({ date, machine, rounds, seconds, took, mint, ratios, floods, revocation, sessions, growth, widget }) {
  const [small, large] = growth;
  return `# Minting, measured

Written by \`npm run bench\` on ${date}; the whole run took ${Math.round(took)} s. The machine: ${machine}. Load generator,
servers and database share it, and all traffic is on its loopback interface, so the ratios say more than the figures.
${notQuiet(disturbance(mint))}
## What minting costs

![Requests a second and processor time per request, each beside axum + EdDSA](mint.svg)

wrk with one thread and 32 kept connections; ${rounds} rounds in which every server has its turn of ${seconds} s after 1 s of warming up;
medians of the rounds. CPU is the server's user and system time, from /proc. One process for each server.

${table(
  ['', 'requests/s', 'p50 ms', 'p99 ms', 'CPU µs/request', 'MiB', 'checks a key', 'stores a row'],
  Object.entries(mint).map(([id, one]) => [
    `${id}  ${one.title}`,
    fixed(one.rps),
    fixed(one.p50_ms, 2),
    fixed(one.p99_ms, 2),
    fixed(one.cpu_us, 1),
    fixed(one.mib),
    { c1: 'SHA-256, in memory', d: 'bcrypt at rest', e: 'bcrypt at rest' }[id] ?? '–',
    'de'.includes(id) ? 'synced before the answer' : '–',
  ]),
)}

- **a** answers \`GET\` with a constant: what HTTP alone costs.
- **b** reads the same body as ours, signs the same claims with Ed25519 (jsonwebtoken with aws-lc-rs, called in the ordinary way) and
  answers an object of the same form. No key is checked and nothing is stored.
- **c1** looks the key up by its SHA-256 in memory and signs with HS256, which is about ten times cheaper than Ed25519. Nothing is stored.
- **c2** signs the SDK's own token with HS256. No key is checked and nothing is stored.
- **d** is the real program: API key, rate limit, usage counts, and on each request a new participant, a new invite and the event that tells of it in SQLite with
  \`synchronous=FULL\`, synced before the answer. **e** is the same but invites one person again and again.

${ratioTable(GOALS, ratios)}

## While keys are guessed

Well-formed keys that do not exist, or wrong secrets for one that does, beside valid callers: as many as wrk can be (32 connections), and
1,000 a second at set times, whose waiting counts from when they were due.

${table(
  ['', 'guesses/s', 'mints/s at most', 'p99 ms', '÷ quiet', 'p99 ms at 1,000/s', '÷ quiet'],
  Object.values(floods).map((one) => [
    one.title,
    fixed(one.guesses_per_s),
    fixed(one.rps),
    fixed(one.full_p99_ms, 2),
    times(one.full_p99_ms / floods.quiet.full_p99_ms),
    fixed(one.paced_p99_ms, 2),
    times(one.paced_p99_ms / floods.quiet.paced_p99_ms),
  ]),
)}

Guesses that were let in: ${Object.values(floods).reduce((sum, one) => sum + one.guesses_accepted, 0)}. Valid requests that failed at 1,000/s: ${Object.values(floods).reduce((sum, one) => sum + one.paced_failed, 0)}. The goal is at most 2×.

## When a key is revoked

${table(
  ['use of the key', 'keys', 'requests sent after the answer to DELETE', 'of these let in', 'from that answer to the first 401, ms', 'DELETE itself, ms'],
  Object.entries(revocation).map(([name, one]) => [
    name === 'paced' ? `${one.rate} requests/s` : '16 connections without a pause',
    one.keys,
    fixed(one.sent_after),
    one.got_through,
    fixed(one.first_refusal_ms, 2),
    fixed(one.delete_ms, 2),
  ]),
)}

At ${revocation.paced.rate} requests/s the next request is up to 5 ms away; the time until the first 401 is mostly the wait for it.

## With more invites stored

${table(
  ['invites before', 'start-up ms', 'mints/s', 'p50 ms', 'p99 ms', 'CPU µs/request', 'page 1 ms', 'last page ms', 'last ÷ first page', 'MiB after start', 'MiB'],
  growth.map((one) => [
    fixed(one.size),
    fixed(one.start_ms),
    fixed(one.rps),
    fixed(one.p50_ms, 2),
    fixed(one.p99_ms, 2),
    fixed(one.cpu_us, 1),
    fixed(one.first_page_ms, 2),
    fixed(one.last_page_ms, 2),
    times(one.last_page_ms / one.first_page_ms),
    fixed(one.started_mib),
    fixed(one.mib),
  ]),
)}

From the smaller to the larger: mints/s ${times(large.rps / small.rps)}, p99 ${times(large.p99_ms / small.p99_ms)}, page 1 ${times(large.first_page_ms / small.first_page_ms)}, last page ${times(large.last_page_ms / small.last_page_ms)}.
Start-up is from the start of the program until \`/readyz\` answers 200; a page is \`GET /v1/invites?limit=50\` over one connection. Minting
adds its own invites, so only the pages of the first round are those of the size named; the copies' e-mail addresses and ids are in order.

## Memory

${fixed(sessions.sessions)} open participant sessions, each with a connection kept open: ${fixed(sessions.before_mib, 0)} MiB after start, ${fixed(sessions.after_mib, 0)} MiB with them
(${fixed(((sessions.after_mib - sessions.before_mib) * 1024) / sessions.sessions, 1)} KiB each). Minting and opening them took ${fixed(sessions.seconds, 1)} s.
${widget ? `\n## What a participant waits for\n\nFrom the request of the demo page until its words are on screen, medians of ${widget.runs} fresh browser profiles: ${fixed(widget.interview_ms)} ms, a bare page from\nthe same server ${fixed(widget.bare_ms)} ms. The first has the mint, the widget's download and the first question in it.\n` : ''}
## Left out

Networks between machines, TLS, PostgreSQL, several replicas, other processors and disks, pages that are read while the cache of the
system is cold, and hours of load. bcrypt runs once for each key after a start, before the measurements. c1 and c2 are not tuned
beyond what their guides advise.
`;
}

function textOfWebhooks({ date, machine, rounds, webhooks }) {
  const { events, posts, bytes, ours, one, many, ratios } = webhooks;
  return `# Webhooks, measured

Written by \`npm run bench\` on ${date}. The machine: ${machine}. Sender, receiver and
database share it, and all traffic is on its loopback interface, so the ratios say more than the figures.
${notQuiet(disturbance({ ours, one, many }))}
![Deliveries a second and processor time per delivery, each beside a bare loop](webhooks.svg)

${fixed(events)} deliveries of ${bytes} bytes to one endpoint, and ${fixed(posts)} posts of a loop; ${rounds} rounds in which each sender has its turn, after one
round of ours that is not counted; medians of the rounds. CPU is the sender's user and system time.

${table(
  ['', 'deliveries/s', 'CPU µs/delivery', 'signs', 'writes down'],
  [ours, one, many].map((sender) => [
    sender.title,
    fixed(sender.per_s),
    fixed(sender.cpu_us, 1),
    sender === ours ? 'both ways' : '–',
    sender === ours ? 'that it sends, and what came of it, synced' : '–',
  ]),
)}

- **InterviewRelay** is the real program: it takes what is due from SQLite with \`synchronous=FULL\` before it sends it, and writes down each
  attempt afterwards. All ${fixed(events)} are queued by one \`POST /v1/webhooks/…/redeliver\`, a thousand in a commit, while the first are on their way. The time is from the arrival of the first until the
  last is written down.
- **The loops** post the same body with reqwest, the client that ours uses too, over kept connections, and do nothing else.
- The receiver is axum, reads the body and answers 204.

${ratioTable(GOALS_OF_WEBHOOKS, ratios)}

Left out: networks between machines, TLS, several endpoints, receivers that fail or take their time.
`;
}
