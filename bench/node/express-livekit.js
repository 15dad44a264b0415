/** Express and the LiveKit server SDK: the token server of its own guides. No key is checked, nothing is stored. */

import { randomBytes } from 'node:crypto';

import express from 'express';
import { AccessToken } from 'livekit-server-sdk';

import { newInvite, tell } from './shared.js';

const apiKey = `API${randomBytes(6).toString('hex')}`;
const apiSecret = randomBytes(32).toString('base64');
const app = express();
app.use(express.json());

app.post('/v1/invites', async (request, response) => {
  const invite = newInvite(request.body);
  const token = new AccessToken(apiKey, apiSecret, { identity: invite.participant_id, ttl: '1h' });
  token.addGrant({ roomJoin: true, room: invite.id, canPublish: true, canSubscribe: true });
  const jwt = await token.toJwt();
  response.status(201).json({ invite_token: jwt, invite_url: `http://${request.headers.host}/i#${jwt}`, ...invite });
});

const server = app.listen(0, '127.0.0.1', () => tell(server.address()));
