/** The demo site for tests, on a free port. */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { root } from './server.mjs';

/** Starts demo-site/server.mjs; gives its address and a function that ends it. */
export function startSite({ key, apiBase, campaignId }) {
  const child = spawn(process.execPath, [join(root, 'demo-site/server.mjs')], {
    env: {
      ...process.env,
      INTERVIEWRELAY_API_KEY: key,
      INTERVIEWRELAY_API_BASE: apiBase,
      INTERVIEWRELAY_CAMPAIGN_ID: campaignId,
      HOST: '127.0.0.1',
      PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const site = { url: '', log: '', stop: () => stop(child) };
  createInterface({ input: child.stderr }).on('line', (line) => (site.log += `${line}\n`));
  return new Promise((done, fail) => {
    child.once('exit', (code) => fail(new Error(`The demo site ended (${code}):\n${site.log}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      site.log += `${line}\n`;
      const port = /:(\d+)$/.exec(line)?.[1];
      if (!port) return;
      site.url = `http://127.0.0.1:${port}`;
      done(site);
    });
  });
}

function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((done) => {
    child.once('exit', () => done());
    child.kill('SIGKILL');
  });
}
