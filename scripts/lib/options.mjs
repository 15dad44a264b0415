/** What `npm start` can be told: by the command line, by variables, or not at all. */

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { UserError } from './log.mjs';
import { root } from './paths.mjs';
import { parseAddress, parsePort } from './ports.mjs';

/** Printed by `npm start -- --help`. */
export const HELP = `npm start -- [options]

  --live-port <port>     where the live API listens       (8080, or INTERVIEWRELAY_LIVE_LISTEN=host:port)
  --sandbox-port <port>  where the sandbox API listens    (8081, or INTERVIEWRELAY_SANDBOX_LISTEN=host:port)
  --demo-port <port>     where the demo site listens      (3000, or PORT; on 127.0.0.1, or HOST)
  --data <folder>        where everything is kept         (data)
  --verbose              show all that the builds print`;

/** Reads options and variables; an option wins. */
export function readOptions(args, env) {
  let values;
  try {
    const text = { type: 'string' };
    const flag = { type: 'boolean' };
    ({ values } = parseArgs({
      args,
      options: { 'live-port': text, 'sandbox-port': text, 'demo-port': text, data: text, verbose: flag, help: flag },
    }));
  } catch (error) {
    throw new UserError(`${error.message}\n\n${HELP}`);
  }
  const api = (option, variable, fallback) => {
    const address = parseAddress(env[variable] || fallback, variable);
    return values[option] === undefined ? address : { ...address, port: parsePort(values[option], `--${option}`) };
  };
  const demoPort = values['demo-port'] === undefined ? parsePort(env.PORT || '3000', 'PORT') : parsePort(values['demo-port'], '--demo-port');
  return {
    help: values.help ?? false,
    verbose: values.verbose ?? false,
    data: resolve(root, values.data ?? 'data'),
    live: api('live-port', 'INTERVIEWRELAY_LIVE_LISTEN', '127.0.0.1:8080'),
    sandbox: api('sandbox-port', 'INTERVIEWRELAY_SANDBOX_LISTEN', '127.0.0.1:8081'),
    demo: { host: env.HOST || '127.0.0.1', port: demoPort },
  };
}

/** `host:port`, as the server wants it. */
export const listenAddress = ({ host, port }) => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);

/** Where a browser on this machine reaches a listener. */
export function localUrl({ host, port }) {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
