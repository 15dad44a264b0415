import assert from 'node:assert/strict';
import { test } from 'node:test';

import { cargo, tap } from '../../scripts/test/counts.mjs';

test('the lines of several crates are added up', () => {
  const output = 'test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured\n\ntest result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured\n';
  assert.deepEqual(cargo(output, 101), { passed: 5, failed: 1, skipped: 1 });
});

test('a build that fails counts as a failure', () => {
  assert.deepEqual(cargo('error: could not compile', 101), { passed: 0, failed: 1, skipped: 0 });
});

test("node's own summary is read, and not what a test prints", () => {
  assert.deepEqual(tap('# pass 99\nok 1\n# tests 4\n# pass 2\n# fail 1\n# cancelled 0\n# skipped 1\n# todo 0\n', 1), { passed: 2, failed: 1, skipped: 1 });
});

test('a runner that dies counts as a failure', () => {
  assert.deepEqual(tap('', 1), { passed: 0, failed: 1, skipped: 0 });
});
