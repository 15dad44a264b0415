/** A customer's web server: what a build has left in a folder, or pages that a test writes, and an invite for whoever asks. */

import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

import { test as base } from '../fixtures/index.ts';
import { root } from '../support/server.mjs';

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** The app without a bundler; its build is the script build, and nothing of its own gets in the way of a page that a test writes. */
export const PLAIN = '.cache/apps/plain/dist';

/** What a customer serves. */
export interface Served {
  /** The folder that their build has made, inside the checkout; a page that is asked for as `/` is its `index.html`. */
  folder: string;
  /** Pages and scripts of the test's own beside it, by path. */
  files?: Record<string, string>;
  /** Sent with everything, such as a Content-Security-Policy. */
  headers?: Record<string, string>;
  /** The campaign that `POST /invite` invites to. */
  campaign?: string;
}

export interface Customer {
  url: string;
  stop(): Promise<void>;
}

/** Starts the server on a free port; `mint` gives an invite to a campaign. */
export async function startCustomer({ folder, files = {}, headers = {}, campaign = 'camp_short' }: Served, mint: (campaign: string) => Promise<string>): Promise<Customer> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (request.method === 'POST' && pathname === '/invite') {
      const inviteToken = await mint(campaign).catch(() => null);
      if (inviteToken === null) return response.writeHead(502).end();
      return response.writeHead(201, { 'Content-Type': TYPES['.json'] }).end(JSON.stringify({ inviteToken }));
    }
    const path = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
    const body = files[path] ?? (await readFile(join(root, folder, normalize(path))).catch(() => null));
    if (body === null) return response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop: () => stop(server) };
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((done) => server.close(() => done()));
}

/** A page with a place for an interview, and scripts to run in it. */
export const pageOf = ({ head = '', body = '<div id="interview"></div>', scripts = ['/interview-relay.js', '/page.js'] }: { head?: string; body?: string; scripts?: string[] } = {}) => `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><title>A customer's page</title>${head}</head>
  <body><main>${body}</main>${scripts.map((source) => `<script src="${source}"></script>`).join('')}</body>
</html>`;

/** The script of a page that shows an interview; `options` is the source of an object beside the token. The handle is `window.handle`. */
export const mounting = (options = '{}') => `
  fetch('/invite', { method: 'POST' }).then((response) => response.json()).then(({ inviteToken }) => {
    window.options = { inviteToken, ...${options} };
    window.handle = InterviewRelay.mount('#interview', window.options);
  });`;

interface Fixtures {
  /** Serves something for the length of a test. */
  customer: (served: Served) => Promise<Customer>;
}

export const test = base.extend<Fixtures>({
  customer: async ({ invite }, use) => {
    const started: Customer[] = [];
    await use(async (served) => {
      const customer = await startCustomer(served, async (campaign) => (await invite(campaign)).invite_token);
      started.push(customer);
      return customer;
    });
    for (const customer of started) await customer.stop();
  },
});
