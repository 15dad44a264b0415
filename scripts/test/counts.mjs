/** Reads how many tests passed out of what test runners print. */

import { readFileSync } from 'node:fs';

/** One check that either passes or not. */
export const one = (code) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 });

/** `cargo test`: the sum of its `test result:` lines. A build that fails has none, and counts as one failure. */
export function cargo(output, code) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const [, passed, failed, ignored] of output.matchAll(/^test result: .+? (\d+) passed; (\d+) failed; (\d+) ignored/gm)) {
    total.passed += Number(passed);
    total.failed += Number(failed);
    total.skipped += Number(ignored);
  }
  return atLeastOneFailure(total, code);
}

/** `node --test` in its TAP form: the lines at its end. */
export function tap(output, code) {
  const last = (word) => Number([...output.matchAll(new RegExp(`^# ${word} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);
  return atLeastOneFailure({ passed: last('pass'), failed: last('fail') + last('cancelled'), skipped: last('skipped') + last('todo') }, code);
}

/** Playwright's JSON report. A test that passed only when tried again counts as failed. */
export function playwright(file, code) {
  try {
    const { stats } = JSON.parse(readFileSync(file, 'utf8'));
    return atLeastOneFailure({ passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped }, code);
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/** A runner that ends badly has failed, whatever it counted. */
const atLeastOneFailure = (counts, code) => (code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts);
