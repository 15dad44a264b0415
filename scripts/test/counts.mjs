/** Reads out of what test runners print how many tests passed, and which failed. */

import { readFileSync } from 'node:fs';

/** One check that either passes or not. */
export const one = (code) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0, failures: [] });

/** `cargo test`: the sum of its `test result:` lines. A build that fails has none, and counts as one failure. */
export function cargo(output, code) {
  const total = { passed: 0, failed: 0, skipped: 0, failures: names(output, /^test (.+) \.\.\. FAILED$/gm) };
  for (const [, passed, failed, ignored] of output.matchAll(/^test result: .+? (\d+) passed; (\d+) failed; (\d+) ignored/gm)) {
    total.passed += Number(passed);
    total.failed += Number(failed);
    total.skipped += Number(ignored);
  }
  return atLeastOneFailure(total, code);
}

/** What failing tests of `cargo test` printed: it stands behind the tests of the same crate, with others' behind it. */
export const cargoFailures = (output) => [...output.matchAll(/^failures:\n\n---- [^]*?^test result: FAILED.*$/gm)].map(([block]) => block).join('\n\n');

/** `node --test` in its TAP form: the lines at its end. */
export function tap(output, code) {
  const last = (word) => Number([...output.matchAll(new RegExp(`^# ${word} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);
  const failures = names(output, /^ *not ok \d+ - (?!.* # (?:SKIP|TODO))(.+)$/gm);
  // A suite that is skipped is not counted at the end, though its line says so.
  const skipped = Math.max(last('skipped'), names(output, /^ *ok \d+ - (.+ # SKIP.*)$/gm).length);
  return atLeastOneFailure({ passed: last('pass'), failed: last('fail') + last('cancelled'), skipped: skipped + last('todo'), failures }, code);
}

/**
 * What `node --test` in its TAP form said of each test that failed: its line and the block under it.
 * A suite's own line only says that something in it failed.
 */
export const tapFailures = (output) =>
  [...output.matchAll(/^( *)not ok \d+ - (?!.* # (?:SKIP|TODO)).+\n(?:\1 {2}---\n[^]*?\n\1 {2}\.\.\.$)?/gm)]
    .map(([block]) => block)
    .filter((block) => !block.includes("failureType: 'subtestsFailed'"))
    .join('\n');

/** Playwright's JSON report. A test that passed only when tried again counts as failed. */
export function playwright(file, code) {
  try {
    const { stats, suites } = JSON.parse(readFileSync(file, 'utf8'));
    const counts = { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
    return atLeastOneFailure({ ...counts, failures: suites.flatMap((suite) => unexpected(suite)) }, code);
  } catch {
    return { passed: 0, failed: 1, skipped: 0, failures: [] };
  }
}

/** The titles of a suite's tests that did not end as expected, with those of the suites around them. */
function unexpected(suite, around = '') {
  const path = `${around}${suite.title} › `;
  const bad = ({ tests }) => tests.some(({ status }) => status === 'unexpected' || status === 'flaky');
  return [
    ...(suite.specs ?? []).filter(bad).map(({ title }) => path + title),
    ...(suite.suites ?? []).flatMap((inner) => unexpected(inner, path)),
  ];
}

const names = (output, pattern) => [...output.matchAll(pattern)].map(([, name]) => name);

/** A runner that ends badly has failed, whatever it counted. */
const atLeastOneFailure = (counts, code) => (code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts);
