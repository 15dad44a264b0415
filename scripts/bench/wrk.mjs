/** wrk, the load generator: found or installed, run for a few seconds, with what the server spent meanwhile. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { UserError } from '../lib/log.mjs';
import { at } from '../lib/paths.mjs';
import { ask, environment, step } from '../lib/run.mjs';
import { busySeconds, cpuSeconds, residentMib } from './proc.mjs';

const execute = promisify(execFile);

/** Connections that are kept open, as many as a busy backend has. */
export const CONNECTIONS = 32;

/** Installs wrk from Debian's archive where that is possible, else says what to do. */
export async function ensureWrk() {
  if (ask('which', ['wrk']) !== null) return;
  if (process.getuid?.() !== 0 || ask('apt-get', ['--version']) === null) {
    throw new UserError('wrk, the load generator, is missing: `apt-get install wrk` on Debian and Ubuntu, `brew install wrk` on macOS.');
  }
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await step('Reading the package lists', 'apt-get', ['update'], { env });
  await step('Installing wrk', 'apt-get', ['install', '-y', '--no-install-recommends', 'wrk'], { env });
}

/**
 * Loads a server for `seconds`.
 *
 * @param {{url: string, pid: number}} server
 * @param {string[]} request the arguments of bench/wrk/mint.lua
 * @returns {Promise<{rps: number, p50_ms: number, p99_ms: number, cpu_us: number | null, mib: number | null, foreign: number | null}>}
 *   `cpu_us` is what the server spent per request, `foreign` how many cores other programs kept busy meanwhile
 */
export async function load(server, request, { seconds, connections = CONNECTIONS, path = '/v1/invites' }) {
  const before = { server: cpuSeconds(server.pid), busy: busySeconds() };
  const began = performance.now();
  // bash's own `time` says what wrk spent; what is left of the machine's busy time is other programs'.
  const command = 'TIMEFORMAT="wrk-cpu %U %S"; time wrk "$@"';
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', at('bench/wrk/mint.lua'), `${server.url}${path}`];
  const { stdout, stderr } = await execute('bash', ['-c', command, 'wrk', ...args, '--', ...request], { env: environment() });
  const elapsed = (performance.now() - began) / 1000;
  const after = { server: cpuSeconds(server.pid), busy: busySeconds() };
  const result = JSON.parse(stdout.trim().split('\n').at(-1));
  if (result.refused + result.failed > 0 || result.requests === 0) {
    throw new UserError(`${server.name}: ${result.refused} of ${result.requests} requests were refused, ${result.failed} failed.`);
  }
  const [, user, system] = /wrk-cpu ([\d.]+) ([\d.]+)/.exec(stderr).map(Number);
  const spent = after.server === null ? null : after.server - before.server;
  return {
    rps: (result.requests / result.duration_us) * 1e6,
    p50_ms: result.p50_us / 1000,
    p99_ms: result.p99_us / 1000,
    cpu_us: spent === null ? null : (spent / result.requests) * 1e6,
    mib: residentMib(server.pid),
    foreign: spent === null ? null : Math.max(0, (after.busy - before.busy - spent - user - system) / elapsed),
  };
}
