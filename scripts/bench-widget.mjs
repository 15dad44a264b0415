/**
 * `npm run bench:widget`: how long a person waits for the first question, beside a bare page, Preact and widgets of others. Writes
 * docs/benchmarks/widget.md and its picture.
 *
 *   npm run bench:widget -- --rounds 3
 *
 * `--no-build` takes the server and the widget as they were built; INTERVIEWRELAY_BIN names another server.
 */

import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';

import { describeMachine } from './bench/proc.mjs';
import { newFolder, removeFolders } from './bench/servers.mjs';
import { ensurePeers, measurePages } from './bench/widget/measure.mjs';
import { printPages, writePages } from './bench/widget/report.mjs';
import { prepareWidget } from './bench/widget.mjs';
import { elapsed, explain, say, UserError } from './lib/log.mjs';
import { ask } from './lib/run.mjs';
import { ensureServer } from './lib/server.mjs';
import { stopAll, stopOnSignals } from './lib/stop.mjs';
import { checkTools, ensureChromium } from './lib/tools.mjs';

stopOnSignals();
try {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '9' }, 'no-build': { type: 'boolean', default: false } } });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new UserError('--rounds is a number from 1 on.');
  await bench(rounds, !values['no-build']);
} catch (error) {
  process.exitCode = explain(error);
}
await stopAll();
removeFolders();

async function bench(rounds, builds) {
  await checkTools();
  if (builds) {
    await prepareWidget();
    await ensureServer();
  }
  process.env.CHROMIUM_PATH = await ensureChromium();
  await ensurePeers();
  const began = elapsed();
  const run = {
    date: new Date().toISOString().slice(0, 10),
    machine: describeMachine(newFolder()),
    // What was at work before we began.
    load: loadavg()[0],
    browser: nameOf(process.env.CHROMIUM_PATH),
    rounds,
  };
  run.pages = await measurePages({ rounds });
  run.took = elapsed() - began;
  printPages(run.pages);
  writePages(run);
  say(`Measured in ${Math.round(run.took)} s. Written: docs/benchmarks/widget.md and widget.svg.`);
}

/** `Chromium 156.0.1` of what the program says of itself. */
function nameOf(path) {
  return ask(path, ['--version'])?.match(/^\S+ [\d.]+/)?.[0] ?? 'Chromium';
}
