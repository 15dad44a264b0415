import { WORDS } from '../fixtures/interview.ts';
import { createWorld, expect, Interview, embedOn, test } from '../fixtures/index.ts';
import { readCampaign } from '../support/server.mjs';

/** The real expiry is tested with a frozen clock beside the server; here is what a person sees. */
test('an expired invite says so, and where to get another', async ({ page, invite, embed, interview }) => {
  const error = { code: 'invite_expired', message: 'This invite has expired. Ask for a new one.', status: 410 };
  await page.route('**/v1/participant/session', (route) =>
    route.fulfill({ status: 410, headers: { 'Access-Control-Allow-Origin': '*' }, contentType: 'application/json', body: JSON.stringify({ error }) }),
  );
  await embed({ inviteToken: (await invite()).invite_token });
  await interview.shows(WORDS.expired);
  await expect(interview.alert(), 'who cannot see it hears it').toContainText(WORDS.expired);
  await interview.shows('Please ask for a new link from the people who invited you.');
});

test('a cancelled invite says so', async ({ invite, embed, interview, api }) => {
  const { id, invite_token } = await invite();
  expect((await api('POST', `/v1/invites/${id}/cancel`)).status).toBe(200);
  await embed({ inviteToken: invite_token });
  await interview.shows(WORDS.cancelled);
});

test('an invite cancelled in the middle stops the interview', async ({ invite, embed, interview, api }) => {
  const { id, invite_token } = await invite('camp_short');
  await embed({ inviteToken: invite_token });
  await interview.answer('one');
  await interview.shows('What is the second thing?');
  await api('POST', `/v1/invites/${id}/cancel`);
  await interview.answer('two');
  await interview.shows(WORDS.cancelled);
});

test('an invite that was used to the end says thank you, not "error"', async ({ page, invite, embed, interview }) => {
  await embed({ inviteToken: (await invite('camp_short')).invite_token });
  for (const text of ['one', 'two', 'three']) await interview.answer(text);
  await interview.shows('That was all.');
  await page.reload();
  await interview.shows(WORDS.completed);
});

test('a paused campaign asks to come back later', async ({ invite, embed, interview, api, world }) => {
  await world.server.importCampaign({ ...(await readCampaign('short')), id: 'camp_paused' });
  const { invite_token } = await invite('camp_paused');
  expect((await api('POST', '/v1/campaigns/camp_paused/pause')).status).toBe(200);
  await embed({ inviteToken: invite_token });
  await interview.shows(WORDS.paused);
  expect((await api('POST', '/v1/campaigns/camp_paused/activate')).status).toBe(200);
  await interview.button(WORDS.tryAgain).click();
  await interview.shows('What is the first thing?');
});

test('a campaign that is over says so, and does not ask to try again', async ({ page, invite, embed, interview, api, world }) => {
  await world.server.importCampaign({ ...(await readCampaign('short')), id: 'camp_closed' });
  const { invite_token } = await invite('camp_closed');
  await embed({ inviteToken: invite_token });
  await interview.answer('one');
  await interview.shows('What is the second thing?');
  expect((await api('POST', '/v1/campaigns/camp_closed/complete')).status).toBe(200);
  await page.reload();
  await interview.shows(WORDS.closed);
  await expect(interview.button(WORDS.tryAgain)).toHaveCount(0);
});

test('a page of another origin is told that it may not show the interview', async ({ invite, embed, interview }) => {
  await embed({ inviteToken: (await invite('camp_456abc', { origin: 'https://elsewhere.example' })).invite_token });
  await interview.shows(WORDS.wrongPage);
});

test('a server that is too slow is not one that refuses the page, and can be tried again', async ({ page, invite, embed, interview }) => {
  await page.clock.install();
  // Nothing is answered until the calls are given up; /healthz would be.
  await page.route('**/v1/participant/session', () => {});
  await embed({ inviteToken: (await invite('camp_short')).invite_token });
  await expect(async () => {
    await page.clock.runFor(5_000);
    await expect(interview.root.getByText(WORDS.unreachable)).toBeVisible({ timeout: 1 });
  }).toPass({ intervals: [1], timeout: 30_000 });
  await page.unroute('**/v1/participant/session');
  await interview.button(WORDS.tryAgain).click();
  await interview.shows('What is the first thing?');
});

test("a campaign's own list of origins is kept", async ({ world, invite, embed, interview, pages }) => {
  const short = await readCampaign('short');
  await world.server.importCampaign({ ...short, id: 'camp_elsewhere', settings: { allowed_origins: ['https://elsewhere.example'] } });
  await world.server.importCampaign({ ...short, id: 'camp_here', settings: { allowed_origins: [pages.url] } });
  await embed({ inviteToken: (await invite('camp_elsewhere')).invite_token });
  await interview.shows(WORDS.wrongPage);
  await embed({ inviteToken: (await invite('camp_here')).invite_token });
  await interview.shows('What is the first thing?');
});

test('a token with one changed character does not work', async ({ invite, embed, interview }) => {
  const { invite_token } = await invite();
  const [head, claims, signature] = invite_token.split('.');
  const changed = `${head}.${claims}.${signature[0] === 'A' ? 'B' : 'A'}${signature.slice(1)}`;
  await embed({ inviteToken: changed });
  await interview.shows(WORDS.invalid);
});

test('a server that is away is tried again, and the interview goes on when it is back', async ({ page, pages }) => {
  const world = await createWorld();
  try {
    const { body } = await world.server.call('POST', '/v1/invites', { key: world.key, body: { campaign_id: 'camp_short' } });
    await world.server.kill();
    const interview = new Interview(page);
    await embedOn(page, pages, { inviteToken: body.invite_token });
    await interview.shows(WORDS.unreachable);
    await world.server.start();
    await interview.button(WORDS.tryAgain).click();
    await interview.shows('What is the first thing?');
  } finally {
    await world.server.dispose();
  }
});
