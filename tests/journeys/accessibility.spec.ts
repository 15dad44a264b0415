import { isAccessible } from '../fixtures/accessible.ts';
import { open, pageWithButton } from '../fixtures/dialogs.ts';
import { WORDS } from '../fixtures/interview.ts';
import { expect, test } from '../fixtures/index.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme}`, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    test('every screen of an interview is accessible', async ({ page, site, interview }) => {
      test.setTimeout(120_000);
      const check = (screen: string) => isAccessible(page, screen);
      await page.goto(site.url);
      await interview.shows('My answers may be read by the research team.');
      await check('consent');
      await interview.button(WORDS.decline).click();
      await interview.button(WORDS.declineConfirm).waitFor();
      await check('asked once more');
      await interview.button('Back').click();
      await interview.consent();
      await interview.shows('There are no wrong answers.');
      await check('statement');
      await interview.next();
      await interview.shows('What should we call you?');
      await check('short_text');
      await interview.next();
      await interview.shows('Please answer this question.');
      await check('short_text, refused');
      await interview.answer('Ada');
      await interview.shows('What best describes your work, Ada?');
      await check('single_choice');
      await interview.next();
      await interview.shows('Please choose an answer.');
      await check('single_choice, refused');
      await interview.choose('I make things');
      await interview.next();
      await interview.shows('Which of these did you use this week?');
      await interview.tick('Pen and paper');
      await check('multi_choice');
      await interview.next();
      await interview.shows('What slows your team down most?');
      await check('long_text');
      await interview.answer('Meetings');
      await interview.shows('Could you give an example of that?');
      await check('a probe');
      await interview.answer('On Mondays we sit together for three hours.');
      await interview.shows('Put these in order');
      await check('ranking');
      await interview.next();
      await interview.shows('How likely are you to recommend us?');
      await interview.choose('6');
      await check('rating');
      await interview.next();
      await interview.answer('Fewer meetings');
      await interview.shows('What do you spend on tools each month?');
      await interview.write('a lot');
      await interview.next();
      await check('number, refused');
      await interview.skip();
      await interview.shows('When did you start in this job?');
      await check('date');
      await interview.answer('2019-04-04');
      await interview.shows('Where can we reach you?');
      await check('email');
      await interview.skip();
      await interview.shows('May we ask you again next year?');
      await check('yes_no');
      await interview.choose('No');
      await interview.next();
      await interview.shows('We may quote you without your name.');
      await check('consent question');
      await interview.skip();
      await interview.shows('Thank you, Ada.');
      await check('the end');
    });

    for (const mode of ['popup', 'fullpage']) {
      for (const width of [1000, 320]) {
        test(`an interview is accessible as ${mode}, ${width} pixels wide`, async ({ page, pages, invite }) => {
          await page.setViewportSize({ width, height: 640 });
          await page.goto(pages.serve(pageWithButton({ inviteToken: (await invite('camp_456abc')).invite_token, mode })));
          const interview = await open(page);
          await interview.shows('My answers may be read by the research team.');
          await isAccessible(page, 'consent');
          const scrolls = await page.evaluate(() => {
            const body = document.querySelector('[data-interview-relay-frame]')!.shadowRoot!.querySelector('.body')!;
            return body.scrollWidth > body.clientWidth || document.documentElement.scrollWidth > document.documentElement.clientWidth;
          });
          expect(scrolls, 'it scrolls sideways').toBe(false);
          await interview.consent();
          await interview.next();
          await interview.shows('What should we call you?');
          await interview.next();
          await interview.shows('Please answer this question.');
          await isAccessible(page, 'short_text, refused');
        });
      }
    }

    for (const [code, status, heading] of [
      ['invite_expired', 410, WORDS.expired],
      ['invite_cancelled', 410, WORDS.cancelled],
      ['invite_completed', 410, WORDS.completed],
      ['campaign_paused', 409, WORDS.paused],
      ['unauthorized', 401, WORDS.invalid],
      ['internal', 500, WORDS.unreachable],
      ['not_found', 404, 'Something went wrong'],
    ] as const) {
      test(`the screen for ${code} is accessible`, async ({ page, invite, embed, interview }) => {
        await page.route('**/v1/participant/session', (route) =>
          route.fulfill({
            status,
            headers: { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' },
            contentType: 'application/json',
            body: JSON.stringify({ error: { code, message: 'A message of the server.', status } }),
          }),
        );
        await embed({ inviteToken: (await invite()).invite_token });
        await interview.shows(heading);
        await isAccessible(page, code);
      });
    }
  });
}
