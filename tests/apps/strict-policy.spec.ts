/** A page whose server allows no style of any kind, no plugin, no frame, no string as code, and says so in a header. */

import { expect, Interview } from '../fixtures/index.ts';
import { mounting, pageOf, PLAIN, test } from './customer.ts';

const policy = (server: string) =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    `connect-src 'self' ${server}`,
    "style-src 'none'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');

for (const mode of ['inline', 'popup', 'fullpage']) {
  test(`a whole interview under a strict policy breaks no rule of it (${mode})`, async ({ page, customer, world }) => {
    await page.addInitScript(() => {
      (window as any).violations = [];
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) => (window as any).violations.push(`${violatedDirective} ${blockedURI} ${sourceFile}`));
    });
    const script = mounting(`{ mode: '${mode}', theme: { accent: '#0b6e4f', colorScheme: 'dark' } }`);
    const site = await customer({
      folder: PLAIN,
      campaign: 'camp_456abc',
      files: { '/index.html': pageOf(), '/page.js': script },
      headers: { 'Content-Security-Policy': policy(world.server.sandbox) },
    });
    const response = await page.goto(site.url);
    expect(response?.headers()['content-security-policy']).toBe(policy(world.server.sandbox));
    const interview = new Interview(page, '[data-interview-relay]');
    await interview.consent();
    await interview.takeEverything();
    await page.evaluate(() => (window as any).handle.unmount());
    await expect(page.locator('[data-interview-relay]')).toHaveCount(0);
    expect(await page.evaluate(() => (window as any).violations)).toEqual([]);
  });
}

