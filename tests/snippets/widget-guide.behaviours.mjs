/** What each piece of code in docs/widget.md promises, by its name there. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { transform } from 'esbuild';

import { Participant } from '../support/participant.mjs';
import { root } from '../support/server.mjs';

const execute = promisify(execFile);
const FIRST = 'What is the first thing?';
const SECOND = 'What is the second thing?';

/** What an invite token says. Source: RFC 7519 §4. */
const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());

/** Opens a page that runs the code as its module, for somebody who is invited. */
async function openModule({ world, shown, code }, { campaign, headers, css } = {}) {
  const invite = await world.invite(campaign);
  await shown.page.goto(await world.serveModule(code, { inviteToken: invite.invite_token, headers, css }));
  return invite;
}

/** Opens a page that shows an interview and has this style sheet. */
const openStyled = (context) =>
  openModule({ ...context, code: "import { mount } from '@interviewrelay/widget'; mount('#interview', { inviteToken });" }, { css: context.code });

/** Opens a page that renders the component `Survey` in StrictMode. */
const openComponent = (context) =>
  openModule({
    ...context,
    code: `${context.code}
      import { StrictMode } from 'react';
      import { createRoot } from 'react-dom/client';
      const root = createRoot(document.getElementById('app'));
      window.render = () => root.render(<StrictMode><Survey inviteToken={inviteToken} /></StrictMode>);
      window.render();`,
  });

/** What the component `Survey` is on a server. */
async function renderOnServer(code) {
  const source = `${code}
    import { renderToString } from 'react-dom/server';
    console.log(renderToString(<Survey inviteToken="token" />));`;
  const { code: script } = await transform(source, { loader: 'jsx', jsx: 'automatic' });
  const { stdout } = await execute(process.execPath, ['--input-type=module', '-e', script], { cwd: root });
  return stdout.trim();
}

/** The headers that the code of a snippet sends. */
const headersOf = (code) => Object.fromEntries(code.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]));

const isAllowed = (frame, feature, origin) => frame.evaluate(([feature, origin]) => document.featurePolicy.allowsFeature(feature, origin), [feature, origin]);

export const BEHAVIOURS = {
  async mint({ world }) {
    const invite = await world.customer.mintInvite('ada@example.com');
    assert.match(invite.id, /^inv_/);
    const participant = new Participant(world.server.sandbox, invite.invite_token);
    assert.equal((await participant.start()).turn.question.text, FIRST);
    for (const member of ['invite_url', 'expires_at']) assert.equal(typeof invite[member], 'string');
  },

  async reissue({ world }) {
    const invite = await world.invite('camp_456abc', { expires_in_s: 60 });
    const again = await world.customer.reissueInvite(invite.id);
    const [before, after] = [claimsOf(invite.invite_token), claimsOf(again.invite_token)];
    assert.equal(after.jti, before.jti);
    assert.ok(after.exp > before.exp);
    await assert.rejects(world.customer.reissueInvite('inv_nothing'), /InterviewRelay answered 40/);
  },

  async mount({ world, shown, code }) {
    world.forget();
    await shown.page.goto(await world.serveModule(code));
    await shown.shows(FIRST);
    await shown.answer('one');
    await shown.shows(SECOND);
  },

  async 'script-tag'({ world, shown, code }) {
    world.forget();
    await shown.page.goto(world.serveHtml(code));
    await shown.shows(FIRST);
    await shown.answer('one');
    await shown.shows(SECOND);
    await shown.page.reload();
    await shown.shows(SECOND);
  },

  async handle(context) {
    const { shown } = context;
    await openModule(context);
    await shown.says('Here we go');
    await shown.answer('one');
    await shown.says('1 answered');
    await shown.page.locator('#later').click();
    await shown.shows('The interview is paused');
    await shown.page.getByRole('button', { name: 'Continue' }).click();
    await shown.shows(SECOND);
    await shown.page.locator('#leave').click();
    await shown.isGone('#interview > *');
  },

  async preload(context) {
    const { shown } = context;
    await openModule(context);
    const wasm = shown.page.waitForRequest(/\.wasm$/);
    await shown.page.locator('#open').hover();
    await wasm;
    assert.equal(await shown.page.locator('#interview > *').count(), 0);
    await shown.page.locator('#open').click();
    await shown.shows(FIRST);
    await shown.answer('one');
    await shown.shows(SECOND);
    assert.equal(shown.requests.filter((url) => url.endsWith('.wasm')).length, 1);
  },

  async events(context) {
    const { world, shown } = context;
    await openModule(context);
    await shown.takeShort();
    await shown.says('Thank you!');
    await shown.page.reload();
    await shown.says('You have done this already.');

    const invite = await world.invite();
    assert.equal((await world.call('POST', `/v1/invites/${invite.id}/cancel`)).status, 200);
    await shown.page.goto(await world.serveModule(context.code, { inviteToken: invite.invite_token }));
    await shown.page.locator('#status').waitFor({ state: 'hidden' });
    await shown.shows('This invitation was withdrawn');

    const told = shown.page.waitForEvent('console', (message) => message.text().includes('cannot be shown (unauthorized)'));
    await shown.page.goto(await world.serveModule(context.code, { inviteToken: `${invite.invite_token.slice(0, -8)}AAAAAAAA` }));
    await told;
  },

  async 'dom-events'(context) {
    const { shown } = context;
    await openModule(context);
    await shown.answer('a planted secret');
    await shown.shows(SECOND);
    await shown.page.waitForFunction(() => window.dataLayer.length > 0);
    assert.deepEqual(await shown.page.evaluate(() => window.dataLayer), [{ event: 'interview_answer', place: 'interview', question: 'first' }]);
  },

  async 'get-invite-token'(context) {
    const { world, shown } = context;
    const invite = await world.invite();
    // The real expiry is tested with a frozen clock beside the server.
    const error = { code: 'invite_expired', message: 'This invite has expired.', status: 410 };
    // By the call and not by the token: one that is reissued in the same second is the same text.
    let isExpired = true;
    await shown.page.route('**/v1/participant/session', (route) => {
      if (!isExpired || route.request().method() !== 'POST') return route.continue();
      isExpired = false;
      return route.fulfill({ status: 410, headers: { 'Access-Control-Allow-Origin': '*' }, contentType: 'application/json', body: JSON.stringify({ error }) });
    });
    await shown.page.goto(await world.serveModule(context.code, { inviteToken: invite.invite_token }));
    await shown.shows(FIRST);
    assert.equal(shown.requests.filter((url) => url.endsWith('/interview-token')).length, 1);
  },

  async 'theme-properties'(context) {
    await openStyled(context);
    await context.shown.shows(FIRST);
    assert.equal(await context.shown.style('root', '--accent'), '#0b6e4f');
    assert.equal(await context.shown.style('root', '--radius'), '4px');
    assert.equal(await context.shown.style('heading', 'font-family'), 'Georgia, serif');
    assert.equal(await context.shown.style('button', 'background-color'), 'rgb(11, 110, 79)');
  },

  async 'theme-object'(context) {
    await openModule(context);
    await context.shown.shows(FIRST);
    assert.equal(await context.shown.style('button', 'background-color'), 'rgb(127, 217, 171)');
    assert.equal(await context.shown.style('button', 'color'), 'rgb(6, 40, 26)');
    assert.equal(await context.shown.style('root', 'color-scheme'), 'dark');
    assert.equal(await context.shown.style('root', 'max-width'), '576px');
  },

  async 'theme-dark'(context) {
    await openStyled(context);
    await context.shown.shows(FIRST);
    assert.equal(await context.shown.style('root', 'background-color'), 'rgb(251, 246, 234)');
    await context.shown.page.emulateMedia({ colorScheme: 'dark' });
    assert.equal(await context.shown.style('root', 'background-color'), 'rgb(28, 23, 18)');
  },

  async 'theme-parts'(context) {
    await openStyled(context);
    await context.shown.shows(FIRST);
    assert.equal(await context.shown.style('heading', 'font-weight'), '400');
    assert.equal(await context.shown.style('button', 'text-transform'), 'uppercase');
  },

  async popup(context) {
    const { shown } = context;
    await openModule(context);
    await shown.page.locator('#open').click();
    await shown.page.getByRole('dialog', { name: 'Three questions about your trial' }).waitFor();
    await shown.shows(FIRST);
    await shown.page.keyboard.press('Escape');
    await shown.says('You can go on at any time.');
    await shown.isGone('#interview > *');
  },

  async fullpage(context) {
    const { shown } = context;
    await openModule(context);
    await shown.page.getByRole('dialog', { name: 'Interview' }).waitFor();
    await shown.takeShort();
    await shown.isGone('#interview > *');
  },

  async element({ world, shown, code }) {
    const { invite_token } = await world.invite();
    await shown.page.goto(world.serveHtml(code.replace('INVITE_TOKEN', invite_token)));
    await shown.shows(FIRST);
    assert.equal(await shown.page.locator('#interview [part~=root]').first().getAttribute('data-scheme'), 'light');
    assert.equal(await shown.page.locator('interview-relay').evaluate((element) => typeof element.interview.pause), 'function');
  },

  async 'element-property'(context) {
    const { shown } = context;
    await openModule(context);
    await shown.takeShort();
    await shown.isGone('interview-relay');
  },

  async react(context) {
    const { shown } = context;
    assert.equal(await renderOnServer(context.code), '<section><p>Answered: <!-- -->0</p><div class="survey"></div></section>');
    await openComponent(context);
    await shown.answer('one');
    await shown.shows('Answered: 1');
    await shown.page.getByRole('textbox').fill('half a sentence');
    await shown.page.evaluate(() => window.render());
    await shown.answer('two');
    await shown.shows('Answered: 2');
    assert.equal(await shown.page.locator('.survey > [data-interview-relay]').count(), 1);
    assert.equal(await shown.style('root', '--accent', '.survey'), '#0b6e4f');
  },

  async 'react-popup'(context) {
    const { shown } = context;
    const begin = shown.page.getByRole('button', { name: 'Give feedback' });
    await openComponent(context);
    await begin.click();
    await shown.shows(FIRST);
    await shown.page.keyboard.press('Escape');
    await shown.isGone('dialog');
    await begin.click();
    await shown.takeShort();
    await shown.isGone('dialog');
  },

  async next(context) {
    assert.match(context.code, /^'use client';\n/);
    assert.equal(await renderOnServer(context.code), '<div></div>');
    await openComponent(context);
    await context.shown.shows(FIRST);
  },

  async 'policy-wasm'(context) {
    const { shown, codeOf } = context;
    const headers = headersOf(context.code);
    await openModule({ ...context, code: codeOf('theme-object') }, { headers });
    await shown.takeShort();
    await shown.shows('That was all.');
    assert.deepEqual(await shown.violations(), []);
    assert.equal(await shown.page.locator('iframe').count(), 0);
    assert.ok(shown.requests.some((url) => url.endsWith('.wasm')));
  },

  async 'policy-iframe'(context) {
    const { world, shown, codeOf } = context;
    const headers = headersOf(context.code);
    await openModule({ ...context, code: codeOf('isolation') }, { headers });
    const frame = shown.page.locator('#interview iframe').contentFrame();
    await shown.takeShort(frame);
    await shown.shows('That was all.', frame);
    assert.deepEqual(await shown.violations(), []);
    // Without being told, the widget finds it out: by a compilation, and only once.
    const { invite_token } = await world.invite();
    await shown.page.goto(await world.serveModule(codeOf('get-invite-token'), { inviteToken: invite_token, headers }));
    await shown.shows(FIRST, frame);
    const reported = (await shown.violations()).map((violation) => violation.split(' ')[0]).sort();
    assert.deepEqual(reported, ['script-src']);
    await shown.page.reload();
    await shown.shows(FIRST, frame);
    assert.deepEqual(await shown.violations(), []);
  },

  async isolation(context) {
    await openModule(context);
    await context.shown.shows(FIRST, context.shown.page.locator('#interview iframe').contentFrame());
    assert.equal(context.shown.requests.some((url) => url.startsWith(context.world.pages.url) && url.endsWith('.wasm')), false);
  },

  async integrity({ world, shown, code }) {
    world.forget();
    const digests = JSON.parse(await readFile(join(root, 'widget/npm/dist/integrity.json'), 'utf8'));
    const of = (digest) => world.serveHtml(code.replace('sha384-INTEGRITY', digest));
    await shown.page.goto(of(digests['interview-relay.js']));
    await shown.shows(FIRST);
    await shown.page.goto(of(digests['interview-relay.wasm']));
    assert.equal(await shown.page.evaluate(() => typeof window.InterviewRelay), 'undefined');
    shown.errors.length = 0;
  },

  async offline({ world, shown, code, codeOf }) {
    const campaign = JSON.parse(code);
    await world.server.importCampaign(campaign);
    const { invite_token } = await world.invite(campaign.id);
    const begun = await new Participant(world.server.sandbox, invite_token).start();
    assert.equal(begun.campaign.allow_back, true);
    assert.equal(begun.ahead.length, 2);

    await shown.page.goto(await world.serveModule(codeOf('get-invite-token'), { inviteToken: invite_token }));
    await shown.shows('Which train do you take?');
    await shown.page.waitForLoadState('networkidle');
    await shown.page.context().setOffline(true);
    await shown.answer('the 7:12');
    await shown.shows('Where do you sit?');
    await shown.shows('Saved on this device – will be sent when you are online');
    await shown.answer('at the window');
    await shown.answer('read');
    await shown.shows('Waiting for the connection');
    await shown.page.context().setOffline(false);
    await shown.shows('Have a good day.');
  },

  async recording({ world, shown, code, codeOf }) {
    const campaign = JSON.parse(code);
    await world.server.importCampaign(campaign);
    const { invite_token } = await world.invite(campaign.id);
    await shown.page.goto(await world.serveModule(codeOf('get-invite-token'), { inviteToken: invite_token }));
    await shown.shows('What does your desk look like?');
    await shown.shows('Up to 8 MB');
    await shown.page.locator('input[type=file]').setInputFiles({ name: 'desk.png', mimeType: 'image/png', buffer: Buffer.from('a picture') });
    await shown.shows('Uploaded');
    await shown.page.getByRole('button', { name: 'Continue', exact: true }).click();
    await shown.shows('How was your day?');
    await shown.page.getByRole('button', { name: 'Start recording' }).click();
    await shown.shows(/Recording starts in 0:(10|09)/);
    await shown.page.getByRole('button', { name: 'Record now' }).click();
    // Something has to be heard: of a recording that is stopped at once nothing is left to use.
    const meter = await shown.page.getByRole('meter', { name: 'Loudness' }).elementHandle();
    await shown.page.waitForFunction((element) => Number(element.getAttribute('aria-valuenow')) > 0, meter);
    await shown.page.getByRole('button', { name: 'Stop' }).click();
    await shown.page.getByRole('button', { name: 'Use this recording' }).click();
    await shown.shows('Uploaded');
    await shown.page.getByRole('button', { name: 'Continue', exact: true }).click();
    await shown.shows('Thank you.');
  },

  async permissions(context) {
    const { world, shown, codeOf } = context;
    await openModule({ ...context, code: codeOf('isolation') }, { headers: headersOf(context.code) });
    await shown.shows(FIRST, shown.page.locator('#interview iframe').contentFrame());
    const [own, framed] = shown.page.frames();
    for (const feature of ['microphone', 'camera']) {
      assert.equal(await isAllowed(own, feature), true);
      assert.equal(await isAllowed(framed, feature), true);
      assert.equal(await isAllowed(own, feature, 'https://elsewhere.example'), false);
    }
    assert.equal(new URL(framed.url()).origin, world.server.sandbox);
  },

  async 'permissions-iframe'({ world, shown, code, codeOf }) {
    world.forget();
    const inner = world.serveHtml(codeOf('script-tag')).replace('127.0.0.1', 'localhost');
    const outer = code.replace('https://www.example.com/survey', inner);
    assert.notEqual(outer, code);
    await shown.page.goto(world.serveHtml(outer));
    await shown.shows(FIRST, shown.page.locator('iframe').contentFrame());
    for (const feature of ['microphone', 'camera']) assert.equal(await isAllowed(shown.page.frames()[1], feature), true);
  },

  async locale(context) {
    await openModule(context, { campaign: 'camp_kinds' });
    await context.shown.shows('يجوز لفريق البحث قراءة إجاباتي.');
    assert.equal(await context.shown.style('root', 'direction'), 'rtl');
  },

  async 'preload-hint'({ world, shown, code }) {
    world.forget();
    await shown.page.goto(world.serveHtml(code));
    await shown.shows(FIRST);
    await shown.answer('one');
    await shown.shows(SECOND);
    for (const name of ['interview-relay.js', 'interview-relay.wasm']) {
      assert.equal(shown.requests.filter((url) => url.endsWith(name)).length, 1, name);
      const from = await shown.page.evaluate((name) => performance.getEntriesByType('resource').find((entry) => entry.name.endsWith(name)).initiatorType, name);
      assert.equal(from, 'link', name);
    }
  },

  async 'session-begun'({ world, shown, code }) {
    world.forget();
    const begun = [];
    shown.page.on('request', (request) => request.url().endsWith('/v1/participant/session') && begun.push(request.frame() === shown.page.mainFrame() && request.postData()));
    await shown.page.goto(world.serveHtml(code));
    await shown.shows(FIRST);
    await shown.answer('one');
    await shown.shows(SECOND);
    assert.equal(begun.length, 1, 'it was begun once');
    assert.match(begun[0], /^access_token=eyJ[\w.-]+$/, "in the page's own words");
  },

  async 'wasm-url'(context) {
    const { shown } = context;
    await openModule(context);
    await shown.shows(FIRST);
    await shown.answer('one');
    await shown.shows(SECOND);
    assert.deepEqual(shown.requests.filter((url) => url.endsWith('.wasm')).map((url) => new URL(url).pathname), ['/static/interview-relay.wasm']);
  },

  async inline(context) {
    const { shown } = context;
    await openModule(context);
    await shown.shows(FIRST);
    await shown.answer('one');
    await shown.shows(SECOND);
    assert.deepEqual(shown.requests.filter((url) => url.endsWith('.wasm')), []);
  },
};
