/** The parts of `npm test`, in the order they run: what fails fastest comes first. */

import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

import { at, root } from '../lib/paths.mjs';
import { run, tail } from '../lib/run.mjs';
import * as counts from './counts.mjs';

const WARNINGS_ARE_ERRORS = ['--', '-D', 'warnings'];
/** Tests that look at the system calls of the server. */
const TRACED = 3;
/** Tests that check the certificate of PostgreSQL. */
const CERTIFIED = 2;

/** `needs` are made first, see prepare.mjs; `run` gives `{passed, failed, skipped, failures, note?}`, the failures by name. */
export const PARTS = [
  {
    name: 'format',
    about: 'the Rust code is formatted',
    needs: ['components'],
    run: (_, options) => check('cargo', ['fmt', '--all', '--check'], options),
  },
  {
    name: 'tree',
    about: 'nothing is committed that should not be, and the documents name files that exist',
    run: (_, options) => nodeTests('tests/tree', options),
  },
  {
    name: 'clippy',
    about: 'no lint warns, natively and for wasm32',
    needs: ['components', 'wasm'],
    run: async ({ wasm }, options) => {
      const native = await check('cargo', ['clippy', '--workspace', '--all-targets', ...WARNINGS_ARE_ERRORS], options);
      // The fallback toolchain has a compiler but no clippy.
      if (wasm.RUSTUP_TOOLCHAIN) return { ...native, skipped: 1, note: 'the wasm toolchain of this machine has no clippy' };
      const args = ['clippy', '-p', 'widget', '--target', 'wasm32-unknown-unknown', ...WARNINGS_ARE_ERRORS];
      return add(native, await check('cargo', args, options));
    },
  },
  {
    name: 'docs',
    about: 'the documentation builds without a warning',
    run: (_, options) => check('cargo', ['doc', '--no-deps', '--workspace'], { ...options, env: { RUSTDOCFLAGS: '-D warnings' } }),
  },
  {
    name: 'rust',
    about: 'the tests of the crates, storage and several servers on both databases',
    needs: ['strace', 'postgres'],
    run: async ({ postgres, strace }, options) => {
      // Those that need PostgreSQL are ignored without it, and some of them need one whose certificate they can check.
      const isCertified = postgres && new URL(postgres).searchParams.has('sslrootcert');
      const which = postgres ? ['--', '--include-ignored', ...(isCertified ? [] : ['--skip', 'postgres_only'])] : [];
      const env = postgres ? { TEST_POSTGRES_URL: postgres } : {};
      const result = await cargoTest(['--workspace', ...which], { ...options, env });
      if (postgres && !isCertified) Object.assign(result, { skipped: result.skipped + CERTIFIED, note: 'this PostgreSQL has no TLS' });
      // Those that trace end at once where they cannot, and cargo has no word for that.
      return strace ? result : { ...result, passed: result.passed - TRACED, skipped: result.skipped + TRACED, note: 'nothing can be traced here' };
    },
  },
  {
    name: 'postgres',
    about: 'the API on PostgreSQL, as on SQLite',
    needs: ['postgres', 'programs'],
    run: async ({ postgres, programs }, options) => {
      if (!postgres) return { passed: 0, failed: 0, skipped: 1, failures: [], note: 'there is no PostgreSQL on this machine' };
      // `API_ON_POSTGRES=all` in the soak: what they do with rows is in these, and each makes a database of its own.
      const areas = process.env.API_ON_POSTGRES === 'all' ? ['--skip', 'program_'] : API_AREAS.map((area) => `${area}::`);
      return tested(await run(programs.api, areas, { ...options, cwd: at('token-server'), env: { TEST_API_ON_POSTGRES: postgres } }));
    },
  },
  {
    name: 'widget',
    about: 'the widget builds and keeps within its size',
    needs: ['widget'],
    run: ({ widget }) => ({ ...counts.one(0), note: size(widget) }),
  },
  {
    name: 'types',
    about: "the widget's types accept what they should and nothing else; the journeys are well-typed",
    needs: ['packages'],
    run: async (_, options) => {
      const compile = (project) => check(process.execPath, [at('node_modules/typescript/bin/tsc'), '--noEmit', '-p', at(project)], options);
      return add(await compile('widget/tests/types'), await compile('tests'));
    },
  },
  {
    name: 'package',
    about: 'the npm package holds what its manifest says and can be imported anywhere',
    needs: ['widget'],
    run: (_, options) => nodeTests('widget/tests', options),
  },
  {
    name: 'start',
    about: 'npm start comes up, explains itself and leaves nothing behind',
    needs: ['server', 'widget'],
    run: ({ server }, options) => nodeTests('tests/scripts', { ...options, env: { INTERVIEWRELAY_BIN: server } }),
  },
  {
    name: 'snippets',
    about: "the authentication guide's own code, and secrets that stay secret",
    needs: ['packages', 'server', 'widget', 'chromium', 'python'],
    run: ({ server, chromium, python }, options) =>
      nodeTests('tests/snippets', { ...options, env: { INTERVIEWRELAY_BIN: server, CHROMIUM_PATH: chromium, PYTHON: python ?? '' } }),
  },
  {
    name: 'webhooks',
    about: 'every way to verify a delivery takes it, and refuses it once it is altered',
    needs: ['packages', 'server', 'widget', 'webhooksPython'],
    run: ({ server, webhooksPython }, options) =>
      nodeTests('tests/webhooks', { ...options, env: { INTERVIEWRELAY_BIN: server, PYTHON: webhooksPython ?? '' } }),
  },
  {
    name: 'openapi',
    about: 'the server answers as its own description says, whatever it is sent',
    needs: ['server', 'widget', 'schemathesis'],
    run: ({ server, schemathesis }, options) =>
      nodeTests('tests/openapi', { ...options, env: { INTERVIEWRELAY_BIN: server, SCHEMATHESIS: schemathesis } }),
  },
  {
    name: 'graphql',
    about: 'GraphQL over HTTP is answered as its draft says, but for differences that are named',
    needs: ['packages', 'server', 'widget'],
    run: ({ server }, options) => nodeTests('tests/graphql', { ...options, env: { INTERVIEWRELAY_BIN: server } }),
  },
  {
    name: 'crashes',
    about: 'no acknowledged answer is lost when the server is killed',
    needs: ['server', 'widget'],
    run: ({ server }, options) =>
      nodeTests('tests/crashes', { ...options, env: { INTERVIEWRELAY_BIN: server, ...(options.kills && { KILLS: options.kills }) } }),
  },
  {
    name: 'journeys',
    about: 'whole interviews in Chromium against the real server and the built package',
    needs: ['packages', 'server', 'widget', 'chromium', 'shell'],
    run: ({ server, chromium, shell }, options) =>
      playwright('playwright.config.ts', { INTERVIEWRELAY_BIN: server, CHROMIUM_PATH: chromium, CHROMIUM_SHELL_PATH: shell }, options),
  },
  {
    name: 'apps',
    about: "customers' apps, built by their bundlers from the packed package, and pages that make it hard",
    needs: ['packages', 'server', 'widget', 'apps', 'chromium', 'firefox'],
    run: ({ server, chromium, firefox }, options) =>
      playwright('playwright.apps.config.ts', { INTERVIEWRELAY_BIN: server, CHROMIUM_PATH: chromium, FIREFOX_PATH: firefox ?? '' }, options),
  },
];

/** The tests that a configuration of Playwright names. */
async function playwright(config, env, options) {
  const report = at('tests/results', `${config}.json`);
  mkdirSync(at('tests/results'), { recursive: true });
  const args = [at('node_modules/@playwright/test/cli.js'), 'test', '--config', config, '--reporter=list,json'];
  const result = await run(process.execPath, args, { ...options, cwd: at('tests'), env: { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: report } });
  return shown(result, counts.playwright(report, result.code));
}

/** The line of the build that gives the size, `null` when there is none. */
const size = (output) => output.match(/^total.*$/m)?.[0].replace(/\s+/g, ' ') ?? null;

/** What the API does that depends on a database most; each statement by itself is in the contract of storage. */
const API_AREAS = ['answers', 'back', 'erasure', 'idempotency', 'invite_batch', 'invites', 'sessions', 'sign_in_life', 'usage', 'webhook_deliveries', 'webhook_events', 'webhook_redelivery'];

async function cargoTest(args, options) {
  return tested(await run('cargo', ['test', '--no-fail-fast', ...args], options));
}

/** What programs of tests that cargo has built said. */
const tested = (result) => shown(result, counts.cargo(result.output, result.code), counts.cargoFailures(result.output));

/** A program that passes by ending well. */
async function check(command, args, options) {
  const result = await run(command, args, options);
  return shown(result, counts.one(result.code));
}

/** All `*.test.mjs` in a folder. */
async function nodeTests(folder, options) {
  const files = testFiles(at(folder));
  if (files.length === 0) return { passed: 0, failed: 1, skipped: 0, failures: [], note: `no tests in ${folder}` };
  const result = await run(process.execPath, ['--test', '--test-reporter=tap', ...files], options);
  return shown(result, counts.tap(result.output, result.code), counts.tapFailures(result.output));
}

function testFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.mjs'))
    .map((name) => relative(root, join(folder, name)))
    .sort();
}

/** Prints what a failed run said of its failures, or else the end of its output; it is given as `said` too, to be repeated at the end. */
function shown(result, counted, failures = '') {
  if (counted.failed === 0) return counted;
  const said = failures || result.output;
  console.error(tail(said, 150));
  return { ...counted, said };
}

const add = (a, b) => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
  failures: [...a.failures, ...b.failures],
  said: [a.said, b.said].filter(Boolean).join('\n'),
});
