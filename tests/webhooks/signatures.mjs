/** Both signatures, in our own words: for requests that the server does not make. */

import { createHmac } from 'node:crypto';

/** The headers that sign a body at a time, in Unix milliseconds. */
export function sign({ body, headers }, secret, at = Date.now()) {
  const seconds = Math.floor(at / 1_000);
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const standard = createHmac('sha256', key).update(`${headers['webhook-id']}.${seconds}.${body}`).digest('base64');
  return {
    'x-interviewrelay-timestamp': String(at),
    'x-interviewrelay-signature': createHmac('sha256', secret).update(`${at}.${body}`).digest('hex'),
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${standard}`,
  };
}
