/** Each kind of app that a customer may have, built in production from the packed tarball; scripts/test/apps.mjs builds them. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { expect } from '../fixtures/index.ts';
import { root } from '../support/server.mjs';
import { test } from './customer.ts';

/** Where each one's build has put what is to be served, and how the wasm gets into the page. */
const APPS = [
  { name: 'vite', folder: 'dist', wasm: 'file' },
  { name: 'webpack', folder: 'dist', wasm: 'file' },
  { name: 'next', folder: 'out', wasm: 'file' },
  { name: 'parcel', folder: 'dist', wasm: 'file' },
  { name: 'esbuild', folder: 'dist', wasm: 'inline' },
  { name: 'plain', folder: 'dist', wasm: 'file' },
];

for (const { name, folder, wasm } of APPS) {
  test(`an interview in an app built by ${name}`, async ({ page, customer, world, interview, api }) => {
    const app = await customer({ folder: join('.cache/apps', name, folder) });
    const requests: URL[] = [];
    const failed: string[] = [];
    page.on('request', (request) => requests.push(new URL(request.url())));
    page.on('response', (response) => response.status() >= 400 && failed.push(`${response.status()} ${response.url()}`));
    page.on('console', (message) => message.type() === 'error' && failed.push(message.text()));
    await listen(page);

    await page.goto(app.url);
    await interview.shows('What is the first thing?');
    for (const text of ['one', 'two', 'three']) await interview.answer(text);
    await interview.shows('That was all.');

    await expect.poll(() => page.evaluate(() => (window as any).told)).toEqual(['ready', 'start', 'answer first', 'answer second', 'answer third', 'complete']);
    const hosts = new Set(requests.filter(({ protocol }) => protocol.startsWith('http')).map(({ origin }) => origin));
    expect([...hosts].sort(), 'only the page and our server are called').toEqual([app.url, world.server.sandbox].sort());
    expect(failed).toEqual([]);
    expect(requests.some(({ origin, pathname }) => origin === app.url && pathname.endsWith('.wasm')), 'the bundler has served the wasm').toBe(wasm === 'file');

    const { body: sessions } = await api('GET', '/v1/sessions?limit=1');
    const { body: transcript } = await api('GET', `/v1/sessions/${sessions.data[0].id}/transcript`);
    expect(transcript.entries.map(({ value }: any) => value)).toEqual(['one', 'two', 'three']);
  });
}

test('every app has the package of the tarball, not that of the workspace', () => {
  for (const { name } of APPS) {
    const folder = join(root, '.cache/apps', name);
    expect(existsSync(folder), 'they are built by `npm test -- --only apps`').toBe(true);
    const installed = JSON.parse(readFileSync(join(folder, 'node_modules/.package-lock.json'), 'utf8')).packages['node_modules/@interviewrelay/widget'];
    expect(installed.resolved, name).toMatch(/^file:.*\.tgz$/);
    expect(installed.link, name).toBeUndefined();
  }
});

/** Notes the events that reach the page, before any of its scripts runs. */
const listen = (page: Page) =>
  page.addInitScript(() => {
    (window as any).told = [];
    for (const name of ['ready', 'start', 'answer', 'complete', 'error', 'close']) {
      addEventListener(`interview-relay-${name}`, (event) => (window as any).told.push([name, (event as CustomEvent).detail?.questionId].filter(Boolean).join(' ')));
    }
  });
