/** Runs bench/src/callers.rs: callers that keep a pace. */

import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { targetDir } from '../lib/paths.mjs';
import { environment } from '../lib/run.mjs';
import { guard } from '../lib/stop.mjs';

const execute = promisify(execFile);
const program = join(targetDir, 'release', 'callers');
const host = (relay) => ['--host', new URL(relay.url).host];

/** Numbers of people who were not invited yet. */
let people = 0;

/** Mints, or guesses at a key, at a rate; gives `{requests, seconds, statuses, p50_ms, p99_ms, max_ms}`. */
export async function pace(relay, { rate, seconds, guess }) {
  const args = ['pace', ...host(relay), '--key', relay.key, '--campaign', relay.campaign, '--rate', rate, '--seconds', seconds, '--first', people];
  people += rate * seconds;
  const { stdout } = await execute(program, [...args, ...(guess ? ['--guess', guess] : [])].map(String), { env: environment() });
  return JSON.parse(stdout);
}

/** Revokes keys in use; gives `{keys, sent_after, got_through, first_refusal_ms[], delete_ms[]}`. */
export async function revoke(relay, { keys, rate }) {
  const args = ['revocation', ...host(relay), '--admin-key', relay.adminKey, '--campaign', relay.campaign, '--keys', keys, '--rate', rate];
  const { stdout } = await execute(program, args.map(String), { env: environment() });
  return JSON.parse(stdout);
}

/** Opens sessions and keeps their connections until `close`; gives `{sessions, seconds, close}`. */
export function openSessions(relay, count) {
  const args = ['sessions', ...host(relay), '--key', relay.key, '--campaign', relay.campaign, '--count', count];
  // Each session has a connection, more than many systems let a program have unless it asks.
  const child = spawn('bash', ['-c', 'ulimit -n "$(ulimit -Hn)"; exec "$@"', 'callers', program, ...args.map(String)], {
    detached: true,
    env: environment(),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  guard(child);
  return new Promise((done, fail) => {
    child.once('exit', (code) => fail(new Error(`callers ended (${code})`)));
    createInterface({ input: child.stdout }).once('line', (line) => {
      const close = () => new Promise((closed) => child.once('exit', closed) && child.stdin.end());
      done({ ...JSON.parse(line), close });
    });
  });
}
