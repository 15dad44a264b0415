/** Programs that keep running: started, waited for, watched. */

import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

import { UserError } from './log.mjs';
import { root } from './paths.mjs';
import { environment } from './run.mjs';
import { guard, isStopping } from './stop.mjs';

const READY_WITHIN_MS = 30_000;

/**
 * Starts a program that keeps running; what it prints goes to `log`.
 *
 * @param {{name: string, command: string, args: string[], env: object, log: string, onExit: (reason: Error) => void}} service
 */
export function startService({ name, command, args, env, log, onExit }) {
  const file = openSync(log, 'w', 0o600);
  const child = spawn(command, args, { cwd: root, env: environment(env), detached: true, stdio: ['ignore', file, file] });
  closeSync(file);
  guard(child);
  child.on('error', (error) => onExit(new UserError(`${name} could not be started: ${error.message}`)));
  child.on('exit', (code, signal) => {
    if (isStopping()) return;
    const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
    onExit(new UserError(`${name} ${how}. The last lines of ${log}:\n${lastLines(log)}`));
  });
  return child;
}

/** Waits until an address answers 200. */
export async function waitFor(name, url) {
  const deadline = Date.now() + READY_WITHIN_MS;
  let problem = 'no answer';
  for (;;) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
      await response.arrayBuffer();
      if (response.ok) return;
      problem = `status ${response.status}`;
    } catch (error) {
      problem = error.cause?.code ?? error.message;
    }
    if (Date.now() > deadline) throw new UserError(`${name} does not answer at ${url} (${problem}).`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function lastLines(path) {
  return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-20).map((line) => `  ${line}`).join('\n');
}
