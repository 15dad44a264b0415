/** A throw-away server of PostgreSQL for the tests. */

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { say, UserError } from './log.mjs';
import { freePorts } from './ports.mjs';
import { ask, run, tail } from './run.mjs';
import { guard } from './stop.mjs';

/** Nothing of it outlives the run, so nothing need reach the disk. */
const SETTINGS = ['fsync=off', 'full_page_writes=off', 'max_connections=300', 'listen_addresses=127.0.0.1'];

/** How long it may take to come up. */
const PATIENCE_MS = 30_000;

/**
 * Starts one in a folder of its own, which goes with us as the server does. It offers TLS where there is an openssl to make
 * a certificate with; `sslrootcert` in its URL says who has signed that.
 *
 * @param {string} programs where `initdb` and `postgres` are
 * @returns {Promise<string>} the URL of its database `postgres`, whose user may make others
 */
export async function startPostgres(programs) {
  say('Starting a throw-away PostgreSQL …');
  const folder = mkdtempSync(join(tmpdir(), 'interviewrelay-postgres-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const { as, own } = owner();
  own(folder);
  const data = join(folder, 'data');
  // It may run programs as whoever it runs as: not for everybody on this machine.
  const password = randomBytes(16).toString('hex');
  const secret = join(folder, 'password');
  writeFileSync(secret, password, { mode: 0o400 });
  own(secret);
  const made = await run(...as(join(programs, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${secret}`, '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync']));
  if (made.code !== 0) throw new UserError(`A database cluster of PostgreSQL could not be made:\n${tail(made.output)}`);
  const [port] = await freePorts(1);
  const certified = await certify(folder, own);
  const tls = certified ? ['ssl=on', `ssl_cert_file=${certified.certificate}`, `ssl_key_file=${certified.key}`] : [];
  const options = [...SETTINGS, `unix_socket_directories=${folder}`, ...tls].flatMap((setting) => ['-c', setting]);
  const [command, args] = as(join(programs, 'postgres'), ['-D', data, '-p', String(port), ...options]);
  const server = spawn(command, args, { cwd: folder, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  guard(server);
  let said = '';
  server.stderr.setEncoding('utf8').on('data', (text) => (said = tail(said + text)));
  const until = performance.now() + PATIENCE_MS;
  while (ask(join(programs, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port)]) === null) {
    if (server.exitCode !== null || performance.now() > until) throw new UserError(`PostgreSQL did not come up:\n${said}`);
    await new Promise((done) => setTimeout(done, 100));
  }
  // What is not about TLS does without it.
  const query = certified ? `?${new URLSearchParams({ sslmode: 'disable', sslrootcert: certified.authority })}` : '';
  return `postgres://postgres:${password}@127.0.0.1:${port}/postgres${query}`;
}

/** Makes an authority, and has it sign a certificate for `localhost`: the files of both, or null where there is no openssl. */
async function certify(folder, own) {
  if (ask('openssl', ['version']) === null) return null;
  const [authority, authorityKey, certificate, key, request, names] = ['ca.crt', 'ca.key', 'tls.crt', 'tls.key', 'tls.csr', 'names'].map((name) => join(folder, name));
  writeFileSync(names, 'subjectAltName=DNS:localhost');
  const newKey = (file) => ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', file];
  const steps = [
    ['req', '-x509', '-subj', '/CN=Tests of InterviewRelay', '-days', '2', ...newKey(authorityKey), '-out', authority],
    ['req', '-subj', '/CN=localhost', ...newKey(key), '-out', request],
    ['x509', '-req', '-in', request, '-CA', authority, '-CAkey', authorityKey, '-CAcreateserial', '-days', '2', '-extfile', names, '-out', certificate],
  ];
  for (const step of steps) {
    const { code, output } = await run('openssl', step);
    if (code !== 0) throw new UserError(`No certificate could be made by openssl:\n${tail(output)}`);
  }
  // PostgreSQL uses no key that others may read.
  chmodSync(key, 0o600);
  own(key);
  return { authority, certificate, key };
}

/** PostgreSQL refuses to run as root: then it runs `as` its own user, who has to `own` what it reads and writes. */
function owner() {
  if (process.getuid?.() !== 0) return { as: (command, args) => [command, args], own() {} };
  const [user, group] = ['-u', '-g'].map((kind) => Number(ask('id', [kind, 'postgres'])));
  return {
    as: (command, args) => ['setpriv', [`--reuid=${user}`, `--regid=${group}`, '--clear-groups', command, ...args]],
    own: (path) => chownSync(path, user, group),
  };
}
