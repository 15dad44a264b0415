/**
 * `npm run bench`: what minting costs beside servers that do less, what attacks, revocation and size do to it, how fast webhooks
 * go out, and how long a participant waits. A whole run writes docs/benchmarks; webhooks have a page of their own, which the part alone writes too.
 *
 *   npm run bench -- --only mint --servers b,d --rounds 3 --seconds 4
 *
 * `--only` names parts: mint, floods, revocation, sessions, growth, webhooks, widget. `--servers` names those of the table that mint prints.
 */

import { parseArgs } from 'node:util';

import { measureFloods, measureRevocation, measureSessions } from './bench/attacks.mjs';
import { measureGrowth } from './bench/growth.mjs';
import { measureMint, ratios } from './bench/mint.mjs';
import { printFloods, printGrowth, printMint, printRevocation, printSessions, printWebhooks, printWidget } from './bench/print.mjs';
import { describeMachine } from './bench/proc.mjs';
import { sentence, writeReport, writeWebhooks } from './bench/report.mjs';
import { ensureNodeServers, newFolder, removeFolders } from './bench/servers.mjs';
import { measureWebhooks } from './bench/webhooks.mjs';
import { measureWidget, prepareWidget } from './bench/widget.mjs';
import { ensureWrk } from './bench/wrk.mjs';
import { elapsed, explain, say } from './lib/log.mjs';
import { serverBinary } from './lib/paths.mjs';
import { step } from './lib/run.mjs';
import { stopAll, stopOnSignals } from './lib/stop.mjs';
import { checkTools } from './lib/tools.mjs';

const PARTS = ['mint', 'floods', 'revocation', 'sessions', 'growth', 'webhooks', 'widget'];

stopOnSignals();
try {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: PARTS.join() },
      servers: { type: 'string', default: '' },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '4' },
      'no-build': { type: 'boolean', default: false },
    },
  });
  const list = (text) => text.split(',').filter(Boolean);
  await bench({ ...values, only: list(values.only), servers: list(values.servers), rounds: Number(values.rounds), seconds: Number(values.seconds) });
} catch (error) {
  process.exitCode = explain(error);
}
await stopAll();
removeFolders();

async function bench(options) {
  const { only, servers, rounds, seconds } = options;
  const wants = (part) => only.includes(part);
  await checkTools();
  await ensureWrk();
  await ensureNodeServers();
  if (!options['no-build']) {
    await step('Building the servers', 'cargo', ['build', '--release', '-p', 'token-server', '-p', 'bench']);
    await step('Building the filler', 'cargo', ['build', '--release', '-p', 'storage', '--example', 'fill']);
  }
  // Whoever named another one should see it, as that of a test is ten times slower.
  say(`The server that is measured is ${serverBinary}.`);
  const sizes = wants('widget') ? await prepareWidget() : null;
  removeFolders();
  const began = elapsed();
  const run = { date: new Date().toISOString().slice(0, 10), machine: describeMachine(newFolder()), rounds, seconds };
  if (wants('mint')) {
    run.mint = await measureMint({ rounds, seconds, only: servers });
    run.ratios = ratios(run.mint);
    printMint(run.mint, run.ratios);
  }
  if (wants('floods')) printFloods((run.floods = await measureFloods({ rounds, seconds: Math.min(seconds, 3) })));
  if (wants('revocation')) printRevocation((run.revocation = await measureRevocation({ keys: 5 })));
  if (wants('sessions')) printSessions((run.sessions = await measureSessions({ count: 10_000 })));
  if (wants('growth')) printGrowth((run.growth = await measureGrowth({ rounds, seconds: Math.min(seconds, 2) })));
  if (wants('webhooks')) printWebhooks((run.webhooks = await measureWebhooks({ rounds })));
  if (wants('widget')) printWidget((run.widget = { sizes, ...(await measureWidget()) }));
  run.took = elapsed() - began;
  say(`Measured in ${Math.round(run.took)} s.`);
  if (run.webhooks) {
    writeWebhooks(run);
    say('Written: docs/benchmarks/webhooks.md and webhooks.svg.');
  }
  if (PARTS.every(wants) && servers.length === 0) {
    writeReport(run);
    say('Written: docs/benchmarks/mint.md and mint.svg. For the README:');
    console.log(`\n${sentence(run)}`);
  }
}
