/**
 * A bad line between a browser and the server: it drops, duplicates, delays and reorders, the same way for the same seed.
 *
 * Only calls of the participant's API are treated badly; preflights are not, as the browser keeps what it learns from them.
 */

import { Agent, createServer, request as call } from 'node:http';

import { generator } from './seeded.mjs';

/**
 * What may happen to a call, as shares of 1; `delayMs` is the longest delay of a reply.
 *
 * @typedef {{seed?: number, dropped?: number, unanswered?: number, duplicated?: number, held?: number, delayMs?: number}} Faults
 */

/**
 * Starts it in front of `target`, such as `http://127.0.0.1:40123`.
 *
 * @param {string} target
 * @param {Faults} [faults]
 */
export async function startProxy(target, { seed = 1, dropped = 0, unanswered = 0, duplicated = 0, held = 0, delayMs = 0 } = {}) {
  const next = generator(seed);
  const agent = new Agent({ keepAlive: true });
  const counts = { calls: 0, dropped: 0, unanswered: 0, duplicated: 0, held: 0 };
  const waiting = new Set();
  let isCut = false;
  let givenUp = 0;

  const happens = (name, share) => {
    const does = next() < share;
    if (does) counts[name] += 1;
    return does;
  };
  /** Resolves after the delay, or when the reply to a later call has gone. */
  const hold = (ms) =>
    new Promise((resolve) => {
      const release = () => {
        clearTimeout(timer);
        waiting.delete(release);
        resolve(undefined);
      };
      const timer = setTimeout(release, ms);
      waiting.add(release);
    });

  const forward = ({ method, url, headers }, body) =>
    new Promise((resolve, reject) => {
      const { host, port } = new URL(target);
      const outgoing = call({ agent, host: host.split(':')[0], port, method, path: url, headers: { ...headers, host } }, async (incoming) => {
        const chunks = [];
        for await (const chunk of incoming) chunks.push(chunk);
        resolve({ status: incoming.statusCode, headers: incoming.headers, body: Buffer.concat(chunks) });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });

  const server = createServer(async (request, response) => {
    const cut = () => response.destroy();
    try {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = Buffer.concat(chunks);
      if (isCut) return cut();
      const isCall = request.method !== 'OPTIONS' && request.url?.startsWith('/v1/participant/');
      if (!isCall) return answer(response, await forward(request, body));
      counts.calls += 1;
      // Each call draws the same number of times, so that a seed stands for the same line whatever happens on it.
      const [isDropped, isUnanswered] = [happens('dropped', dropped), happens('unanswered', unanswered)];
      const [isDuplicated, isHeld, delay] = [happens('duplicated', duplicated), happens('held', held), next() * delayMs];
      if (isDropped) return cut();
      const replies = await Promise.all(Array.from({ length: isDuplicated ? 2 : 1 }, () => forward(request, body)));
      await (isHeld ? hold(delayMs) : new Promise((resolve) => setTimeout(resolve, delay)));
      if (response.destroyed && !isCut) givenUp += 1;
      if (isUnanswered || isCut) return cut();
      answer(response, replies[replies.length - 1]);
      if (!isHeld) for (const release of [...waiting]) release();
    } catch {
      // The server is away: so is the line.
      cut();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    /** What has happened so far. */
    counts,
    /** How many calls the browser had given up before their reply came. */
    givenUp: () => givenUp,
    /** Cuts the line, or joins it again. */
    cut(value = true) {
      isCut = value;
      if (value) server.closeAllConnections();
    },
    stop() {
      agent.destroy();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve(undefined)));
    },
  };
}

function answer(response, { status, headers, body }) {
  const { connection, 'transfer-encoding': _, ...kept } = headers;
  response.writeHead(status, { ...kept, 'content-length': body.length }).end(body);
}
