/** What each snippet has to do, whoever wrote it: the guide or we. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';

import { openPage } from '../support/browser.mjs';
import { startPages } from '../support/pages.mjs';
import { readCampaign, startServer } from '../support/server.mjs';

const execute = promisify(execFile);
const CAMPAIGN = 'camp_456abc';

/**
 * Defines one test for each snippet.
 *
 * @param {string} title
 * @param {Record<string, (base: string, key: string) => string>} snippets code, given the base URL and the credential
 */
export function describeSnippets(title, snippets) {
  describe(title, () => {
    let server;
    let keys;

    before(async () => {
      server = await startServer();
      await server.importCampaign(await readCampaign('everything'));
      keys = { test: (await server.createKey()).key, live: (await server.createKey({ environment: 'live' })).key };
    });
    after(() => server?.dispose());

    for (const environment of ['test', 'live']) {
      const base = () => (environment === 'live' ? server.live : server.sandbox);
      const key = () => keys[environment];
      const expected = environment === 'live' ? [] : [CAMPAIGN];

      test(`campaigns are listed with Node (${environment})`, async () => {
        const printed = await node(`${snippets.listWithNode(base(), key())}\nconsole.log(JSON.stringify(data));`, { key: key() });
        assert.deepEqual(ids(JSON.parse(lastLine(printed))), expected);
      });

      test(`campaigns are listed with Python (${environment})`, async (t) => {
        const python = process.env.PYTHON ?? 'python3';
        if (python === '') return t.skip('there is no Python here');
        const code = `${snippets.listWithPython(base(), key())}\nimport json; print(json.dumps(data))`;
        const { stdout } = await execute(python, ['-c', code], { env: { ...process.env, INTERVIEWRELAY_API_KEY: key() } });
        assert.deepEqual(ids(JSON.parse(lastLine(stdout))), expected);
      });

      test(`campaigns are listed with cURL (${environment})`, async () => {
        const { stdout } = await execute('bash', ['-c', snippets.listWithCurl(base(), key())]);
        assert.deepEqual(ids(JSON.parse(stdout)), expected);
      });
    }

    test('a key that does not exist makes Node throw and Python raise', async () => {
      const wrong = `${keys.test.slice(0, -1)}${keys.test.endsWith('0') ? '1' : '0'}`;
      await assert.rejects(node(snippets.listWithNode(server.sandbox, wrong), { key: wrong }), /API error: 401/);
      const python = process.env.PYTHON ?? 'python3';
      if (python === '') return;
      const env = { ...process.env, INTERVIEWRELAY_API_KEY: wrong };
      await assert.rejects(execute(python, ['-c', snippets.listWithPython(server.sandbox, wrong)], { env }), /401/);
    });

    test('keys are listed, without their secrets', async () => {
      const printed = await node(`${snippets.listKeys(server.sandbox, keys.test)}\nconsole.log(JSON.stringify(data));`, { key: keys.test });
      const [listed] = JSON.parse(lastLine(printed));
      assert.match(listed.id, /^key_/);
      assert.equal(listed.name, 'Tests');
      assert.equal(listed.prefix, `ir_test_...${keys.test.slice(-4)}`);
      assert.match(listed.created_at, /^\d{4}-\d\d-\d\dT.+Z$/);
      assert.ok('last_used_at' in listed);
      assert.equal(printed.includes(keys.test), false);
    });

    test('a revoked key fails on its next request', async () => {
      const doomed = await server.createKey({ name: 'Doomed' });
      assert.equal((await server.call('GET', '/v1/campaigns', { key: doomed.key })).status, 200);
      await node(`const keyId = process.env.KEY_ID;\n${snippets.revokeKey(server.sandbox, keys.test)}`, { key: keys.test, KEY_ID: doomed.id });
      assert.equal((await server.call('GET', '/v1/campaigns', { key: doomed.key })).status, 401);
    });

    test('an invite is minted and mounted in a page', async () => {
      const minted = await node(`${snippets.mintInvite(server.sandbox, keys.test)}\nconsole.log(invite_token);`, { key: keys.test });
      const inviteToken = lastLine(minted);
      assert.equal(inviteToken.split('.').length, 3);

      const pages = await startPages();
      const browser = await openPage();
      try {
        const address = pages.serve(
          `<!doctype html><html lang="en"><title>A page</title><div id="interview-container"></div><script type="module">
            import { InterviewRelay } from '/widget/index.js';
            const invite_token = ${JSON.stringify(inviteToken)};
            ${snippets.mount()}
          </script></html>`,
        );
        await browser.page.goto(address);
        // The loader's screen and the wasm's, which replaces it, both hold the text for a moment.
        await browser.page.getByText('My answers may be read by the research team.').first().waitFor();
      } finally {
        await browser.close();
        await pages.stop();
      }
    });
  });
}

/** Runs an ES module with the key where the snippets look for it; gives what it prints. */
async function node(code, { key, ...env }) {
  const { stdout } = await execute(process.execPath, ['--input-type=module', '-e', code], {
    env: { ...process.env, ...env, INTERVIEWRELAY_API_KEY: key },
  });
  return stdout;
}

const lastLine = (text) => text.trimEnd().split('\n').at(-1);
const ids = ({ data }) => data.map(({ id }) => id);
