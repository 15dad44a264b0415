/** The tools that a build needs: checked by name, installed where that is possible without asking. */

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { more, say, UserError } from './log.mjs';
import { at, cargoBin } from './paths.mjs';
import { ask, run, step, tail } from './run.mjs';

const NODE_MAJOR = 20;
const WASM = 'wasm32-unknown-unknown';
const RUSTUP = "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh";

/** Node, Rust and a C compiler: what we cannot install ourselves. Says all that is missing at once. */
export async function checkTools() {
  const missing = [];
  if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR) {
    missing.push(`Node ${NODE_MAJOR} or newer (this is ${process.versions.node}): https://nodejs.org, or your package manager.`);
  }
  const rustup = ask('rustup', ['--version']) !== null;
  let rust = version(ask('rustc', ['--version']));
  if (!rust && rustup) {
    await step('Installing the stable Rust toolchain', 'rustup', ['toolchain', 'install', 'stable', '--profile', 'minimal', '-c', 'clippy', '-c', 'rustfmt']);
    rust = version(ask('rustc', ['--version']));
  }
  const needed = version(readFileSync(at('Cargo.toml'), 'utf8').match(/rust-version = "(.+?)"/)?.[1]);
  if (rust && older(rust, needed) && rustup) {
    await step(`Updating Rust ${rust.join('.')}, as ${needed.join('.')} or newer is needed`, 'rustup', ['update', 'stable']);
    rust = version(ask('rustc', ['--version']));
  }
  if (!rust || ask('cargo', ['--version']) === null) {
    missing.push(`Rust (cargo and rustc): ${RUSTUP}`);
  } else if (older(rust, needed)) {
    missing.push(`Rust ${needed.join('.')} or newer (this is ${rust.join('.')}): rustup update stable`);
  }
  if (ask('cc', ['--version']) === null) {
    missing.push('A C compiler, `cc`, for SQLite and the signing library: `apt-get install build-essential` on Debian and Ubuntu, `xcode-select --install` on macOS.');
  }
  if (missing.length > 0) throw new UserError(`These are missing:\n  - ${missing.join('\n  - ')}`);
  say(`Tools: Node ${process.versions.node}, Rust ${rust.join('.')}, a C compiler.`);
}

/** `npm ci` when the lock is not the one that node_modules was made from. */
export async function ensureNpmPackages() {
  const lock = createHash('sha256').update(readFileSync(at('package-lock.json'))).digest('hex');
  const stamp = at('node_modules/.interviewrelay-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  await step('Installing npm packages', 'npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], { env: { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' } });
  writeFileSync(stamp, lock);
}

/** The wasm32 standard library: from rustup or, where it may not fetch one, from Debian's archive; and its source, to build it for size. */
export async function ensureWasmTarget() {
  await ensureWasmLibrary();
  if (process.env.INTERVIEWRELAY_WASM_TOOLCHAIN || ask('rustup', ['--version']) === null) return;
  const source = join(ask('rustc', ['--print', 'sysroot'])?.trim() ?? '', 'lib/rustlib/src/rust/library/std/Cargo.toml');
  if (existsSync(source)) return;
  say('Adding the source of the Rust standard library …');
  const added = await run('rustup', ['component', 'add', 'rust-src']);
  // The widget can be built without it, a sixth larger.
  if (added.code !== 0) more(tail(added.output).split('\n').at(-1));
}

async function ensureWasmLibrary() {
  if (hasWasm(process.env.RUSTUP_TOOLCHAIN)) return;
  const fallback = 'interviewrelay-wasm';
  if (ask('rustup', ['--version']) === null) {
    throw new UserError(`Rust's standard library for ${WASM} is missing, and rustup, which would fetch it, is not here.\nInstall it with your package manager, or Rust by rustup: ${RUSTUP}`);
  }
  if (!hasWasm(fallback)) {
    say(`Adding the Rust target ${WASM} …`);
    const added = await run('rustup', ['target', 'add', WASM]);
    if (added.code === 0) return;
    more(tail(added.output).split('\n').at(-1));
    await step("rustup could not fetch it; building it from Debian's archive", 'bash', [at('scripts/wasm-toolchain.sh'), fallback]);
    if (!hasWasm(fallback)) throw new UserError(`The target ${WASM} could not be installed: \`rustup target add ${WASM}\` says why.`);
  }
  // Only the widget's build reads this; the server is built by the ordinary toolchain.
  process.env.INTERVIEWRELAY_WASM_TOOLCHAIN = fallback;
}

/** What a build of the widget needs in its environment. */
export const wasmEnvironment = () =>
  process.env.INTERVIEWRELAY_WASM_TOOLCHAIN ? { RUSTUP_TOOLCHAIN: process.env.INTERVIEWRELAY_WASM_TOOLCHAIN } : {};

/** wasm-pack, built by cargo. */
export async function ensureWasmPack() {
  if (ask('wasm-pack', ['--version']) !== null) return;
  // Without --locked: newer patch releases of what it depends on are what builds with a newer compiler.
  // Nobody debugs it: without what a debugger wants it is quicker to build.
  await step('Installing wasm-pack (a few minutes, once)', 'cargo', ['install', '--debug', 'wasm-pack'], { env: { CARGO_PROFILE_DEV_DEBUG: '0' } });
  if (ask('wasm-pack', ['--version']) === null) throw new UserError(`wasm-pack was installed but does not run. Is ${cargoBin} readable?`);
}

/** clippy and rustfmt. */
export async function ensureRustComponents() {
  if (ask('cargo', ['clippy', '--version']) !== null && ask('cargo', ['fmt', '--version']) !== null) return;
  await step('Adding clippy and rustfmt', 'rustup', ['component', 'add', 'clippy', 'rustfmt']);
}

/** A Chromium for the journeys; gives its path. */
export async function ensureChromium() {
  const find = () =>
    [process.env.CHROMIUM_PATH, '/usr/bin/chromium', ...['chromium', 'chromium-browser', 'google-chrome'].map((name) => ask('which', [name]))].find(
      (path) => path && existsSync(path),
    );
  if (!find()) {
    const missing = 'Chromium is missing: `apt-get install chromium` on Debian, or set CHROMIUM_PATH to a Chrome or Chromium of yours.';
    await aptInstall('chromium', 'Chromium', missing);
  }
  const path = find();
  if (!path) throw new UserError('Chromium was installed but cannot be found. Set CHROMIUM_PATH to it.');
  return path;
}

/**
 * Chromium without its windows, for journeys that need no device, in two thirds of the time; gives its path, or that of `chromium`
 * where there is none or CHROMIUM_PATH says what to use.
 */
export async function ensureHeadlessShell(chromium) {
  const shell = '/usr/bin/chromium-headless-shell';
  if (process.env.CHROMIUM_PATH) return chromium;
  if (!existsSync(shell)) await aptInstall('chromium-headless-shell', "Chromium's headless shell", '').catch(() => more('There is no headless shell of Chromium: the journeys take longer.'));
  return existsSync(shell) ? shell : chromium;
}

/** A Firefox for one journey; gives its path, or `null` where there is none and none can be installed. */
export async function ensureFirefox() {
  const find = () =>
    [process.env.FIREFOX_PATH, ...['firefox-esr', 'firefox'].map((name) => ask('which', [name]))].find((path) => path && existsSync(path)) ?? null;
  if (!find()) await aptInstall('firefox-esr', 'Firefox', '').catch(() => more('There is no Firefox, and none can be installed: set FIREFOX_PATH.'));
  return find();
}

/**
 * strace, without which three tests cannot see that what is acknowledged was synced before; whether it can trace here, as
 * containers may forbid that.
 */
export async function ensureStrace() {
  if (ask('strace', ['-V']) === null) await aptInstall('strace', 'strace', '').catch(() => {});
  const can = ask('strace', ['-o', '/dev/null', 'true']) !== null;
  if (!can) more('Nothing can be traced here: that answers are synced before they are acknowledged is not checked.');
  return can;
}

/** PostgreSQL's own programs; gives the folder that they are in, or `null` where there are none and none can be installed. */
export async function ensurePostgres() {
  const find = () => [ask('pg_config', ['--bindir']), ...debianPostgres()].find((folder) => folder && existsSync(join(folder, 'initdb'))) ?? null;
  if (!find()) {
    await aptInstall('postgresql', 'PostgreSQL', '').catch(() =>
      more('There is no PostgreSQL, and none can be installed: set TEST_POSTGRES_URL to a server on which databases may be made.'),
    );
  }
  return find();
}

/** Debian keeps the programs of each version in a folder of its own, which is on nobody's path. The newest is first. */
function debianPostgres() {
  const folder = '/usr/lib/postgresql';
  if (!existsSync(folder)) return [];
  const versions = readdirSync(folder).sort((one, other) => Number(other) - Number(one));
  return versions.map((version) => join(folder, version, 'bin'));
}

/** A Python with `requests`, for the guide's own Python; gives its path, or `null` where there is no Python at all. */
export async function ensurePython() {
  if (ask('python3', ['-c', 'import requests']) !== null) return 'python3';
  if (ask('python3', ['--version']) === null) return null;
  return join(await ensurePythonPackages('python', ['requests']), 'python');
}

/** A Python with what tests/webhooks verifies deliveries by; gives its path, or `null` where there is no Python at all. */
export async function ensureWebhooksPython() {
  if (ask('python3', ['--version']) === null) return null;
  const list = at('tests/webhooks/requirements.txt');
  return join(await ensurePythonPackages('webhooks', ['-r', list], readFileSync(list)), 'python');
}

/** schemathesis, as tests/openapi pins it; gives its path. */
export async function ensureSchemathesis() {
  const list = at('tests/openapi/requirements.txt');
  return join(await ensurePythonPackages('schemathesis', ['-r', list], readFileSync(list)), 'schemathesis');
}

/** A Python environment under .cache with these packages, made anew when `version` changes; gives where its programs are. */
async function ensurePythonPackages(name, packages, version = packages.join(' ')) {
  const folder = at('.cache', name);
  const programs = join(folder, 'bin');
  const python = join(programs, 'python');
  const stamp = join(folder, '.interviewrelay-packages');
  const wanted = createHash('sha256').update(version).digest('hex');
  const isWhole = existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  // An update of the Python that it was made from breaks it.
  if (isWhole && ask(python, ['--version']) !== null) return programs;
  await ensureVenv();
  await step(`Making a Python environment, ${name}`, 'python3', ['-m', 'venv', '--clear', folder]);
  await step(`Installing the Python packages of ${name}`, python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);
  writeFileSync(stamp, wanted);
  return programs;
}

/** Debian's Python comes without what makes environments. */
async function ensureVenv() {
  const works = () => ask('python3', ['-c', 'import ensurepip, venv']) !== null;
  if (works()) return;
  const missing = 'Python and its module venv are missing: `apt-get install python3-venv` on Debian and Ubuntu.';
  await aptInstall('python3-venv', 'Python with venv', missing);
  if (!works()) throw new UserError(missing);
}

let areListsRead = false;

/** Installs a package of Debian where we may; else says `missing`. */
async function aptInstall(name, title, missing) {
  if (process.getuid?.() !== 0 || ask('apt-get', ['--version']) === null) throw new UserError(missing);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  if (!areListsRead) await step('Reading the package lists', 'apt-get', ['update'], { env });
  areListsRead = true;
  await step(`Installing ${title}`, 'apt-get', ['install', '-y', '--no-install-recommends', name], { env });
}

function hasWasm(toolchain) {
  const args = ['--print', 'target-libdir', '--target', WASM];
  const folder = ask('rustc', toolchain ? [`+${toolchain}`, ...args] : args);
  return folder !== null && existsSync(folder);
}

const version = (text) => text?.match(/(\d+)\.(\d+)/)?.slice(1).map(Number) ?? null;
const older = (a, b) => a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
