/** `npm start`: from a bare checkout to an interview in the browser. `npm start -- --help` lists the options. */

import { mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';

import { demoFile, keyWorks, prepareDemo } from './lib/demo.mjs';
import { explain, more, say } from './lib/log.mjs';
import { HELP, listenAddress, localUrl, readOptions } from './lib/options.mjs';
import { at, root, serverBinary } from './lib/paths.mjs';
import { checkPorts } from './lib/ports.mjs';
import { step } from './lib/run.mjs';
import { ensureServer } from './lib/server.mjs';
import { startService, waitFor } from './lib/services.mjs';
import { stopAll, stopOnSignals } from './lib/stop.mjs';
import { checkTools, ensureNpmPackages, ensureWasmPack, ensureWasmTarget, wasmEnvironment } from './lib/tools.mjs';

stopOnSignals('Stopping …');

try {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options.help) {
    console.log(HELP);
    process.exit(0);
  }
  await checkPorts([options.live, options.sandbox, options.demo]);
  await build(options);
  await serve(options);
} catch (error) {
  await fail(error);
}

/** Installs what is missing and builds the widget and the server; nothing is built twice. */
async function build({ verbose }) {
  await checkTools();
  await ensureNpmPackages();
  await ensureWasmTarget();
  await ensureWasmPack();
  await step('Building the widget', process.execPath, [at('widget/build.mjs')], { verbose, env: wasmEnvironment() });
  await ensureServer({ verbose });
}

/** Starts the server and the demo site, and says where they are. */
async function serve({ data, live, sandbox, demo: site }) {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const env = {
    INTERVIEWRELAY_DATABASE_URL: process.env.INTERVIEWRELAY_DATABASE_URL || `sqlite://${join(data, 'interviewrelay.db')}`,
    INTERVIEWRELAY_LIVE_LISTEN: listenAddress(live),
    INTERVIEWRELAY_SANDBOX_LISTEN: listenAddress(sandbox),
    // What listens on every address is reached by one of them.
    INTERVIEWRELAY_LIVE_PUBLIC_URL: process.env.INTERVIEWRELAY_LIVE_PUBLIC_URL || localUrl(live),
    INTERVIEWRELAY_SANDBOX_PUBLIC_URL: process.env.INTERVIEWRELAY_SANDBOX_PUBLIC_URL || localUrl(sandbox),
    INTERVIEWRELAY_WIDGET_DIR: process.env.INTERVIEWRELAY_WIDGET_DIR || at('widget/npm/dist'),
  };
  await step('Preparing the database', serverBinary, ['init'], { env });
  let demo = prepareDemo(data, env);

  const onExit = (reason) => fail(reason);
  const serverLog = join(data, 'server.log');
  startService({ name: 'The server', command: serverBinary, args: ['serve'], env, log: serverLog, onExit });
  await Promise.all([waitFor('The live API', `${localUrl(live)}/healthz`), waitFor('The sandbox API', `${localUrl(sandbox)}/healthz`)]);
  say(`The server answers: live at ${localUrl(live)}, sandbox at ${localUrl(sandbox)}.`);

  const apiBase = localUrl(sandbox);
  if (!(await keyWorks(apiBase, demo))) {
    more("The demo's keys belong to another database; making new ones.");
    rmSync(demoFile(data));
    demo = prepareDemo(data, env);
  }
  const demoEnv = {
    INTERVIEWRELAY_API_KEY: demo.test.key,
    INTERVIEWRELAY_API_BASE: apiBase,
    INTERVIEWRELAY_CAMPAIGN_ID: demo.campaign_id,
    HOST: site.host,
    PORT: String(site.port),
  };
  const demoLog = join(data, 'demo-site.log');
  startService({ name: 'The demo site', command: process.execPath, args: [at('demo-site/server.mjs')], env: demoEnv, log: demoLog, onExit });
  await waitFor('The demo site', `${localUrl(site)}/healthz`);

  const folder = data.startsWith(join(root, '/')) ? relative(root, data) : data;
  const address = site.host === '127.0.0.1' ? `http://localhost:${site.port}` : localUrl(site);
  const custom = folder === 'data' ? '' : ` -- --data ${folder}`;
  say('Ready.');
  console.log(`
  Take the interview   ${address}
  See the answers      npm run answers${custom}${sandbox.port === 8081 ? '' : `${custom ? '' : ' --'} --sandbox-port ${sandbox.port}`}
  Data, keys and logs  ${folder}/  (server.log, demo-site.log; the API keys are in demo.json)
  Stop                 Ctrl-C
`);
}

async function fail(error) {
  const code = explain(error);
  await stopAll();
  process.exit(code);
}
