/** Runs programs: quick ones for their output, long ones with a sign of life every few seconds. */

import { spawn, spawnSync } from 'node:child_process';

import { duration, more, say, UserError } from './log.mjs';
import { root, searchPath } from './paths.mjs';
import { forget, guard, isStopping } from './stop.mjs';

/** How often a long step says that it is still at work. */
const HEARTBEAT_MS = 8_000;

/** Lines of a failed step that are shown. */
const TAIL_LINES = 60;

/** The environment of a child: ours, with cargo's programs on the path. */
export const environment = (extra = {}) => ({ ...process.env, PATH: searchPath, ...extra });

/** What a quick program prints, trimmed; `null` when it is absent or fails. */
export function ask(command, args, options = {}) {
  const { status, stdout } = spawnSync(command, args, { cwd: root, encoding: 'utf8', env: environment(), ...options });
  return status === 0 ? stdout.trim() : null;
}

/**
 * Runs a long program. Its output is kept, its last line shown every few seconds; `verbose` shows all of it as it comes.
 *
 * @returns {Promise<{code: number, output: string, seconds: number}>}
 */
export function run(command, args, { env = {}, verbose = false, cwd = root } = {}) {
  return new Promise((done) => {
    const began = performance.now();
    const seconds = () => (performance.now() - began) / 1000;
    const child = spawn(command, args, { cwd, env: environment(env), detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    guard(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
        if (verbose) process.stdout.write(text);
      });
    }
    const heart = setInterval(() => {
      if (!verbose) more(`… ${duration(seconds())}  ${lastLine(output)}`);
    }, HEARTBEAT_MS);
    const end = (code) => {
      clearInterval(heart);
      forget(child);
      // It ended because we end; there is nobody left to tell that it failed.
      if (isStopping()) return;
      done({ code, output, seconds: seconds() });
    };
    child.on('error', (error) => {
      output += `${command}: ${error.message}\n`;
      end(127);
    });
    child.on('close', (code) => end(code ?? 1));
  });
}

/** Runs a long program that has to succeed: one line before, one after, its last lines when it fails. */
export async function step(title, command, args, options = {}) {
  say(`${title} …`);
  const result = await run(command, args, options);
  if (result.code !== 0) {
    console.error(tail(result.output));
    throw new UserError(`${title}: failed. The lines above are the last of \`${command} ${args.join(' ')}\`.`);
  }
  if (result.seconds > 1) more(`done in ${duration(result.seconds)}`);
  return result;
}

/** The last lines of an output. */
export const tail = (output, lines = TAIL_LINES) => output.trimEnd().split('\n').slice(-lines).join('\n');

/** The last line that says something, without colours and cut to the width of a terminal. */
function lastLine(output) {
  const plain = output.slice(-4_000).replace(/\u001b\[[0-9;]*[A-Za-z]/g, '');
  const line = plain.split(/[\r\n]+/).map((text) => text.trim()).filter(Boolean).at(-1) ?? '';
  return line.length > 90 ? `${line.slice(0, 89)}…` : line;
}
