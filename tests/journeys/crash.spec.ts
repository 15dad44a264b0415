import { createWorld, expect, Interview, embedOn, test, type World } from '../fixtures/index.ts';

/** The server is killed as a power cut would, and comes back at the same address with the same data. */
test.describe('the server is killed', () => {
  let world: World;
  let interview: Interview;
  let invite: { id: string; invite_token: string };

  test.beforeEach(async ({ page, pages }) => {
    world = await createWorld();
    const { body } = await world.server.call('POST', '/v1/invites', { key: world.key, body: { campaign_id: 'camp_short' } });
    invite = body;
    interview = new Interview(page);
    await embedOn(page, pages, { inviteToken: invite.invite_token });
    await interview.shows('What is the first thing?');
  });
  test.afterEach(async () => {
    await world.server.dispose();
  });

  const restart = async () => {
    await world.server.kill();
    await world.server.start();
  };

  /** What the server has in the end. */
  const answers = async () => {
    const call = (path: string) => world.server.call('GET', path, { key: world.key });
    const { data } = (await call('/v1/sessions')).body;
    expect(data).toHaveLength(1);
    const { body } = await call(`/v1/sessions/${data[0].id}/answers`);
    return Object.fromEntries(body.data.map(({ question_id, value }: any) => [question_id, value]));
  };

  test('between two answers: the next one arrives', async () => {
    await interview.answer('one');
    await interview.shows('What is the second thing?');
    await restart();
    await interview.answer('two');
    await interview.shows('What is the third thing?');
    await interview.answer('three');
    await interview.shows('That was all.');
    expect(await answers()).toEqual({ first: 'one', second: 'two', third: 'three' });
  });

  test('and is still away when the answer is sent: it arrives by itself once the server is back', async () => {
    await interview.answer('one');
    await interview.shows('What is the second thing?');
    await world.server.kill();
    await interview.answer('two');
    await interview.shows('Saved on this device');
    await world.server.start();
    await interview.shows('What is the third thing?');
    expect(await answers()).toEqual({ first: 'one', second: 'two' });
  });

  test('after the answer was stored and before the reply arrived: it is not stored twice', async ({ page, pages }) => {
    let cut = 0;
    await page.route('**/v1/participant/session/answers/first', async (route) => {
      if (cut > 0 || !JSON.parse(route.request().postDataJSON().answer).final) return route.continue();
      cut += 1;
      await route.fetch();
      await restart();
      await route.abort('connectionreset');
    });
    await interview.answer('one');
    await interview.shows('What is the second thing?');
    expect(cut).toBe(1);
    expect(await answers()).toEqual({ first: 'one' });
  });

  test('while a draft is being written: the draft is there after a reload', async ({ page, pages }) => {
    await interview.answer('one');
    await interview.shows('What is the second thing?');
    await interview.write('half a thought');
    await interview.shows('Saved');
    await restart();
    await page.reload();
    await interview.shows('What is the second thing?');
    await expect(interview.field()).toHaveValue('half a thought');
    await interview.answer('a whole thought');
    await interview.shows('What is the third thing?');
    expect(await answers()).toEqual({ first: 'one', second: 'a whole thought' });
  });

  test('again and again, at once after each answer was sent: none is lost and the order is kept', async ({ page, pages }) => {
    const { body } = await world.server.call('POST', '/v1/invites', { key: world.key, body: { campaign_id: 'camp_long' } });
    await embedOn(page, pages, { inviteToken: body.invite_token });
    for (let number = 1; number <= 6; number += 1) {
      await interview.shows(`Question number ${number}?`);
      await interview.write(`answer ${number}`);
      await Promise.all([interview.next(), restart()]);
      await interview.shows(`Question number ${number + 1}?`);
    }
    const { data } = (await world.server.call('GET', '/v1/sessions', { key: world.key })).body;
    const session = data.find(({ campaign_id }: any) => campaign_id === 'camp_long');
    const { body: stored } = await world.server.call('GET', `/v1/sessions/${session.id}/answers`, { key: world.key });
    expect(Object.fromEntries(stored.data.map(({ question_id, value }: any) => [question_id, value]))).toEqual(
      Object.fromEntries([1, 2, 3, 4, 5, 6].map((number) => [`q${number}`, `answer ${number}`])),
    );
  });
});
