/**
 * `npm run bench`: what minting costs beside servers that do less, what attacks, size and revocation do to it, and what a participant waits for.
 *
 * `npm run bench -- --only mint --servers b,d --rounds 3 --seconds 4` measures a part. Only a whole run writes docs/benchmarks.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { measureMint, ratios } from './bench/mint.mjs';
import { printMint } from './bench/print.mjs';
import { ensureNodeServers, removeFolders } from './bench/servers.mjs';
import { ensureWrk } from './bench/wrk.mjs';
import { explain } from './lib/log.mjs';
import { step } from './lib/run.mjs';
import { stopAll, stopOnSignals } from './lib/stop.mjs';
import { checkTools } from './lib/tools.mjs';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    servers: { type: 'string', default: '' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    'no-build': { type: 'boolean', default: false },
  },
});
const list = (text) => text.split(',').filter(Boolean);
const parts = list(options.only);
const wants = (part) => parts.length === 0 || parts.includes(part);

stopOnSignals();
try {
  await checkTools();
  await ensureWrk();
  await ensureNodeServers();
  if (!options['no-build']) await step('Building the servers', 'cargo', ['build', '--release', '-p', 'token-server', '-p', 'bench']);
  removeFolders();
  if (wants('mint')) {
    const mint = await measureMint({ rounds: Number(options.rounds), seconds: Number(options.seconds), only: list(options.servers) });
    printMint(mint, ratios(mint));
  }
} catch (error) {
  process.exitCode = explain(error);
}
await stopAll();
removeFolders();
