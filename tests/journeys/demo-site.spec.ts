import { expect, test } from '../fixtures/index.ts';
import { startSite } from '../support/site.mjs';

test('the page never sees the API key', async ({ page, site, interview, world }) => {
  const received: string[] = [];
  page.on('response', async (response) => {
    received.push(JSON.stringify(await response.allHeaders().catch(() => ({}))), await response.text().catch(() => ''));
  });
  await page.goto(site.url);
  await interview.shows('My answers may be read by the research team.');
  await page.waitForLoadState('networkidle');
  expect(received.join('\n')).not.toContain(world.key);
  expect(await page.content()).not.toContain(world.key);
});

test('an invite is minted by POST, from our own page only', async ({ request, site }) => {
  expect((await request.get(`${site.url}/api/invite`)).status()).toBe(405);
  const foreign = await request.post(`${site.url}/api/invite`, { headers: { 'Sec-Fetch-Site': 'cross-site' } });
  expect(foreign.status()).toBe(403);
  expect((await request.post(`${site.url}/api/invite`)).status()).toBe(201);
});

test('only the files that are meant to be served are served', async ({ request, site }) => {
  for (const path of ['/server.mjs', '/../server.mjs', '/%2e%2e/server.mjs', '/widget/%2e%2e/%2e%2e/package.json', '/widget/../../../package.json', '/campaign.json']) {
    expect((await request.get(`${site.url}${path}`)).status(), path).toBe(404);
  }
});

test('a backend that gets no invite says what to do, and keeps the reason in its log', async ({ page, world, interview }) => {
  const wrong = `${world.key.slice(0, -1)}${world.key.endsWith('0') ? '1' : '0'}`;
  const site = await startSite({ key: wrong, apiBase: world.server.sandbox, campaignId: 'camp_456abc' });
  try {
    await page.goto(site.url);
    await interview.shows('The interview is not available right now.');
    expect(site.log).toContain('401 unauthorized');
    expect(site.log).not.toContain(wrong);
  } finally {
    await site.stop();
  }
});

test('the page works without inline code, cookies and third parties', async ({ page, context, site, interview, world }) => {
  const origins = new Set<string>();
  page.on('request', (request) => origins.add(new URL(request.url()).origin));
  const response = await page.goto(site.url);
  const policy = response!.headers()['content-security-policy'];
  expect(policy).toContain("'wasm-unsafe-eval'");
  expect(policy).not.toContain('unsafe-inline');
  await interview.consent();
  await interview.shows('There are no wrong answers.');
  expect([...origins].filter((origin) => origin !== 'null').sort()).toEqual([site.url, world.server.sandbox].sort());
  expect(await context.cookies()).toEqual([]);
});
