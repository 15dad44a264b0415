/** What the snippets of docs/widget.md run in: a server, a customer's pages, and the customer's backend, which is the guide's own code. */

import assert from 'node:assert/strict';

import { chromium } from '@playwright/test';
import { build } from 'esbuild';

import { LAUNCH } from './browser.mjs';
import { startPages } from './pages.mjs';
import { readCampaign, root, startServer } from './server.mjs';
import { GUIDE_SERVER } from './widget-guide.mjs';

/** What the guide's modules find in their page. */
const BODY = `
  <main>
    <h1>A customer's page</h1>
    <button id="open">Open</button> <button id="later">Later</button> <button id="leave">Leave</button>
    <p id="status"></p>
    <div id="interview"></div>
    <div id="app"></div>
  </main>`;

/** A page of a customer, with what the test looks at. */
export class Shown {
  /** The addresses that were asked for. @type {string[]} */
  requests = [];
  /** What a script of the page threw. @type {string[]} */
  errors = [];

  constructor(page) {
    this.page = page;
    page.on('request', (request) => this.requests.push(request.url()));
    page.on('pageerror', (error) => this.errors.push(error.message));
  }

  /** Waits until this is asked or said, in the page or in the interview's iframe. */
  shows(text, within = this.page) {
    return within.getByText(text).first().waitFor();
  }

  /** Answers the question. */
  async answer(text, within = this.page) {
    await within.getByRole('textbox').fill(text);
    await within.getByRole('button', { name: 'Continue', exact: true }).click();
  }

  /** Answers the guide tests/guides/short.json. */
  async takeShort(within = this.page) {
    for (const [question, text] of [['first', 'one'], ['second', 'two'], ['third', 'three']]) {
      await this.shows(`What is the ${question} thing?`, within);
      await this.answer(text, within);
    }
  }

  /** Waits until the page's own line says this. */
  says(text) {
    return this.page.locator('#status').getByText(text, { exact: true }).waitFor();
  }

  /** Waits until nothing like this is there. */
  isGone(selector) {
    return this.page.locator(selector).first().waitFor({ state: 'detached' });
  }

  /** A value of the computed style of a part of the interview. */
  async style(part, property, within = '#interview') {
    // The loader's first screen gives way to the one of the wasm: what is measured must stay.
    await this.page.waitForFunction((within) => {
      const hosts = [...document.querySelectorAll(`${within} [data-interview-relay]`)];
      return hosts.every(({ shadowRoot }) => shadowRoot?.children.length === 1 && !shadowRoot.firstElementChild.hasAttribute('hidden'));
    }, within);
    const element = this.page.locator(`${within} [part~=${part}]`).first();
    return element.evaluate((element, property) => getComputedStyle(element).getPropertyValue(property).trim(), property);
  }

  /** What broke the page's Content-Security-Policy. */
  violations() {
    return this.page.evaluate(() => window.violations);
  }
}

/** Starts it. `backend` is the source of the guide's code for servers. */
export async function startSnippetWorld(backend) {
  const server = await startServer();
  const { key } = await server.createKey();
  await server.importCampaign({ ...(await readCampaign('short')), id: 'camp_456abc' });
  await server.importCampaign(await readCampaign('kinds'));
  const here = (code) => code.replaceAll(GUIDE_SERVER, server.sandbox);
  process.env.INTERVIEWRELAY_API_KEY = key;
  const customer = await import(`data:text/javascript,${encodeURIComponent(here(backend))}`);

  /** The invite that the customer keeps for the person who is signed in. */
  let current = null;
  const giveToken = async () => {
    current = current ? await customer.reissueInvite(current.id) : await customer.mintInvite('user@example.com');
    return { inviteToken: current.invite_token };
  };
  const folders = { '/static/': 'widget/npm/dist', '/wasm/': 'widget/npm/wasm' };
  const pages = await startPages({ folders, calls: { '/interview-token': giveToken } });
  const browser = await chromium.launch({ ...LAUNCH, args: [...LAUNCH.args, '--use-fake-device-for-media-stream'] });
  const call = (method, path, body) => server.call(method, path, { key, body });

  return {
    server,
    customer,
    call,
    pages,
    here,

    /** Nobody is invited yet. */
    forget: () => (current = null),

    /** Invites somebody whom the customer then knows. */
    async invite(campaign_id = 'camp_456abc', options = {}) {
      const { status, body, text } = await call('POST', '/v1/invites', { campaign_id, ...options });
      assert.equal(status, 201, text);
      return (current = body);
    },

    /** A page of a browser that knows nothing. */
    async page({ permissions = [], ...options } = {}) {
      const context = await browser.newContext({ permissions, ...options });
      context.setDefaultTimeout(15_000);
      const shown = new Shown(await context.newPage());
      await shown.page.addInitScript(() => {
        window.violations = [];
        window.dataLayer = [];
        addEventListener('securitypolicyviolation', (event) => window.violations.push(`${event.effectiveDirective} ${event.blockedURI}`));
      });
      return shown;
    },

    /** Serves a page that runs a module, bundled as a customer does; gives its address. */
    async serveModule(code, { inviteToken, headers = {}, css = '' } = {}) {
      const script = await bundle(code, `globalThis.inviteToken = ${JSON.stringify(inviteToken)};`);
      return pages.serve(pageOf(BODY, { script: pages.serve(script, 'text/javascript'), css }), 'text/html', headers);
    },

    /** Serves a page of HTML, or a piece of one. */
    serveHtml: (code) => pages.serve(/^<!doctype/i.test(code) ? code : pageOf(`<main><h1>A customer's page</h1>${code}</main>`)),

    async stop() {
      await browser.close();
      await pages.stop();
      await server.dispose();
    },
  };
}

const pageOf = (body, { script = '', css = '' } = {}) => `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>A customer's page</title>${css && `<style>${css}</style>`}</head>
  <body>${body}${script && `<script type="module" src="${script}"></script>`}</body>
</html>`;

/** What a customer's bundler makes of their code and our package; it leaves the address of the wasm as it is. */
async function bundle(contents, banner) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: 'jsx' },
    bundle: true,
    write: false,
    format: 'esm',
    jsx: 'automatic',
    target: 'es2022',
    banner: { js: banner },
    define: { 'process.env.NODE_ENV': '"development"' },
    logLevel: 'silent',
  });
  return outputFiles[0].text;
}
