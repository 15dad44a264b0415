/** `npm run build`: the widget and the server, with whatever they need installed first. */

import { explain } from './lib/log.mjs';
import { at } from './lib/paths.mjs';
import { step } from './lib/run.mjs';
import { ensureServer } from './lib/server.mjs';
import { stopAll, stopOnSignals } from './lib/stop.mjs';
import { checkTools, ensureNpmPackages, ensureWasmPack, ensureWasmTarget, wasmEnvironment } from './lib/tools.mjs';

stopOnSignals();

try {
  await checkTools();
  await ensureNpmPackages();
  await ensureWasmTarget();
  await ensureWasmPack();
  const widget = await step('Building the widget', process.execPath, [at('widget/build.mjs')], { env: wasmEnvironment() });
  console.log(widget.output.trimEnd());
  console.log(`The server is ${await ensureServer()}`);
} catch (error) {
  process.exitCode = explain(error);
}
await stopAll();
