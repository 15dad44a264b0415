/**
 * Nothing that we start outlives us.
 *
 * Every child leads a process group of its own, and a small process (reaper.mjs) holds the other end of a pipe: when we end, in
 * whatever way, even by `kill -9`, the pipe closes and it ends the groups that are left.
 */

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const children = new Set();
let reaper;
let stopping;

/** Ends this child's group when we end. */
export function guard(child) {
  if (child.pid === undefined) return;
  reaper ??= startReaper();
  children.add(child);
  reaper.stdin.write(`+${child.pid}\n`);
}

/** The child has ended by itself. */
export function forget(child) {
  if (children.delete(child)) reaper.stdin.write(`-${child.pid}\n`);
}

/** Whether we are ending: children that end now do so because they were told to. */
export const isStopping = () => stopping !== undefined;

/** Ends all children, first kindly; waits until they are gone. */
export function stopAll() {
  stopping ??= (async () => {
    await Promise.all([...children].map(end));
    reaper?.stdin.end();
  })();
  return stopping;
}

/** Ends one child's group: SIGTERM, and SIGKILL for what is left after ten seconds. */
export function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((done) => {
    const force = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), 10_000);
    child.once('exit', () => {
      clearTimeout(force);
      signalGroup(child.pid, 'SIGKILL');
      done();
    });
    signalGroup(child.pid, 'SIGTERM');
  });
}

/** Makes Ctrl-C, SIGTERM and a closed terminal stop everything. */
export function stopOnSignals(message) {
  for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]]) {
    process.on(signal, () => {
      if (!stopping && message) console.log(`\n${message}`);
      stopAll().then(() => process.exit(message && signal === 'SIGINT' ? 0 : code));
    });
  }
  // npm killed with -9 tells us nothing; we are then adopted by another parent.
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event) {
    setInterval(() => {
      if (process.ppid !== parent) stopAll().then(() => process.exit(143));
    }, 1_000).unref();
  }
}

function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH' && error.code !== 'EPERM') throw error;
  }
}

function startReaper() {
  const script = fileURLToPath(new URL('reaper.mjs', import.meta.url));
  const child = spawn(process.execPath, [script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  child.unref();
  child.stdin.unref();
  child.stdin.on('error', () => {});
  return child;
}
