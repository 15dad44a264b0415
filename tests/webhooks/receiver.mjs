/** A customer's server that keeps what it is sent as it came: a body that was parsed can no longer be verified. */

import { createServer } from 'node:http';

/** No test waits for longer than this for the next thing to happen. */
export const PATIENCE_MS = 20_000;

/**
 * Starts it on a free port. Deliveries are `{id, type, body, headers}`, each request on its own even when one is sent again.
 *
 * @param {(delivery: object) => number} [answer] the status that a delivery gets
 */
export async function startReceiver(answer = () => 204) {
  const deliveries = [];
  let look = () => {};
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const { id, type } = JSON.parse(body);
    const delivery = { id, type, body, headers: request.headers };
    deliveries.push(delivery);
    response.writeHead(answer(delivery)).end();
    look();
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${server.address().port}/hook`,
    deliveries,
    /** Waits until `isEnough` says so of all deliveries, as long as they keep coming. */
    until(isEnough) {
      return new Promise((done, fail) => {
        const giveUp = () => fail(new Error(`After ${deliveries.length} deliveries no more came: ${[...new Set(deliveries.map(({ type }) => type))].join(', ')}.`));
        let timer = setTimeout(giveUp, PATIENCE_MS);
        look = () => {
          clearTimeout(timer);
          if (isEnough(deliveries)) return done(deliveries);
          timer = setTimeout(giveUp, PATIENCE_MS);
        };
        if (isEnough(deliveries)) look();
      });
    },
    stop() {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}
