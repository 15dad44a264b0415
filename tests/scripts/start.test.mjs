/** `npm start`: comes up, says what is wrong, and leaves nothing behind. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';

import { serverBinary } from '../../scripts/lib/paths.mjs';
import { freePorts } from '../../scripts/lib/ports.mjs';
import { root } from '../support/server.mjs';

let data;
let ports;
const spawned = [];

before(async () => {
  data = await mkdtemp(join(tmpdir(), 'interviewrelay-start-'));
  ports = await freePorts(3);
});
after(async () => {
  for (const child of spawned) child.kill('SIGKILL');
  await rm(data, { recursive: true, force: true });
});

test('it comes up with a demo that mints invites, and Ctrl-C ends all of it', async () => {
  const started = await ready(start());
  const invite = await fetch(`http://127.0.0.1:${ports[2]}/api/invite`, { method: 'POST' });
  assert.equal(invite.status, 201);

  const { test: key } = JSON.parse(await readFile(join(data, 'demo.json'), 'utf8'));
  assert.match(key.key, /^ir_test_sk_/);
  assert.equal((await stat(join(data, 'demo.json'))).mode & 0o777, 0o600);
  assert.equal(started.output().includes(key.key), false, 'the key is printed');

  started.child.kill('SIGINT');
  assert.equal(await started.ended, 0);
  await nothingAnswers();
});

test('a second run builds nothing, keeps the data and makes no second key', async () => {
  const before = await readFile(join(data, 'demo.json'), 'utf8');
  const built = () => Promise.all([serverBinary, join(root, 'widget/npm/dist/interview-relay.wasm')].map(async (file) => (await stat(file)).mtimeMs));
  const files = await built();
  const started = await ready(start());
  assert.deepEqual(await built(), files);
  assert.equal(await readFile(join(data, 'demo.json'), 'utf8'), before);
  started.child.kill('SIGTERM');
  await started.ended;
  await nothingAnswers();
});

test('killed without a chance to tidy up, it still leaves nothing running', async () => {
  const started = await ready(start());
  started.child.kill('SIGKILL');
  await started.ended;
  await nothingAnswers();
});

test('when the server dies, it says so and ends the demo site too', { skip: existsSync('/proc/self/stat') ? false : 'needs /proc' }, async () => {
  const started = await ready(start());
  process.kill(await childNamed('interviewrelay', started.child.pid), 'SIGKILL');
  assert.equal(await started.ended, 1);
  assert.match(started.output(), /The server was ended by SIGKILL/);
  await nothingAnswers();
});

test('a taken port is named, with the option that changes it, before anything is built', async () => {
  const other = createServer().listen(ports[1], '127.0.0.1');
  await new Promise((done) => other.once('listening', done));
  const started = start();
  assert.equal(await started.ended, 1);
  assert.match(started.output(), new RegExp(`Port ${ports[1]}, for the sandbox API, is taken .*--sandbox-port`));
  assert.doesNotMatch(started.output(), /Building/);
  await new Promise((done) => other.close(done));
});

test('an option that does not exist is answered with those that do', async () => {
  const started = start('--prot', '1');
  assert.equal(await started.ended, 1);
  assert.match(started.output(), /--sandbox-port <port>/);
});

function start(...options) {
  const [live, sandbox, demo] = ports;
  const args = ['--live-port', live, '--sandbox-port', sandbox, '--demo-port', demo, '--data', data, ...options].map(String);
  // Settings of somebody's own server would have it started on their database.
  const isTheirs = (name) => /^(INTERVIEWRELAY_(?!BIN$|WASM_TOOLCHAIN$|CACHE$)|PORT$|HOST$)/.test(name);
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !isTheirs(name)));
  const child = spawn(process.execPath, [join(root, 'scripts/start.mjs'), ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  spawned.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const ended = new Promise((done) => child.once('close', (code) => done(code)));
  return { child, ended, output: () => output };
}

async function ready(started) {
  let over = false;
  started.ended.then(() => (over = true));
  while (!started.output().includes('Ready.')) {
    assert.equal(over, false, started.output());
    await wait(20);
  }
  return started;
}

/** Waits until none of the ports answers. */
async function nothingAnswers() {
  const deadline = Date.now() + 10_000;
  for (const port of ports) {
    while (await fetch(`http://127.0.0.1:${port}/healthz`).then(() => true, () => false)) {
      assert.ok(Date.now() < deadline, `port ${port} still answers`);
      await wait(20);
    }
  }
}

/** The id of the process of this name that `parent` started. */
async function childNamed(name, parent) {
  for (const pid of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    // `pid (name) state ppid …`, see proc_pid_stat(5).
    const [, found, ppid] = (await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')).match(/^\d+ \((.+)\) \S (\d+)/) ?? [];
    if (found === name && Number(ppid) === parent) return Number(pid);
  }
  throw new Error(`${parent} has started no ${name}`);
}
