/** Where things lie in this checkout. */

import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the checkout. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** A path inside the checkout. */
export const at = (...parts) => join(root, ...parts);

/** Where cargo builds. */
export const targetDir = resolve(root, process.env.CARGO_TARGET_DIR || 'target');

/** What the server's program is called here. */
export const serverName = process.platform === 'win32' ? 'interviewrelay.exe' : 'interviewrelay';

/** The server: the one that INTERVIEWRELAY_BIN names, or as `npm run build:server` leaves it. */
export const serverBinary = process.env.INTERVIEWRELAY_BIN ? resolve(process.env.INTERVIEWRELAY_BIN) : join(targetDir, 'release', serverName);

/** Programs that cargo installs; a shell that was open while rustup was installed does not have it on its path. */
export const cargoBin = join(process.env.CARGO_HOME || join(homedir(), '.cargo'), 'bin');

/** What our child processes get as PATH. */
export const searchPath = [cargoBin, at('node_modules/.bin'), process.env.PATH].filter(Boolean).join(delimiter);
