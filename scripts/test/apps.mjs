/** The customers' apps of tests/apps: installed and built in .cache/apps, with the package as `npm pack` makes it. */

import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { more } from '../lib/log.mjs';
import { at } from '../lib/paths.mjs';
import { step } from '../lib/run.mjs';

const APPS = ['vite', 'webpack', 'next', 'parcel', 'esbuild', 'plain'];
const cache = at('.cache/apps');

/** Neither asks for news nor tells any: they are built where nothing but the registry can be reached. */
const QUIET = { NEXT_TELEMETRY_DISABLED: '1', PARCEL_WORKERS: '2', CI: '1', NODE_ENV: 'production' };

/** Builds each app whose files, lock or package have changed since. */
export async function ensureApps({ verbose = false } = {}) {
  mkdirSync(cache, { recursive: true });
  const tarball = await pack();
  const built = hash(readFileSync(tarball));
  let reused = 0;
  for (const name of APPS) {
    const source = at('tests/apps', name);
    const folder = join(cache, name);
    const stamp = join(folder, '.interviewrelay-built');
    const wanted = hash(built, ...sources(source));
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) reused += 1;
    else {
      rmSync(stamp, { force: true });
      await build(name, source, folder, tarball, verbose);
      writeFileSync(stamp, wanted);
    }
  }
  if (reused > 0) more(`${reused} of ${APPS.length} apps are as they were, and not built again`);
}

async function build(name, source, folder, tarball, verbose) {
  // What was installed stays while the lock does, since that is most of the time.
  const lock = readFileSync(join(source, 'package-lock.json'));
  const stamp = join(folder, 'node_modules/.interviewrelay-lock');
  const isInstalled = existsSync(stamp) && readFileSync(stamp, 'utf8') === hash(lock);
  for (const entry of existsSync(folder) ? readdirSync(folder) : []) {
    if (entry !== 'node_modules' || !isInstalled) rmSync(join(folder, entry), { recursive: true, force: true });
  }
  cpSync(source, folder, { recursive: true });
  if (!isInstalled) {
    await step(`Installing what the app of ${name} is built with`, 'npm', ['ci', '--include=dev'], { cwd: folder, verbose });
    mkdirSync(join(folder, 'node_modules'), { recursive: true });
    writeFileSync(stamp, hash(lock));
  }
  // A package of the same version, already there, would be kept.
  rmSync(join(folder, 'node_modules/@interviewrelay'), { recursive: true, force: true });
  await step(`Building the app of ${name}`, 'sh', ['-ec', 'npm install --include=dev "$0" && npm run build', tarball], { cwd: folder, env: QUIET, verbose });
}

/** Packs the built package; gives where the tarball is. */
async function pack() {
  const { output } = await step('Packing the widget', 'npm', ['pack', '--silent', '--pack-destination', cache], { cwd: at('widget/npm') });
  return join(cache, output.trim().split('\n').at(-1));
}

/** All that an app is made of, by name and content. */
const sources = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    // Node before 20.12 calls it `path`.
    .map(({ parentPath, path, name }) => join(parentPath ?? path, name))
    .sort()
    .flatMap((path) => [path, readFileSync(path)]);

function hash(...parts) {
  const sum = createHash('sha256');
  // The length first, so that what one part ends with is not what the next begins with.
  for (const part of parts) sum.update(`${part.length}:`).update(part);
  return sum.digest('hex');
}
