/**
 * The real server for tests: on free ports, with a data folder of its own, killed when the tests end.
 *
 * INTERVIEWRELAY_BIN is the program; `npm test` builds it and says where it is.
 */

import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** The folder of the checkout. */
export const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));

const binary = process.env.INTERVIEWRELAY_BIN || join(resolve(root, process.env.CARGO_TARGET_DIR || 'target'), 'release/interviewrelay');
const READY_WITHIN_MS = 20_000;
const living = new Set();

process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/** A server and its data folder. Made by {@link startServer}. */
export class Server {
  /** Where live answers, such as `http://127.0.0.1:40123`. */
  live = '';
  /** Where the sandbox answers. */
  sandbox = '';
  /** All that it has logged, over restarts. */
  log = '';
  #child = null;
  #folder;
  #env;

  constructor(folder, env) {
    this.#folder = folder;
    this.#env = env;
  }

  /** The folder with its database. */
  get folder() {
    return this.#folder;
  }

  /** Its process, while it runs. */
  get pid() {
    return this.#child?.pid;
  }

  /** Runs `interviewrelay …` on its database; gives what it prints, parsed when it is JSON. */
  async command(...args) {
    const { stdout } = await execute(binary, args, { env: this.#environment() });
    return args.includes('--json') ? JSON.parse(stdout) : stdout;
  }

  /** Makes a key. `options` such as `['--kind', 'admin']`. */
  createKey({ organization = 'Tests', environment = 'test', name = 'Tests', options = [] } = {}) {
    return this.command('keys', 'create', '--org', organization, '--env', environment, '--name', name, ...options, '--json');
  }

  /** Imports a campaign file's content. */
  async importCampaign(campaign, { organization = 'Tests', environment = 'test' } = {}) {
    const file = join(this.#folder, `campaign-${Math.random().toString(36).slice(2)}.json`);
    await writeFile(file, JSON.stringify(campaign));
    return this.command('campaigns', 'import', file, '--org', organization, '--env', environment, '--json');
  }

  /** Starts it; after {@link kill} on the same addresses as before. */
  async start() {
    const child = spawn(binary, ['serve'], { env: this.#environment(), stdio: ['ignore', 'ignore', 'pipe'] });
    this.#child = child;
    living.add(child);
    child.once('exit', () => living.delete(child));
    const addresses = await this.#readAddresses(child);
    this.live = `http://${addresses.live}`;
    this.sandbox = `http://${addresses.test}`;
  }

  /** Ends it at once, as a power cut would end the process. */
  kill() {
    return this.#end('SIGKILL');
  }

  /** Asks it to end; gives the exit code. */
  stop() {
    return this.#end('SIGTERM');
  }

  /** Ends it and removes its data. */
  async dispose() {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /**
   * A call of the management API; `key` is sent as the guide says.
   *
   * @param {string} method
   * @param {string} path
   * @param {{key?: string, body?: unknown, headers?: Record<string, string>, environment?: string}} [options]
   * @returns {Promise<{status: number, headers: Headers, text: string, body: any}>}
   */
  async call(method, path, { key, body, headers = {}, environment = 'test' } = {}) {
    const response = await fetch(`${environment === 'live' ? this.live : this.sandbox}${path}`, {
      method,
      headers: {
        ...(key && { Authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') && text !== '';
    return { status: response.status, headers: response.headers, text, body: json ? JSON.parse(text) : null };
  }

  #environment() {
    const address = (url) => (url === '' ? '127.0.0.1:0' : new URL(url).host);
    // What is set for a server of somebody's own is not meant for this one.
    const around = Object.entries(process.env).filter(([name]) => !name.startsWith('INTERVIEWRELAY_'));
    return {
      ...Object.fromEntries(around),
      INTERVIEWRELAY_DATABASE_URL: `sqlite://${join(this.#folder, 'interviewrelay.db')}`,
      INTERVIEWRELAY_LIVE_LISTEN: address(this.live),
      INTERVIEWRELAY_SANDBOX_LISTEN: address(this.sandbox),
      INTERVIEWRELAY_WIDGET_DIR: join(root, 'widget/npm/dist'),
      ...this.#env,
    };
  }

  /** Reads `listening environment=live address=127.0.0.1:40123` of both listeners. */
  #readAddresses(child) {
    return new Promise((done, fail) => {
      const found = {};
      const give = (error) => {
        clearTimeout(timer);
        child.off('exit', onExit);
        if (error) fail(new Error(`${error}\n${this.log}`));
        else done(found);
      };
      const timer = setTimeout(() => give('The server does not say that it listens.'), READY_WITHIN_MS);
      const onExit = (code, signal) => give(`The server ended (${signal ?? code}) instead of listening.`);
      child.once('exit', onExit);
      createInterface({ input: child.stderr }).on('line', (line) => {
        this.log += `${line}\n`;
        const match = /listening .*?environment="?(live|test)"? .*?address="?([^\s"]+)/.exec(line.replace(/\u001b\[\d+m/g, ''));
        if (!match) return;
        found[match[1]] = match[2];
        if (found.live && found.test) give(null);
      });
    });
  }

  #end(signal) {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child?.exitCode ?? null);
    return new Promise((done) => {
      child.once('exit', (code) => done(code));
      child.kill(signal);
    });
  }
}

/** A server with an empty database, listening on two free ports. */
export async function startServer({ env = {} } = {}) {
  const server = new Server(await mkdtemp(join(tmpdir(), 'interviewrelay-')), env);
  try {
    await server.command('init');
    await server.start();
    return server;
  } catch (error) {
    await server.dispose();
    throw error;
  }
}

/** The content of a campaign file in tests/guides, with a name that says which. */
export async function readCampaign(name) {
  return JSON.parse(await readFile(join(root, 'tests/guides', `${name}.json`), 'utf8'));
}

/** The content of the demo's campaign file. */
export async function readSampleCampaign() {
  return JSON.parse(await readFile(join(root, 'demo-site/campaign.json'), 'utf8'));
}
