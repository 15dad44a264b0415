/**
 * Everything that verifies deliveries in JavaScript and Python: the snippets of docs/webhooks.md and the authentication
 * guide's own code. The Rust one is in token-server/tests/api/webhook_verifiers.rs.
 *
 * PYTHON is a Python with what requirements.txt lists; `npm test` makes one and says where it is.
 */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { readGuide, snippet as guideSnippet } from '../support/guide.mjs';
import { root } from '../support/server.mjs';
import { snippets } from './documents.mjs';

const execute = promisify(execFile);
const PYTHON = process.env.PYTHON ?? 'python3';
const guide = readGuide();

/** The guide's function gives a boolean, and knows nothing of headers. */
const GUIDE_ADAPTER = `
function verify(body, headers) {
  if (!verifyWebhookSignature(body, headers['x-interviewrelay-signature'], headers['x-interviewrelay-timestamp'])) throw new Error('No.');
  return JSON.parse(body);
}`;

/** Reads requests, and writes down what `verify` gives for each, `null` when it throws. */
const TRY_ALL = {
  node: `
import('node:fs').then(({ readFileSync }) => {
  const attempt = ({ body, headers }) => {
    try {
      return verify(body, headers);
    } catch {
      return null;
    }
  };
  console.log(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(attempt)));
});`,
  python: `
import json, sys
def attempt(request):
    try:
        return verify(request["body"], request["headers"])
    except Exception:
        return None
print(json.dumps([attempt(request) for request in json.load(sys.stdin)]))`,
};

/**
 * `verifyAll(requests, secret)` gives for each request the event, or `null` where it is refused. `misses` names what a
 * verifier does not look at, `skip` says why it cannot run here.
 */
export const VERIFIERS = [
  {
    name: "the guide's formula in Node",
    verifyAll: node(() => snippets('### Node, without a library', 'js')[0]),
    misses: ['id'],
  },
  {
    name: "the guide's own verifier",
    skip: guide === null && 'the guide is not here; GUIDES names the folder that holds it',
    verifyAll: node(() => guideSnippet(guide, { heading: 'Webhook Secret#', from: 'const crypto', to: '}' }) + GUIDE_ADAPTER, 'commonjs'),
    misses: ['id', 'age'],
  },
  { name: 'standardwebhooks for Node', verifyAll: node(() => snippets('### Node, with `standardwebhooks`', 'js')[0]), misses: [] },
  {
    name: 'standardwebhooks for Python',
    skip: PYTHON === '' && 'there is no Python here',
    verifyAll: (requests, secret) => run(PYTHON, ['-c', snippets('### Python, with `standardwebhooks`', 'python')[0] + TRY_ALL.python], requests, secret),
    misses: [],
  },
  { name: "Stripe's library", verifyAll: node(() => snippets("### Node, with Stripe's library", 'js')[0]), misses: ['id'] },
];

function node(code, type = 'module') {
  return (requests, secret) => run(process.execPath, [`--input-type=${type}`, '-e', code() + TRY_ALL.node], requests, secret);
}

/** In the folder of the tests, where the libraries are found. */
async function run(command, args, requests, secret) {
  const env = { ...process.env, INTERVIEWRELAY_WEBHOOK_SECRET: secret };
  const running = execute(command, args, { cwd: join(root, 'tests'), env, maxBuffer: 64 << 20 });
  running.child.stdin.end(JSON.stringify(requests));
  return JSON.parse((await running).stdout);
}
