/** Every piece of code in docs/widget.md does what the guide says, in a real browser and against a real server. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';

import { root } from '../support/server.mjs';
import { startSnippetWorld } from '../support/snippet-world.mjs';
import { KINDS, namesInTable, readWidgetGuide, snippetsOf } from '../support/widget-guide.mjs';
import { BEHAVIOURS } from './widget-guide.behaviours.mjs';

const guide = readWidgetGuide();
const snippets = snippetsOf(guide);

test('every piece of code says what it is', () => {
  const silent = snippets.filter(({ kind }) => !KINDS.includes(kind)).map(({ line, kind }) => `docs/widget.md:${line} ${kind ?? 'has no comment before it'}`);
  assert.deepEqual(silent, []);
});

test('every piece of code has a name of its own, and every behaviour its code', () => {
  assert.deepEqual(snippets.map(({ name }) => name).sort(), Object.keys(BEHAVIOURS).sort());
});

test('what says nothing, and what is not closed, is found', () => {
  assert.deepEqual(snippetsOf('```js\nmount()\n```').map(({ kind, code }) => [kind, code]), [[undefined, 'mount()']]);
  assert.deepEqual(snippetsOf('<!-- snippet: module a -->\n\n~~~js\nmount()').map(({ kind }) => kind), [undefined]);
  assert.deepEqual(snippetsOf('<!-- snippet: module a -->\n```js\nmount()\n```').map(({ kind, name }) => [kind, name]), [['module', 'a']]);
});

test('no file of the build is larger than the guide says', () => {
  const dist = join(root, 'widget/npm/dist');
  const files = namesInTable(guide, '| what a page loads |');
  assert.deepEqual(files.map((name) => name.replace('/', '')).sort(), readdirSync(dist).filter((name) => name !== 'integrity.json').sort());
  for (const name of files) {
    const [, limit] = new RegExp(`^\\| \`${name}\` \\| (\\d+) KB`, 'm').exec(guide) ?? [];
    const parts = name.endsWith('/') ? readdirSync(join(dist, name)).map((part) => join(name, part)) : [name];
    for (const part of parts) {
      const size = brotliCompressSync(readFileSync(join(dist, part))).length / 1024;
      assert.ok(size <= Number(limit), `${part} has ${size.toFixed(1)} KB, not ${limit}`);
    }
  }
});

describe('the code of docs/widget.md', () => {
  let world;

  before(async () => {
    world = await startSnippetWorld(snippets.filter(({ kind }) => kind === 'server').map(({ code }) => code).join('\n'));
  });
  after(() => world?.stop());

  for (const { kind, name, code, line } of snippets) {
    test(`${name} (${kind}, line ${line})`, async () => {
      const shown = await world.page({ permissions: ['microphone', 'camera'] });
      try {
        await BEHAVIOURS[name]({ world, shown, code: world.here(code), codeOf: (other) => world.here(snippets.find(({ name }) => name === other).code) });
        assert.deepEqual(shown.errors, []);
      } finally {
        await shown.page.context().close();
      }
    });
  }
});
