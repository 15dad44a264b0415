/** Fastify and jose: an API key that is looked up in memory, a token signed with HS256, nothing stored. */

import { randomBytes } from 'node:crypto';

import Fastify from 'fastify';
import { SignJWT } from 'jose';

import { claims, digest, newInvite, tell } from './shared.js';

const secret = randomBytes(32);
const keys = new Map([[digest(process.env.BENCH_KEY), { scopes: new Set(['invites:write']) }]]);
const text = { type: 'string', maxLength: 320 };
const nullable = { type: ['string', 'null'] };
const app = Fastify({ logger: false });
let issuer;

app.addHook('onRequest', async (request, reply) => {
  const key = keys.get(digest(request.headers.authorization?.slice('Bearer '.length) ?? ''));
  if (!key?.scopes.has('invites:write')) return reply.code(401).send({ error: { code: 'unauthorized' } });
});

const schema = {
  body: { type: 'object', required: ['campaign_id'], properties: { campaign_id: text, participant_email: text } },
  // A schema of the answer is how Fastify is made fast.
  response: {
    201: {
      type: 'object',
      properties: {
        invite_token: { type: 'string' },
        invite_url: { type: 'string' },
        id: { type: 'string' },
        campaign_id: { type: 'string' },
        participant_id: { type: 'string' },
        participant_email: nullable,
        participant_name: nullable,
        external_id: nullable,
        status: { type: 'string' },
        variables: { type: 'object', additionalProperties: true },
        origin: nullable,
        locale: nullable,
        metadata: { type: 'object', additionalProperties: true },
        expires_at: { type: 'string' },
        created_at: { type: 'string' },
      },
    },
  },
};

app.post('/v1/invites', { schema }, async (request, reply) => {
  const invite = newInvite(request.body);
  const token = await new SignJWT(claims(invite, issuer)).setProtectedHeader({ alg: 'HS256', typ: 'invite+jwt' }).sign(secret);
  reply.code(201);
  return { invite_token: token, invite_url: `${issuer}/i#${token}`, ...invite };
});

await app.listen({ host: '127.0.0.1', port: 0 });
const address = app.server.address();
issuer = `http://${address.address}:${address.port}`;
tell(address);
