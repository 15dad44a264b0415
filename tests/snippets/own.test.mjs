/** The same calls as the guide's, in our own words: these run where the guide is not at hand. */

import { describeSnippets } from './behaviours.mjs';

describeSnippets('the calls of a customer', {
  listWithNode: (base) => `
    const key = process.env.INTERVIEWRELAY_API_KEY;
    const reply = await fetch(new URL('/v1/campaigns', '${base}'), { headers: new Headers({ authorization: 'Bearer ' + key }) });
    if (!reply.ok) throw new Error('API error: ' + reply.status);
    const data = await reply.json();`,
  listWithPython: (base) => `
import os, requests
session = requests.Session()
session.headers['Authorization'] = 'Bearer ' + os.environ['INTERVIEWRELAY_API_KEY']
reply = session.get('${base}/v1/campaigns', params={'limit': 10})
reply.raise_for_status()
data = reply.json()`,
  listWithCurl: (base, key) => `curl --silent --fail-with-body '${base}/v1/campaigns?limit=10' --oauth2-bearer '${key}'`,
  listKeys: (base) => `
    const reply = await fetch('${base}/v1/api-keys', { headers: { Authorization: 'Bearer ' + process.env.INTERVIEWRELAY_API_KEY } });
    const { data } = await reply.json();`,
  revokeKey: (base) => `
    const headers = { Authorization: 'Bearer ' + process.env.INTERVIEWRELAY_API_KEY };
    const reply = await fetch('${base}/v1/api-keys/' + encodeURIComponent(keyId), { method: 'DELETE', headers });
    if (reply.status !== 200) throw new Error('API error: ' + reply.status);`,
  mintInvite: (base) => `
    const invite = { campaign_id: 'camp_456abc', participant_email: 'ada@example.com', participant_name: 'Ada', expires_in_s: 600 };
    const headers = { Authorization: 'Bearer ' + process.env.INTERVIEWRELAY_API_KEY, 'Content-Type': 'application/json' };
    const reply = await fetch('${base}/v1/invites', { method: 'POST', headers, body: JSON.stringify(invite) });
    if (reply.status !== 201) throw new Error('API error: ' + reply.status);
    const { invite_token } = await reply.json();`,
  mount: () => `
    const element = document.getElementById('interview-container');
    const interview = InterviewRelay.mount(element, invite_token);
    await interview.ready;`,
});
