/** The addresses that `npm start` listens on, and whether they are free. */

import { createServer, isIP } from 'node:net';

import { UserError } from './log.mjs';

/** `[name, option, variable]` of each listener. */
const LISTENERS = [
  ['the live API', '--live-port', 'INTERVIEWRELAY_LIVE_LISTEN'],
  ['the sandbox API', '--sandbox-port', 'INTERVIEWRELAY_SANDBOX_LISTEN'],
  ['the demo site', '--demo-port', 'PORT'],
];

/** Fails with one line for each port that is taken or asked for twice. */
export async function checkPorts(addresses) {
  const problems = [];
  for (const [index, { host, port }] of addresses.entries()) {
    const [name, option, variable] = LISTENERS[index];
    const advice = `Choose another with ${option} (npm start -- ${option} 9090) or the variable ${variable}.`;
    const twin = addresses.findIndex((other) => other.port === port);
    if (twin < index) {
      problems.push(`Port ${port} is asked for twice, by ${LISTENERS[twin][0]} and ${name}. ${advice}`);
      continue;
    }
    const error = await listenOnce(host, port);
    if (error === 'EADDRINUSE') problems.push(`Port ${port}, for ${name}, is taken by another program. ${advice}`);
    else if (error === 'EACCES') problems.push(`Port ${port}, for ${name}, may not be used by this user. ${advice}`);
    else if (error) problems.push(`${name} cannot listen on ${host}:${port} (${error}). ${variable === 'PORT' ? 'Set the variable HOST to an address of this machine, such as 127.0.0.1.' : advice}`);
  }
  if (problems.length > 0) throw new UserError(problems.join('\n'));
}

/** Reads `host:port` or `[v6]:port`. */
export function parseAddress(text, variable) {
  const match = /^(?:\[(.+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const isRight = match && isIP(match[1] ?? match[2]) && Number(match[3]) > 0 && Number(match[3]) <= 65_535;
  if (!isRight) throw new UserError(`${variable} is \`${text}\`; expected an address such as 127.0.0.1:8080.`);
  return { host: match[1] ?? match[2], port: Number(match[3]) };
}

/** Reads a port given by an option or a variable. */
export function parsePort(text, name) {
  if (!/^\d{1,5}$/.test(text) || Number(text) === 0 || Number(text) > 65_535) throw new UserError(`${name} is \`${text}\`; expected a port, 1 to 65535.`);
  return Number(text);
}

/** So many ports that nobody listens on at present. */
export async function freePorts(count) {
  const servers = await Promise.all(
    Array.from({ length: count }, () => new Promise((done) => { const server = createServer().listen(0, '127.0.0.1', () => done(server)); })),
  );
  const free = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return free;
}

function listenOnce(host, port) {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', (error) => done(error.code));
    server.listen({ host, port, exclusive: true }, () => server.close(() => done(null)));
  });
}
