/** `npm run answers`: prints the newest interview of the demo, as its owner would fetch it. */

import { demoFile, readDemo } from './lib/demo.mjs';
import { explain, UserError } from './lib/log.mjs';
import { localUrl, readOptions } from './lib/options.mjs';

try {
  const { data, sandbox } = readOptions(process.argv.slice(2), process.env);
  const demo = readDemo(data);
  if (demo === null) throw new UserError('There is no demo yet. `npm start` makes it.');
  const api = localUrl(sandbox);
  const get = async (path, accept = 'application/json') => {
    const headers = { Authorization: `Bearer ${demo.test.key}`, Accept: accept };
    const response = await fetch(`${api}${path}`, { headers }).catch(() => {
      throw new UserError(`Nothing answers at ${api}. Is \`npm start\` running?`);
    });
    if (!response.ok) throw new UserError(`${path} answered ${response.status}: ${await response.text()}`);
    return response;
  };
  const { data: [newest] } = await (await get('/v1/sessions?limit=1')).json();
  if (newest === undefined) throw new UserError('Nobody has begun the interview yet.');
  console.log(await (await get(`/v1/sessions/${newest.id}/transcript`, 'text/plain')).text());
  console.log(`The same as JSON, with the key ("test") that is in ${demoFile(data)}:
  curl -H "Authorization: Bearer $KEY" ${api}/v1/sessions/${newest.id}/transcript`);
} catch (error) {
  process.exitCode = explain(error);
}
