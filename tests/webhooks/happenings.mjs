/** Makes happen what endpoints are told of. */

import { Participant } from '../support/participant.mjs';
import { readCampaign, startServer } from '../support/server.mjs';
import { EVENT_TYPES } from './documents.mjs';
import { PATIENCE_MS, startReceiver } from './receiver.mjs';

/** What only the time makes happen, a minute after it was asked for at the soonest. */
export const TAKE_TIME = ['invite.expired', 'interview.abandoned'];

/** A server whose sandbox calls this machine. */
export const startCallingServer = () => startServer({ env: { INTERVIEWRELAY_SANDBOX_WEBHOOK_LOOPBACK: 'true' } });

/** Calls of the management API by an admin key; what is refused throws. */
export async function startCaller(server) {
  const { key } = await server.createKey({ options: ['--kind', 'admin'] });
  const call = async (method, path, body) => {
    const reply = await server.call(method, path, { key, body });
    if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`);
    return reply.body;
  };
  return Object.assign(call, { key });
}

/** What `look` gives, as soon as that is something. */
export async function eventually(look) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`It does not come about: ${look}`);
  }
}

/** An interview from the invite to its end; gives the invite. */
export async function interview(server, call, campaign_id) {
  const invite = await call('POST', '/v1/invites', { campaign_id, participant_email: 'ada@example.com', participant_name: 'Ada' });
  const participant = new Participant(server.sandbox, invite.invite_token);
  await participant.start();
  while (participant.turn.type === 'question') await participant.answer('Something');
  return invite;
}

/** Makes everything happen that needs no time to pass, once or more. The endpoint at `path` is tried. */
export async function makeAllHappen(server, call, path) {
  const { id: campaign } = await server.importCampaign(await readCampaign('short'));
  const { participant_id: participant } = await interview(server, call, campaign);
  const { id: pending } = await call('POST', '/v1/invites', { campaign_id: campaign });
  await call('POST', `/v1/invites/${pending}/cancel`);
  const { id: key } = await call('POST', '/v1/api-keys', { name: 'Spare' });
  await call('POST', `/v1/api-keys/${key}/rotate`);
  await call('DELETE', `/v1/api-keys/${key}`);
  await call('DELETE', `/v1/participants/${participant}`);
  await call('POST', `/v1/campaigns/${campaign}/complete`);
  await call('POST', `${path}/test`);
  const gone = await startReceiver(() => 410);
  const { id: doomed } = await call('POST', '/v1/webhooks', { url: gone.url, events: ['ping'] });
  await call('POST', `/v1/webhooks/${doomed}/test`);
  await gone.until((deliveries) => deliveries.length === 1);
  await gone.stop();
}

/** A server, a receiver that is told of everything, and one delivery of each type that needs no time to pass. */
export async function startWithDeliveries() {
  const server = await startCallingServer();
  const receiver = await startReceiver();
  const stop = async () => {
    await server.dispose();
    await receiver.stop();
  };
  try {
    const call = await startCaller(server);
    const { id, secret } = await call('POST', '/v1/webhooks', { url: receiver.url, events: EVENT_TYPES });
    await makeAllHappen(server, call, `/v1/webhooks/${id}`);
    const expected = EVENT_TYPES.filter((type) => !TAKE_TIME.includes(type));
    await receiver.until((deliveries) => expected.every((type) => deliveries.some((delivery) => delivery.type === type)));
    const deliveries = expected.map((type) => receiver.deliveries.find((delivery) => delivery.type === type));
    return { server, receiver, call, path: `/v1/webhooks/${id}`, secret, deliveries, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
