/**
 * A web server for pages that a test writes, with the built package under /widget/.
 *
 * Pages have to come over the network: a page that the browser is handed otherwise may not call a server on this machine
 * (Local Network Access, WICG).
 */

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';

import { root } from './server.mjs';

const TYPES = { '.js': 'text/javascript', '.wasm': 'application/wasm' };

/**
 * Starts it; gives its origin, a function that serves a page or a script and gives its address, and one that ends it.
 *
 * @param {object} [options]
 * @param {Record<string, string>} [options.folders] other folders of the checkout that are served, by the path before their files
 * @param {Record<string, () => Promise<unknown>>} [options.calls] what a page can ask for with `POST`; the answer is sent as JSON
 */
export async function startPages({ folders = {}, calls = {} } = {}) {
  const pages = new Map();
  const served = Object.entries({ '/widget/': 'widget/npm', ...folders });
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (request.method === 'POST' && calls[path]) {
      const answer = await calls[path]().catch(() => null);
      return response.writeHead(answer === null ? 502 : 201, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
    }
    const page = pages.get(path);
    if (page !== undefined) return response.writeHead(200, { 'Content-Type': `${page.type}; charset=utf-8`, ...page.headers }).end(page.content);
    const [prefix, folder] = served.find(([prefix]) => path.startsWith(prefix)) ?? [];
    const body = folder ? await readFile(join(root, folder, path.slice(prefix.length))).catch(() => null) : null;
    if (body === null) return response.writeHead(404).end();
    response.setHeader('Content-Type', TYPES[extname(path)] ?? 'application/octet-stream').end(body);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', () => done(undefined)));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  return {
    url,
    /** @param {string} content @param {string} [type] @param {Record<string, string>} [headers] */
    serve(content, type = 'text/html', headers = {}) {
      const path = `/${pages.size + 1}`;
      pages.set(path, { content, type, headers });
      return `${url}${path}`;
    },
    stop() {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done(undefined)));
    },
  };
}
