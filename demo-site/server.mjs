/**
 * A customer's backend, as small as it can be: it holds the API key, mints invites, and serves the page.
 *
 * The one idea to copy is `mintInvite`: the key stays here, the browser gets an invite token and nothing else.
 */

import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const API_BASE = process.env.INTERVIEWRELAY_API_BASE || 'http://127.0.0.1:8081';
const CAMPAIGN_ID = process.env.INTERVIEWRELAY_CAMPAIGN_ID || 'camp_456abc';
const HOST = process.env.HOST || '127.0.0.1';
const PORT = Number(process.env.PORT || 3000);

if (!process.env.INTERVIEWRELAY_API_KEY) {
  console.error('Set INTERVIEWRELAY_API_KEY to a key of yours (ir_test_… for the sandbox).');
  process.exit(1);
}

/** Asks InterviewRelay for an invite and returns its token. The key never leaves this process. */
async function mintInvite(email) {
  const response = await fetch(`${API_BASE}/v1/invites`, {
    method: 'POST',
    headers: {
      'Authorization': `Bearer ${process.env.INTERVIEWRELAY_API_KEY}`,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({
      campaign_id: CAMPAIGN_ID,
      participant_email: email,
    }),
  });
  if (!response.ok) {
    // A proxy in between answers in its own words.
    const { error } = await response.json().catch(() => ({}));
    throw new Error(`InterviewRelay answered ${response.status} ${error?.code ?? ''}: ${error?.message ?? response.statusText}`);
  }
  const { invite_token } = await response.json();
  return invite_token;
}

/** `POST /api/invite`: an invite for whoever is signed in. Minting changes something, so it is never a GET. */
async function handleInvite(request, response) {
  // Another site's page must not be able to use up invites in its visitors' name.
  const { 'sec-fetch-site': from, origin, host } = request.headers;
  // Browsers leave out the first on plain http, but for this machine.
  if ((from && from !== 'same-origin') || (origin && origin.replace(/^https?:\/\//, '') !== host)) return sendJson(response, 403, { message: 'This can only be asked from our own page.' });
  try {
    // Your application knows who is signed in; this one pretends.
    const inviteToken = await mintInvite('user@example.com');
    sendJson(response, 201, { inviteToken });
  } catch (error) {
    // The details are for us; the visitor hears what they can do.
    console.error(`No invite: ${error.message}${error.cause ? ` (${error.cause.code ?? error.cause.message})` : ''}`);
    sendJson(response, 502, { message: 'The interview is not available right now. Please try again in a minute.' });
  }
}

/** What the browser may load: our own files, and InterviewRelay. WebAssembly needs 'wasm-unsafe-eval'; nothing inline is needed. */
const SECURITY_HEADERS = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' data:",
    // What was recorded, to listen to before it is sent.
    "media-src blob:",
    `connect-src 'self' ${new URL(API_BASE).origin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** Folders that are served. With a bundler you would not serve the package yourself: `import` finds it. */
const FOLDERS = [
  ['/widget/', await realpath(fileURLToPath(new URL('../node_modules/@interviewrelay/widget', import.meta.url)))],
  ['/', fileURLToPath(new URL('public', import.meta.url))],
];

/** Sends a file of one of {@link FOLDERS}. */
async function handleFile(request, response, path) {
  const [prefix, folder] = FOLDERS.find(([start]) => path.startsWith(start));
  const file = join(folder, path === '/' ? 'index.html' : path.slice(prefix.length));
  const type = TYPES[extname(file)];
  const found = file.startsWith(folder + sep) && type ? await stat(file).catch(() => null) : null;
  if (!found?.isFile()) return sendText(response, 404, 'There is no such page.');
  response.writeHead(200, { ...SECURITY_HEADERS, 'Content-Type': type, 'Content-Length': found.size, 'Cache-Control': 'no-cache' });
  if (request.method === 'HEAD') return response.end();
  createReadStream(file).on('error', () => response.destroy()).pipe(response);
}

async function handle(request, response) {
  const path = decodePath(request.url);
  if (path === null) return sendText(response, 400, 'That address cannot be read.');
  if (path === '/api/invite') {
    if (request.method === 'POST') return handleInvite(request, response);
    response.setHeader('Allow', 'POST');
    return sendText(response, 405, 'Ask with POST.');
  }
  if (path === '/healthz') return sendText(response, 200, 'ok');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return sendText(response, 405, 'Ask with GET.');
  }
  return handleFile(request, response, path);
}

function decodePath(url) {
  try {
    const path = decodeURIComponent(new URL(url, 'http://localhost').pathname);
    return path.includes('\0') ? null : path;
  } catch {
    return null;
  }
}

const sendText = (response, status, text) => send(response, status, 'text/plain; charset=utf-8', text);
const sendJson = (response, status, body) => send(response, status, 'application/json', JSON.stringify(body));

function send(response, status, type, body) {
  response.writeHead(status, { ...SECURITY_HEADERS, 'Content-Type': type, 'Cache-Control': 'no-store' }).end(body);
}

const server = createServer((request, response) => {
  handle(request, response).catch((error) => {
    console.error(error);
    if (response.headersSent) response.destroy();
    else sendText(response, 500, 'Something went wrong.');
  });
});

server.on('error', (error) => {
  console.error(error.code === 'EADDRINUSE' ? `Port ${PORT} is taken by another program. Set PORT to another.` : error.message);
  process.exit(1);
});
server.listen(PORT, HOST, () => console.log(`The demo site answers at http://${HOST}:${server.address().port}`));

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}
