/** What both servers share: a body, an answer and claims like ours, and a free port that is told on standard output. */

import { createHash, randomBytes } from 'node:crypto';

const TTL_S = 3_600;
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** An id of our form: Crockford base 32, 26 digits. */
export function newId(prefix) {
  let id = `${prefix}_01JD`;
  for (const byte of randomBytes(22)) id += CROCKFORD[byte & 31];
  return id;
}

/** The digest under which a key is known; API keys are random, so a plain hash is what people take. */
export const digest = (key) => createHash('sha256').update(key).digest('base64');

/** An invite as ours looks, without its token. */
export function newInvite(body) {
  const now = Date.now();
  return {
    id: newId('inv'),
    campaign_id: body.campaign_id,
    participant_id: newId('part'),
    participant_email: body.participant_email ?? null,
    participant_name: body.participant_name ?? null,
    external_id: body.external_id ?? null,
    status: 'pending',
    variables: body.variables ?? {},
    origin: body.origin ?? null,
    locale: body.locale ?? null,
    metadata: body.metadata ?? {},
    expires_at: new Date(now + TTL_S * 1_000).toISOString(),
    created_at: new Date(now).toISOString(),
  };
}

/** The claims of an invite token. */
export function claims(invite, issuer) {
  const now = Math.floor(Date.now() / 1_000);
  return {
    iss: issuer,
    aud: 'interviewrelay:participant',
    sub: invite.participant_id,
    jti: invite.id,
    iat: now,
    nbf: now,
    exp: now + TTL_S,
    org: 'org_01JD0000000000000000000000',
    camp: invite.campaign_id,
    env: 'live',
  };
}

/** Says where the server listens. */
export const tell = ({ address, port }) => console.log(`listening address=${address}:${port}`);
