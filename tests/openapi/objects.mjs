/**
 * Something for each operation to succeed on: keys, campaigns in the right state, invites, sessions. Each has several of
 * its own, so that what one operation uses up is not missing to the next, and one that is at its end, to be refused.
 */

import { Participant } from '../support/participant.mjs';
import { readCampaign } from '../support/server.mjs';

const SEVERAL = 4;

/** Of the part that the description has as its example. */
const DIGEST_OF_ABC = 'sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:';

/** Gives, by the name of an operation, what makes its objects and tells `fuzz` of them. */
export async function objectsOn(server) {
  const { key } = await server.createKey({ options: ['--kind', 'admin'] });
  const short = await readCampaign('short');
  const { id: shortId } = await server.importCampaign(short);
  const { id: everythingId } = await server.importCampaign(await readCampaign('everything'));

  const call = async (method, path, body) => {
    const reply = await server.call(method, path, { key, body });
    if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`);
    return reply.body;
  };
  const newKey = async () => (await call('POST', '/v1/api-keys', { name: 'To be changed' })).id;
  const newCampaign = async (...steps) => {
    const { id } = await call('POST', '/v1/campaigns', { name: 'To be changed' });
    await call('PUT', `/v1/campaigns/${id}/guide`, short.guide);
    for (const step of steps) await call('POST', `/v1/campaigns/${id}/${step}`);
    return id;
  };
  const newInvite = (campaignId = shortId) => call('POST', '/v1/invites', { campaign_id: campaignId });
  const newSession = async ({ answers = [], campaignId = shortId } = {}) => {
    const invite = await newInvite(campaignId);
    const participant = new Participant(server.sandbox, invite.invite_token);
    const { session, session_token: token } = await participant.start();
    for (const answer of answers) await participant.answer(answer);
    return { id: session.id, participantId: invite.participant_id, token };
  };
  const complete = { answers: ['One', 'Two', 'Three'] };

  // One question, to which files of three bytes are sent.
  const { id: uploadsId } = await server.importCampaign({
    name: 'Uploads',
    guide: {
      schema: 1,
      title: 'Uploads',
      blocks: [{ id: 'all', questions: [{ id: 'photo', kind: 'file', text: 'Your desk?' }] }],
      ends: [{ id: 'thanks', text: 'Thank you.' }],
    },
  });
  const newUpload = async (...steps) => {
    const { id: sessionId, token } = await newSession({ campaignId: uploadsId });
    const send = async (method, path, body, headers = { 'Content-Type': 'application/json' }) => {
      const url = `${server.sandbox}/v1/participant/session/uploads${path}`;
      const reply = await fetch(url, { method, body, headers: { Authorization: `Bearer ${token}`, ...headers } });
      if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
      return (await reply.json()).upload;
    };
    const begin = { client_id: 'u-1', question_id: 'photo', filename: 'a.txt', content_type: 'text/plain', size_bytes: 3 };
    const { id } = await send('POST', '', JSON.stringify(begin));
    if (steps.includes('part')) await send('PUT', `/${id}/parts/1`, 'abc', { 'Content-Digest': DIGEST_OF_ABC });
    if (steps.includes('complete')) await send('POST', `/${id}/complete`);
    return { id, sessionId, token };
  };
  const withUpload = (steps, known = {}) => async () => {
    const { id, token } = await newUpload(...steps);
    return { token, known: { 'path.upload_id': id, ...known } };
  };

  // Each operation has a user of its own, as their passwords may be tried ten times a minute.
  const newUser = () => {
    const email = `user${Math.random().toString(36).slice(2)}@example.com`;
    return server.command('users', 'create', '--org', 'Tests', '--email', email, '--role', 'viewer', '--json');
  };
  const signIn = async ({ email, password }) => {
    const { status, text, body } = await server.call('POST', '/auth/login', { headers: { 'x-api-key': key }, body: { email, password } });
    if (status !== 200) throw new Error(`POST /auth/login: ${status} ${text}`);
    return body.refresh_token;
  };
  const withXApiKey = (known) => ({ token: key, header: 'x-api-key', known });
  const withUser = async () => {
    const { email, password } = await newUser();
    return withXApiKey({ 'body.email': [email], 'body.password': [password] });
  };
  const withSignIns = async () => {
    const user = await newUser();
    return withXApiKey({ 'body.refresh_token': await Promise.all(Array.from({ length: SEVERAL }, () => signIn(user))) });
  };

  const withKey = (known) => () => ({ token: key, known });
  const of = (make, makeEnded = make, known = {}) => async () => {
    const ids = await Promise.all([...Array.from({ length: SEVERAL }, () => make()), makeEnded()]);
    return { token: key, known: { 'path.id': ids, ...known } };
  };
  const keys = of(newKey, async () => (await call('DELETE', `/v1/api-keys/${await newKey()}`)).id);
  // Else most are refused for an `If-Match` that was made up.
  const campaigns = (...steps) => of(() => newCampaign(...steps), () => newCampaign('archive'), { 'header.If-Match': ['*'] });
  const newInviteId = async () => (await newInvite()).id;
  const invites = of(newInviteId, async () => (await call('POST', `/v1/invites/${await newInviteId()}/cancel`)).id);
  const newParticipantId = async () => (await newSession(complete)).participantId;
  const participants = of(newParticipantId, async () => (await call('DELETE', `/v1/participants/${await newParticipantId()}`)).id);
  const sessions = of(async () => (await newSession(complete)).id);
  const withSession = (options, known) => async () => ({ token: (await newSession(options)).token, known });

  // Whatever happens here is sent to endpoints, so all of them are at an address that cannot be.
  const nowhere = { 'body.url': 'https://hook.invalid/' };
  const newWebhookId = async (status = 'enabled') => (await call('POST', '/v1/webhooks', { url: nowhere['body.url'], status })).id;
  // An organization may have 50, and whoever makes more gets most of them.
  const webhookIds = await Promise.all([...Array.from({ length: SEVERAL }, () => newWebhookId()), newWebhookId('disabled')]);
  const deletedIds = await Promise.all(Array.from({ length: SEVERAL }, () => newWebhookId()));
  const webhooks = (known = {}) => async () => ({ token: key, known: { 'path.id': webhookIds, ...known } });

  return {
    'GET /v1/api-keys': withKey(),
    'POST /v1/api-keys': withKey(),
    'DELETE /v1/api-keys/{id}': keys,
    'POST /v1/api-keys/{id}/rotate': keys,
    'GET /v1/api-keys/{id}/usage': keys,
    'GET /v1/campaigns': withKey(),
    'POST /v1/campaigns': withKey(),
    'GET /v1/campaigns/{id}': campaigns(),
    'GET /v1/campaigns/{id}/analytics': campaigns('publish', 'activate'),
    'PATCH /v1/campaigns/{id}': campaigns(),
    'DELETE /v1/campaigns/{id}': campaigns(),
    'GET /v1/campaigns/{id}/guide': campaigns(),
    // One campaign for all: a guide can be wrong in a thousand ways, and where there is no campaign none is looked for.
    'PUT /v1/campaigns/{id}/guide': async () => ({ token: key, known: { 'path.id': await newCampaign(), 'header.If-Match': '*' } }),
    'POST /v1/campaigns/{id}/publish': campaigns(),
    'POST /v1/campaigns/{id}/activate': campaigns('publish'),
    'POST /v1/campaigns/{id}/pause': campaigns('publish', 'activate'),
    'POST /v1/campaigns/{id}/complete': campaigns('publish', 'activate'),
    'POST /v1/campaigns/{id}/archive': campaigns(),
    'GET /v1/invites': withKey(),
    'POST /v1/invites': withKey({ 'body.campaign_id': [shortId] }),
    'POST /v1/invites/batch': withKey({ 'body.invites[*].campaign_id': [shortId] }),
    'GET /v1/invites/{id}': invites,
    'POST /v1/invites/{id}/cancel': invites,
    'POST /v1/invites/{id}/extend': invites,
    'POST /v1/invites/{id}/reissue': invites,
    'GET /v1/participants/{id}': participants,
    'DELETE /v1/participants/{id}': participants,
    'GET /v1/sessions': withKey(),
    'GET /v1/sessions/{id}': sessions,
    'GET /v1/sessions/{id}/answers': sessions,
    'GET /v1/sessions/{id}/events': sessions,
    'GET /v1/sessions/{id}/transcript': sessions,
    'GET /v1/sessions/{id}/uploads/{upload_id}': async () => {
      const { id, sessionId } = await newUpload('part', 'complete');
      return { token: key, known: { 'path.id': [sessionId], 'path.upload_id': [id] } };
    },
    'GET /v1/uploads/{id}': async () => {
      const { id } = await newUpload('part', 'complete');
      return { token: key, known: { 'path.id': [id] } };
    },
    'DELETE /v1/sessions/{id}': sessions,
    'GET /v1/audit-log': withKey(),
    'GET /v1/webhooks': withKey(),
    'POST /v1/webhooks': withKey(nowhere),
    'GET /v1/webhooks/{id}': webhooks(),
    'PATCH /v1/webhooks/{id}': webhooks(nowhere),
    'DELETE /v1/webhooks/{id}': webhooks({ 'path.id': deletedIds }),
    'POST /v1/webhooks/{id}/rotate-secret': webhooks(),
    'POST /v1/webhooks/{id}/test': webhooks(),
    'POST /v1/webhooks/{id}/redeliver': webhooks(),
    'GET /v1/webhooks/{id}/deliveries': webhooks(),
    'GET /v1/events': withKey(),
    'POST /auth/login': withUser,
    'POST /auth/refresh': withSignIns,
    'POST /auth/logout': withSignIns,
    'GET /embed': async () => ({ known: { 'query.invite': [await newInviteId()] } }),
    'POST /v1/participant/session': async () => ({ token: (await newInvite()).invite_token }),
    'GET /v1/participant/session': withSession({ answers: ['One'] }),
    // That of an interview that is over ends.
    'GET /v1/participant/session/stream': withSession(complete),
    'POST /v1/participant/session/token': withSession(),
    'POST /v1/participant/session/consent': withSession(
      { campaignId: everythingId },
      { 'body.accepted[*].id': ['notes', 'contact'], 'body.accepted[*].version': [1, 2] },
    ),
    'GET /v1/participant/session/answers/{question_id}': withSession({ answers: ['One'] }, { 'path.question_id': ['first'] }),
    'PUT /v1/participant/session/answers/{question_id}': withSession({}, { 'path.question_id': ['first', 'second', 'third'], 'body.value': ['Something'] }),
    'POST /v1/participant/session/answers/{question_id}': withSession({}, { 'path.question_id': ['first', 'second', 'third'], 'body.value': ['Something'] }),
    'POST /v1/participant/session/uploads': withSession(
      { campaignId: uploadsId },
      { 'body.question_id': ['photo'], 'body.content_type': ['image/png'], 'body.size_bytes': [3] },
    ),
    'GET /v1/participant/session/uploads/{upload_id}': async () => {
      const { id, token } = await newUpload('part');
      return { token, known: { 'path.upload_id': [id] } };
    },
    'PUT /v1/participant/session/uploads/{upload_id}/parts/{number}': withUpload([], {
      'path.number': 1,
      'header.Content-Digest': DIGEST_OF_ABC,
    }),
    'POST /v1/participant/session/uploads/{upload_id}/complete': withUpload(['part']),
    'POST /v1/participant/session/pause': withSession(),
    'POST /v1/participant/session/complete': withSession(complete),
    'POST /v1/participant/session/withdraw': withSession(),
  };
}
