import { expect, test } from '../fixtures/index.ts';

test("the invite's own address shows the interview without a page of the customer", async ({ page, invite, interview, world }) => {
  const { invite_url, invite_token } = await invite('camp_short');
  const requested: string[] = [];
  page.on('request', (request) => requested.push(request.url()));
  const response = await page.goto(invite_url);
  expect(response!.headers()['content-security-policy']).toContain("'wasm-unsafe-eval'");
  for (const text of ['one', 'two', 'three']) await interview.answer(text);
  await interview.shows('That was all.');
  // The token stays in the fragment, which is not sent: it is in no server's log.
  expect(requested.filter((url) => new URL(url).search.includes(invite_token) || new URL(url).pathname.includes(invite_token))).toEqual([]);
  expect(world.server.log).not.toContain(invite_token);
});
