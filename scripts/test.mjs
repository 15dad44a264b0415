/**
 * `npm test`: everything, in parts; `npm test -- --only journeys,snippets` runs some of them,
 * `--release` with the server as it is shipped.
 *
 * Each part says what it is doing, a failed one shows its output and the others still run. The last lines show that output again,
 * as it is far above by then, name what failed and count all.
 */

import { parseArgs } from 'node:util';

import { duration, elapsed, explain, say, UserError } from './lib/log.mjs';
import { tail } from './lib/run.mjs';
import { stopAll, stopOnSignals } from './lib/stop.mjs';
import { checkTools } from './lib/tools.mjs';
import { PARTS } from './test/parts.mjs';
import { Preparation } from './test/prepare.mjs';

stopOnSignals();

try {
  const { only, verbose, kills, release } = readOptions();
  const parts = PARTS.filter((part) => only === null || only.includes(part.name));
  await checkTools();
  const preparation = new Preparation({ verbose, release });
  const rows = [];
  for (const part of parts) rows.push(await runPart(part, preparation, { verbose, kills }));
  process.exitCode = report(rows);
} catch (error) {
  process.exitCode = explain(error);
}
await stopAll();

function readOptions() {
  const options = { only: { type: 'string' }, verbose: { type: 'boolean' }, release: { type: 'boolean' }, kills: { type: 'string' } };
  let values;
  try {
    ({ values } = parseArgs({ options }));
  } catch (error) {
    throw new UserError(error.message);
  }
  const only = values.only?.split(',') ?? null;
  const unknown = only?.filter((name) => !PARTS.some((part) => part.name === name)) ?? [];
  if (unknown.length > 0) throw new UserError(`No part is called ${unknown.join(', ')}. There are: ${PARTS.map((part) => part.name).join(', ')}.`);
  if (values.kills !== undefined && !/^[1-9]\d*$/.test(values.kills)) throw new UserError(`--kills is \`${values.kills}\`; expected how often to kill, 1 or more.`);
  return { only, verbose: values.verbose ?? false, release: values.release ?? false, kills: values.kills };
}

/** Runs one part with what it needs; whatever goes wrong in it counts as one failure of it. */
async function runPart(part, preparation, options) {
  say(`── ${part.name}: ${part.about}`);
  const began = elapsed();
  let result;
  try {
    const prepared = {};
    for (const need of part.needs ?? []) prepared[need] = await preparation.get(need);
    result = await part.run(prepared, options);
    // A filter that finds nothing passes by itself.
    if (result.passed + result.failed + result.skipped === 0) result = { ...result, failed: 1, failures: ['there was no test in it'] };
  } catch (error) {
    explain(error);
    result = { passed: 0, failed: 1, skipped: 0, failures: [] };
  }
  const row = { name: part.name, ...result, seconds: elapsed() - began };
  say(`   ${row.passed} passed, ${row.failed} failed, ${row.skipped} skipped in ${duration(row.seconds)}${row.note ? ` · ${row.note}` : ''}`);
  return row;
}

/** Prints what failures said, the table and the last line; gives the exit code. */
function report(rows) {
  for (const { name, said } of rows) if (said) console.log(`\n── ${name} said:\n${tail(said)}`);
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  const cells = rows.map((row) => [row.name, row.passed + row.failed + row.skipped, row.passed, row.failed, row.skipped, row.seconds.toFixed(1)]);
  const table = [['part', 'ran', 'passed', 'failed', 'skipped', 'seconds'], ...cells].map((row) => row.map(String));
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  console.log();
  for (const row of table) console.log(row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  '));
  for (const row of rows.filter(({ note }) => note)) console.log(`${row.name}: ${row.note}`);
  for (const { name, failures } of rows) for (const failure of failures) console.log(`failed: ${name}: ${failure}`);
  console.log(`\nin ${duration(elapsed())}`);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
  return sum('failed') > 0 || sum('passed') === 0 ? 1 : 0;
}
