import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { cargo, cargoFailures, playwright, tap, tapFailures } from '../../scripts/test/counts.mjs';

test('the lines of several crates are added up', () => {
  const output = 'test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured\n\ntest result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured\n';
  assert.deepEqual(cargo(output, 101), { passed: 5, failed: 1, skipped: 1, failures: [] });
});

test('a build that fails counts as a failure', () => {
  assert.deepEqual(cargo('error: could not compile', 101), { passed: 0, failed: 1, skipped: 0, failures: [] });
});

test("node's own summary is read, and not what a test prints", () => {
  assert.deepEqual(tap('# pass 99\nok 1\n# tests 4\n# pass 2\n# fail 1\n# cancelled 0\n# skipped 1\n# todo 0\n', 1), { passed: 2, failed: 1, skipped: 1, failures: [] });
});

test('a runner that dies counts as a failure', () => {
  assert.deepEqual(tap('', 1), { passed: 0, failed: 1, skipped: 0, failures: [] });
});

const FAILED_CRATE = `running 2 tests
test log::is_emptied ... FAILED
test log::is_kept ... ok

failures:

---- log::is_emptied stdout ----
40532592 bytes

failures:
    log::is_emptied

test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured
`;

test('a test of a crate that fails is named, and what it printed found before what others print', () => {
  const output = `${FAILED_CRATE}\ntest other ... ok\n\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured\n`;
  assert.deepEqual(cargo(output, 101).failures, ['log::is_emptied']);
  assert.match(cargoFailures(output), /^failures:\n\n---- log::is_emptied stdout ----\n40532592 bytes\n/);
  assert.doesNotMatch(cargoFailures(output), /other/);
});

test('a test of node that fails is named, one that is skipped is not', () => {
  const output = 'not ok 1 - the key stays secret\nok 2 - other\nnot ok 3 - later # TODO\n# pass 1\n# fail 1\n# todo 1\n';
  assert.deepEqual(tap(output, 1).failures, ['the key stays secret']);
});

test('what a test of node said when it failed is found among what the others print, without the suite around it', () => {
  const output = [
    'TAP version 13',
    '# Subtest: a suite',
    '    # Subtest: the key stays secret',
    '    not ok 1 - the key stays secret',
    '      ---',
    "      failureType: 'testCodeFailure'",
    "      error: 'page.goto: Timeout 30000ms exceeded.'",
    '      ...',
    '    # Subtest: other',
    '    ok 2 - other',
    '      ---',
    '      duration_ms: 1',
    '      ...',
    '    not ok 3 - later # TODO',
    '    1..3',
    'not ok 1 - a suite',
    '  ---',
    "  failureType: 'subtestsFailed'",
    '  ...',
    '# fail 1',
  ].join('\n');
  assert.equal(tapFailures(output), output.split('\n').slice(3, 8).join('\n'));
});

test('a suite of node that is skipped counts, though its last lines leave it out', () => {
  const output = 'ok 1 - a verifier # SKIP there is no Python\nok 2 - other\n# pass 1\n# fail 0\n# skipped 0\n# todo 0\n';
  assert.deepEqual(tap(output, 0), { passed: 1, failed: 0, skipped: 1, failures: [] });
});

test('a journey that fails, or passes only when tried again, is named with its file', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'interviewrelay-counts-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const spec = (title, status) => ({ title, tests: [{ status }] });
  const inner = { title: 'in the dark', specs: [spec('goes on', 'flaky')] };
  const suites = [{ title: 'back.spec.ts', specs: [spec('begins', 'expected'), spec('ends', 'unexpected')], suites: [inner] }];
  const report = join(folder, 'report.json');
  writeFileSync(report, JSON.stringify({ stats: { expected: 1, unexpected: 1, flaky: 1, skipped: 0 }, suites }));
  assert.deepEqual(playwright(report, 1), {
    passed: 1,
    failed: 2,
    skipped: 0,
    failures: ['back.spec.ts › ends', 'back.spec.ts › in the dark › goes on'],
  });
});
