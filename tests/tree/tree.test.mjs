/** What must not be in the repository, and what must. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));
const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter((path) => path && existsSync(join(root, path)));
const texts = files.filter((path) => !/\.(png|ico|wasm|woff2)$/.test(path)).map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

/** Files in which `pattern` occurs, with the line. */
function places(pattern, among = texts) {
  return among.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 100)}`] : [])),
  );
}

test('no API key is committed', () => {
  // Lookup id, secret and checksum: 46 characters of base62 after the prefix. Rust's own tests make up a few.
  const key = /\bir_(?:live|test)_sk_[0-9A-Za-z]{46}\b/;
  assert.deepEqual(places(key, texts.filter(({ path }) => !path.endsWith('.rs'))), []);
});

test('no private key and no database is committed', () => {
  assert.deepEqual(places(new RegExp(`-----BEGIN ${'(EC |RSA |)PRIVATE KEY'}-----`)), []);
  assert.deepEqual(files.filter((path) => /\.(db|db-wal|db-shm|sqlite|pem|key|log)$|(^|\/)\.env$/.test(path)), []);
});

test('no path of the machine it was written on is committed', () => {
  assert.deepEqual(places(/(^|[\s"'`(=:])\/(root|work|home\/\w+|Users\/\w+)\//), []);
});

test('no npm lock names a registry', () => {
  const locks = texts.filter(({ path }) => path.endsWith('package-lock.json'));
  assert.ok(locks.length > 1);
  assert.deepEqual(places(/"resolved": "(?!widget\/|demo-site"|tests")/, locks), []);
});

test('cargo takes every crate from the one default registry', () => {
  const sources = [...readFileSync(join(root, 'Cargo.lock'), 'utf8').matchAll(/^source = "(.+)"$/gm)].map(([, source]) => source);
  const distinct = [...new Set(sources)];
  assert.equal(distinct.length, 1, `one source, not ${distinct.join(', ')}`);
  assert.match(distinct[0], /^registry\+/);
});

test('what is built is not committed', () => {
  assert.deepEqual(files.filter((path) => /^(target|data|node_modules|\.cache)\/|^widget\/npm\/(wasm|dist)\/|^tests\/results\//.test(path)), []);
});

test('every file that a document links to is there', () => {
  const missing = texts
    .filter(({ path }) => path.endsWith('.md'))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)\s#]+)(?:#[^)]*)?\)/g)]
        .map(([, link]) => link)
        .filter((link) => !existsSync(join(root, dirname(path), link)))
        .map((link) => `${path} → ${link}`),
    );
  assert.deepEqual(missing, []);
});

test('every folder on the map of the README is there', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const map = [...readme.matchAll(/^\| `([\w./-]+)` \|/gm)].map(([, path]) => path);
  assert.ok(map.length >= 8, 'the README has a map of the folders');
  assert.deepEqual(map.filter((path) => !existsSync(join(root, path))), []);
});

test('every module of a crate is in the table of its README', () => {
  const crates = files.filter((path) => /^[\w-]+\/src\/lib\.rs$/.test(path)).map(dirname).map(dirname);
  assert.ok(crates.length >= 6, crates.join(' '));
  const missing = crates.flatMap((crate) => {
    const modules = [...readFileSync(join(root, crate, 'src/lib.rs'), 'utf8').matchAll(/^(#\[cfg\(test\)\]\n)?(?:pub )?mod (\w+);/gm)];
    const rows = readFileSync(join(root, crate, 'README.md'), 'utf8').match(/^\|.*$/gm) ?? [];
    const named = new Set(rows.flatMap((row) => row.match(/`[^`]+`/g) ?? []).flatMap((code) => code.match(/\w+/g)));
    return modules.filter(([, isTest, name]) => !isTest && !named.has(name)).map(([, , name]) => `${crate}: ${name}`);
  });
  assert.deepEqual(missing, []);
});

test('pictures are small', () => {
  assert.deepEqual(files.filter((path) => path.endsWith('.png') && statSync(join(root, path)).size > 200_000), []);
});
