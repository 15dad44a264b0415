/** One server for all pages: what is served is compressed with brotli beforehand, and a stub stands where a peer has a server of its own. */

import { createServer } from 'node:http';
import { extname } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

import { QUESTION } from './pages.mjs';

const TYPES = { '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.wasm': 'application/wasm' };

/** What Typebot's own server answers when a chat begins; nothing is typed slowly, which would add seconds. */
const TYPEBOT = JSON.stringify({
  sessionId: 'session',
  resultId: 'result',
  typebot: { id: 'survey', version: '6.1', theme: {}, settings: { general: { isBrandingEnabled: false }, typingEmulation: { enabled: false } }, publishedAt: '2026-01-01T00:00:00.000Z' },
  messages: [{ id: 'message', type: 'text', content: { type: 'richText', richText: [{ type: 'p', children: [{ text: QUESTION }] }] } }],
  input: { id: 'input', type: 'text input', options: { isLong: true } },
});

const compressed = (content) => brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });

/** Starts it; `nextToken` gives the invite token for the next visit of a page that has one in it. */
export async function servePages(pages, nextToken) {
  const files = new Map(pages.flatMap((page) => Object.entries(page.files)));
  const ready = new Map([...files].map(([path, content]) => [path, compressed(content)]));
  const stub = compressed(TYPEBOT);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const content = files.get(pathname);
    let body = ready.get(pathname);
    let type = TYPES[extname(pathname)] ?? 'text/html; charset=utf-8';
    if (pathname.endsWith('/startChat')) [body, type] = [stub, 'application/json'];
    else if (body === undefined) return response.writeHead(404).end();
    else if (typeof content === 'string' && content.includes('{token}')) body = compressed(content.replaceAll('{token}', nextToken()));
    response.writeHead(200, { 'Content-Type': type, 'Content-Encoding': 'br', 'Content-Length': body.length, 'Cache-Control': 'max-age=3600' }).end(body);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
