/**
 * Runs schemathesis on some operations of a running server, and reads out of its record what they answered: a run that
 * finds no fault may have reached nothing.
 *
 * SCHEMATHESIS is the program; `npm test` installs it and says where it is. EXAMPLES is how many requests an operation
 * gets at most beyond those that its description calls for (20).
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The same requests in each run, but for the ids that the server gives. */
const SEED = 20261124;

/** How often one of the values that exist is sent, where an operation has been given some. */
const KNOWN = 0.7;

/** What API keys and tokens look like. Answers are shown when they are at fault. */
const SECRET = /\b(ir_(?:live|test)_sk_|ir_rt_|eyJ)[\w.-]+/g;

/** All checks but one: no schema can say that a cursor is none of ours, an `If-Match` is old or an invite has ended. */
const CHECKS = {
  positive_data_acceptance: { enabled: false },
  // Any refusal will do: what a request names may be missing before what it holds is read.
  negative_data_rejection: { 'expected-statuses': ['4xx'] },
};

/**
 * Asks these operations, and holds each answer against the description that the server gives of itself.
 *
 * @param {string} url where it listens
 * @param {string} folder for the record
 * @param {{name: string, token?: string, header?: string, known?: Record<string, unknown>, onlyKnown?: boolean, checks?: object}[]} operations
 *   their names, such as `POST /v1/invites`; what authorizes them, and the header that takes it alone; values that exist, such as `{'path.id': […]}`, or one that is
 *   always sent; whether they are kept from what other answers have named; other settings of checks
 * @returns {Promise<{faultless: boolean, output: string, answers: Map<string, number[]>}>} `answers` has the statuses by name
 */
export async function fuzz(url, folder, operations) {
  const place = await mkdtemp(join(folder, 'fuzz-'));
  const record = join(place, 'record.ndjson');
  const tokens = Object.fromEntries(operations.flatMap(({ token }, index) => (token ? [[`TOKEN_${index}`, token]] : [])));
  await writeFile(join(place, 'schemathesis.toml'), settings(operations));
  const args = ['run', `${url}/openapi.json`, '--report', 'ndjson', '--report-ndjson-path', record, '--no-color'];
  for (const { name } of operations) args.push('--include-name', name);
  const child = spawn(process.env.SCHEMATHESIS || 'schemathesis', args, { cwd: place, env: { ...process.env, ...tokens }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const [code] = await once(child, 'close');
  return { faultless: code === 0, output: output.replace(SECRET, '$1…'), answers: code === 0 ? await readAnswers(record) : new Map() };
}

/** Its settings, as TOML. The tokens come by the environment. */
function settings(operations) {
  const all = {
    seed: SEED,
    warnings: false,
    'suppress-health-check': ['all'],
    'request-timeout': 10,
    cache: { enabled: false },
    generation: { 'max-examples': Number(process.env.EXAMPLES || 20), database: 'none' },
    phases: { stateful: { enabled: false } },
    checks: CHECKS,
    dictionaries: {},
    operations: [],
  };
  for (const [index, { name, token, header, known = {}, onlyKnown = false, checks = {} }] of operations.entries()) {
    const parameters = {};
    for (const [place, values] of Object.entries(known)) {
      const dictionary = `${name} ${place}`;
      if (Array.isArray(values)) all.dictionaries[dictionary] = { values };
      parameters[place] = Array.isArray(values) ? { dictionary, probability: KNOWN } : values;
    }
    const value = header ? `\${TOKEN_${index}}` : `Bearer \${TOKEN_${index}}`;
    const headers = token ? { [header ?? 'Authorization']: value } : {};
    const phase = { 'extra-data-sources': { responses: !onlyKnown } };
    const phases = { examples: phase, coverage: phase, fuzzing: phase };
    all.operations.push({ 'include-name': name, headers, parameters, phases, checks });
  }
  return Object.entries(all).map(([name, value]) => `${name} = ${toml(value)}\n`).join('');
}

/** What JSON writes is TOML, but for the `=` of an object. */
function toml(value) {
  if (Array.isArray(value)) return `[${value.map(toml).join(', ')}]`;
  if (typeof value !== 'object') return JSON.stringify(value);
  return `{${Object.entries(value).map(([name, member]) => `${JSON.stringify(name)} = ${toml(member)}`).join(', ')}}`;
}

/** The statuses of each operation. What was sent to its path with other methods is left out. */
async function readAnswers(record) {
  const answers = new Map();
  for await (const line of createInterface({ input: createReadStream(record) })) {
    const { label, interactions = {} } = JSON.parse(line).ScenarioFinished?.recorder ?? {};
    for (const { request, response } of Object.values(interactions)) {
      if (!response || !label.startsWith(`${request.method} `)) continue;
      if (!answers.has(label)) answers.set(label, []);
      answers.get(label).push(response.status_code);
    }
  }
  return answers;
}
