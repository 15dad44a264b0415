/** The server as a program: the shipped one, or that of the tests. */

import { resolve } from 'node:path';

import { UserError } from './log.mjs';
import { root, serverBinary, serverName } from './paths.mjs';
import { step } from './run.mjs';

/** Builds the server as it is shipped, and gives its path; INTERVIEWRELAY_BIN names one that is built. */
export async function ensureServer({ verbose = false } = {}) {
  if (!process.env.INTERVIEWRELAY_BIN) await step('Building the server', 'cargo', ['build', '--release', '-p', 'token-server'], { verbose });
  return serverBinary;
}

/**
 * Builds the programs that `cargo test` runs, the server among them; gives the paths of the server and of the API's own tests.
 *
 * Asked for by itself the server would be built a second time, with other features, and all that it is made of.
 */
export async function ensureTestPrograms({ verbose = false } = {}) {
  const { output } = await step('Building the programs of the tests', 'cargo', ['test', '--workspace', '--no-run'], { verbose });
  const [, api] = /^\s*Executable tests\/api\/main\.rs \((.+)\)$/m.exec(output) ?? [];
  if (!api) throw new UserError('`cargo test --workspace --no-run` names no tests of the API.');
  return { api: resolve(root, api), server: resolve(root, api, '../..', serverName) };
}
