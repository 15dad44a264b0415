/** The pages that are compared: each shows one question with a field for free text, as its own documentation says. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { build } from 'esbuild';

import { at } from '../../lib/paths.mjs';

/** What is asked in all of them. */
export const QUESTION = 'What slows your team down most?';

const peers = at('bench/widget');
const dist = at('widget/npm/dist');

/** Version of a package among the peers. */
const version = (name) => JSON.parse(readFileSync(join(peers, 'node_modules', name, 'package.json'), 'utf8')).version;

/** A page around `body`; nothing else is asked for by it, not even an icon. */
const html = (body, head = '') => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><title>A page</title>${head}</head>
<body>${body}</body></html>`;

/** What a customer's bundler makes of a page's script, its style sheet included; `{path: content}`. */
async function bundle(name, entry) {
  const { outputFiles } = await build({
    absWorkingDir: peers,
    entryPoints: { [name]: join(peers, 'pages', entry) },
    outdir: '/',
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    define: { 'process.env.NODE_ENV': '"production"', __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
    write: false,
    logLevel: 'error',
  });
  return Object.fromEntries(outputFiles.map(({ path, contents }) => [`/${path.split(/[\\/]/).at(-1)}`, Buffer.from(contents)]));
}

async function bundled(name, title, entry, { stub = false, body = '<div id="app"></div>' } = {}) {
  const files = await bundle(name, entry);
  const style = files[`/${name}.css`] ? `<link rel="stylesheet" href="/${name}.css">` : '';
  const script = `<script>window.question = ${JSON.stringify(QUESTION)}</script><script type="module" src="/${name}.js"></script>`;
  return { name, title, stub, isOurs: false, files: { ...files, [`/${name}/`]: html(body + script, style) } };
}

/** The script build as its guide shows it; `{token}` is put in for each visit, as a customer's server does. */
function ours(name, title, head = '', options = '"{token}"') {
  const page = html(`<div id="interview"></div><script src="/interview-relay.js"></script><script>InterviewRelay.mount("#interview", ${options})</script>`, head);
  const files = Object.fromEntries(['interview-relay.js', 'engine.js', 'interview-relay.wasm'].map((file) => [`/${file}`, readFileSync(join(dist, file))]));
  return { name, title, stub: false, isOurs: true, files: { ...files, [`/${name}/`]: page } };
}

/** All pages, the two to compare with first; `api` is where our server is. */
export async function makePages(api) {
  const begin = `<script>const session = fetch("${api}/v1/participant/session", { method: "POST", body: new URLSearchParams({ access_token: "{token}" }) })</script>`;
  return [
    { name: 'bare', title: 'a bare textarea', stub: false, isOurs: false, files: { '/bare/': html(`<label for="answer">${QUESTION}</label><textarea id="answer"></textarea>`) } },
    await bundled('preact', `a minimal chat in Preact ${version('preact')}`, 'preact.jsx'),
    ours('ours', 'InterviewRelay'),
    ours('ours-begun', 'InterviewRelay, begun by the page', begin, '{ inviteToken: "{token}", session }'),
    await bundled('formbricks', `Formbricks surveys ${version('@formbricks/surveys')}`, 'formbricks.js'),
    await bundled('vue-flow-form', `vue-flow-form ${version('@ditdot-dev/vue-flow-form')}`, 'vue-flow-form.js'),
    await bundled('deep-chat', `deep-chat ${version('deep-chat')}`, 'deep-chat.js'),
    await bundled('surveyjs', `SurveyJS ${version('survey-js-ui')}`, 'surveyjs.js'),
    await bundled('typebot', `Typebot ${version('@typebot.io/js')}`, 'typebot.js', { stub: true, body: '<typebot-standard style="width: 100%; height: 600px"></typebot-standard>' }),
  ];
}
