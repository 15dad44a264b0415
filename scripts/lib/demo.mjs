/** What the demo needs inside the server: an organization, a key for each environment, and the sample campaign. */

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { say, UserError } from './log.mjs';
import { at, serverBinary } from './paths.mjs';
import { environment } from './run.mjs';

const ORGANIZATION = 'Demo';

/** The file that holds the demo's keys. Only its owner can read it. */
export const demoFile = (data) => join(data, 'demo.json');

/** The demo's keys and campaign, as {@link prepareDemo} wrote them; `null` before the first run. */
export function readDemo(data) {
  const file = demoFile(data);
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new UserError(`${file} is damaged. Remove it, and the demo gets new keys.`);
  }
}

/** Creates what is missing and imports the campaign; doing so again changes nothing. */
export function prepareDemo(data, env) {
  let demo = readDemo(data);
  if (demo === null) {
    say(`First run: creating the organization "${ORGANIZATION}" and its API keys …`);
    demo = { organization: ORGANIZATION, live: createKey('live', env), test: createKey('test', env) };
    save(data, demo);
  }
  const campaign = command(['campaigns', 'import', at('demo-site/campaign.json'), '--org', ORGANIZATION, '--env', 'test', '--json'], env);
  demo = { ...demo, campaign_id: campaign.id };
  save(data, demo);
  say(`Campaign "${campaign.name}" (${campaign.id}) is ${campaign.status} in the sandbox.`);
  return demo;
}

/** Whether the server knows the demo's key: it does not when the database was removed and the file was not. */
export async function keyWorks(apiBase, demo) {
  const response = await fetch(`${apiBase}/v1/campaigns?limit=1`, { headers: { Authorization: `Bearer ${demo.test.key}` } });
  await response.arrayBuffer();
  if (response.status === 401) return false;
  if (!response.ok) throw new UserError(`The sandbox API answers ${response.status} to the demo's key.`);
  return true;
}

/** Runs a command of the server that prints one JSON object. */
export function command(args, env) {
  let output;
  try {
    output = execFileSync(serverBinary, args, { encoding: 'utf8', env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    throw new UserError(`\`interviewrelay ${args.slice(0, 2).join(' ')}\` failed:\n${(error.stderr || error.message).trimEnd()}`);
  }
  return output.trim() === '' ? null : JSON.parse(output);
}

const createKey = (environmentName, env) => {
  const { id, key } = command(['keys', 'create', '--org', ORGANIZATION, '--env', environmentName, '--name', 'Demo site', '--json'], env);
  return { id, key };
};

/** All of it or nothing: whoever stops us meanwhile would leave half a file. */
function save(data, demo) {
  const file = demoFile(data);
  writeFileSync(`${file}.part`, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.part`, file);
}
