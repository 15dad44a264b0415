/** The servers that are measured: started one process each, on free ports of this machine only. */

import { execFile, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { UserError } from '../lib/log.mjs';
import { at, serverBinary, targetDir } from '../lib/paths.mjs';
import { environment, step } from '../lib/run.mjs';
import { end, guard } from '../lib/stop.mjs';

const execute = promisify(execFile);
const READY_WITHIN_MS = 30_000;
/** The rate limit, above what any machine reaches. */
const REQUESTS_PER_MINUTE = 100_000_000;
const CAMPAIGN = 'demo-site/campaign.json';

/** Where the databases lie: with the checkout, on a real disk. A system's folder for temporary files may be in memory, where syncing is free. */
const cache = at('.cache/bench');

/** A new folder; all of them are gone with {@link removeFolders}. */
export function newFolder() {
  mkdirSync(cache, { recursive: true });
  return mkdtempSync(join(cache, 'run-'));
}

/** Removes what earlier runs and this one have left. */
export const removeFolders = () => rmSync(cache, { recursive: true, force: true });

const baselines = join(targetDir, 'release', 'baselines');

/** axum, answering a small JSON object. */
export const startHello = () => start('axum hello-world', baselines, ['hello']);

/** axum, signing a token. */
export const startSigner = () => start('axum + EdDSA', baselines, ['sign']);

/** A receiver of webhooks that counts them. */
export const startReceiver = () => start('a receiver', baselines, ['receive']);

/** Posts a body again and again, as a bare loop does; gives `{seconds, cpu_s}`, what it took and what the loop spent. */
export async function postInLoop({ url, body, count, atOnce }) {
  // bash's own `time` says what the loop spent.
  const args = ['post', '--url', url, '--body', body, '--count', String(count), '--at-once', String(atOnce)];
  const { stdout, stderr } = await execute('bash', ['-c', 'TIMEFORMAT="loop-cpu %U %S"; time "$@"', 'loop', baselines, ...args], { env: environment() });
  const [, user, system] = /loop-cpu ([\d.]+) ([\d.]+)/.exec(stderr).map(Number);
  return { ...JSON.parse(stdout), cpu_s: user + system };
}

/** A server in bench/node. */
export const startNode = (name, file, key) =>
  start(name, process.execPath, [at('bench/node', file)], { env: { NODE_ENV: 'production', BENCH_KEY: key } });

/** Installs the packages of bench/node when its lock is not the one that they were made from. */
export async function ensureNodeServers() {
  const lock = createHash('sha256').update(readFileSync(at('bench/node/package-lock.json'))).digest('hex');
  const stamp = at('bench/node/node_modules/.interviewrelay-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  await step('Installing the servers to compare with', 'npm', ['ci'], { cwd: at('bench/node') });
  writeFileSync(stamp, lock);
}

/** Our server with an organization, a standard and an admin key, and a campaign, in a folder of its own. */
export class Relay {
  name = 'InterviewRelay';
  folder = newFolder();
  #child;
  #side;

  /** `side` is the environment that is measured: live, or the sandbox, `test`, which may send webhooks to this machine. */
  constructor({ side = 'live' } = {}) {
    this.#side = side;
    this.command('init');
    // The plan with a rate limit that can be set: every request is counted, none refused.
    this.key = this.createKey('--plan', 'enterprise').key;
    this.adminKey = this.createKey('--kind', 'admin').key;
    this.campaign = this.command('campaigns', 'import', at(CAMPAIGN), '--org', 'Bench', '--env', side, '--json').id;
  }

  get database() {
    return join(this.folder, 'interviewrelay.db');
  }

  get environment() {
    return {
      INTERVIEWRELAY_DATABASE_URL: `sqlite://${this.database}`,
      INTERVIEWRELAY_LIVE_LISTEN: '127.0.0.1:0',
      INTERVIEWRELAY_SANDBOX_LISTEN: '127.0.0.1:0',
      INTERVIEWRELAY_ENTERPRISE_REQUESTS_PER_MINUTE: String(REQUESTS_PER_MINUTE),
      INTERVIEWRELAY_SANDBOX_WEBHOOK_LOOPBACK: 'true',
    };
  }

  /** Runs `interviewrelay …`; gives what it prints, parsed when it is JSON. */
  command(...args) {
    const output = execFileSync(serverBinary, args, {
      cwd: this.folder,
      encoding: 'utf8',
      env: environment(this.environment),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return args.includes('--json') ? JSON.parse(output) : output;
  }

  /** `{id, key}` of a new key. */
  createKey(...options) {
    return this.command('keys', 'create', '--org', 'Bench', '--env', this.#side, '--name', 'Bench', ...options, '--json');
  }

  /** Starts it; gives the milliseconds until `/readyz` answered 200. With `files` it may open as many as the system permits. */
  async start({ files = false } = {}) {
    const began = performance.now();
    const program = files ? ['bash', '-c', 'ulimit -n "$(ulimit -Hn)"; exec "$@"', 'serve', serverBinary, 'serve'] : [serverBinary, 'serve'];
    const server = await start(this.name, program[0], program.slice(1), { env: this.environment, cwd: this.folder, side: this.#side });
    this.#child = server.child;
    this.pid = server.pid;
    this.url = server.url;
    for (;;) {
      const response = await fetch(`${this.url}/readyz`);
      await response.arrayBuffer();
      if (response.status === 200) return performance.now() - began;
    }
  }

  stop() {
    return end(this.#child);
  }

  /** The arguments of bench/wrk/mint.lua that invite somebody new with each request; `run` tells runs apart. */
  mint(run) {
    return ['mint', this.key, this.campaign, run];
  }

  /** A call of the API; fails unless it succeeds. */
  async call(method, path, key = this.key, body = undefined) {
    const headers = { Authorization: `Bearer ${key}`, ...(body && { 'Content-Type': 'application/json' }) };
    const response = await fetch(`${this.url}${path}`, { method, headers, body: body && JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new UserError(`${method} ${path} answers ${response.status}: ${text}`);
    return JSON.parse(text);
  }
}

/** Starts a program and waits until it says where it listens; of several addresses the one of `side` counts. */
async function start(name, command, args, { env = {}, cwd, side = 'live' } = {}) {
  const log = join(newFolder(), 'log');
  const file = openSync(log, 'w', 0o600);
  const child = spawn(command, args, { cwd, env: environment(env), detached: true, stdio: ['ignore', file, file] });
  closeSync(file);
  guard(child);
  let problem;
  child.on('error', (error) => (problem = error.message));
  child.on('exit', (code, signal) => (problem = `it ended (${signal ?? code})`));
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const said = readFileSync(log, 'utf8').replace(/\u001b\[\d+m/g, '');
    const address = (new RegExp(`listening .*?environment="?${side}"? .*?address="?([\\d.:]+)`).exec(said) ?? /^listening address=([\d.:]+)$/m.exec(said))?.[1];
    if (address) return { name, child, pid: child.pid, url: `http://${address}` };
    if (problem || performance.now() > deadline) throw new UserError(`${name} does not start: ${problem ?? 'it does not say that it listens'}.\n${said}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
