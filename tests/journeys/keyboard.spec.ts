import { test as beginning } from '../fixtures/first-screen.ts';
import { EVERYTHING_ANSWERED } from '../fixtures/interview.ts';
import { expect, test } from '../fixtures/index.ts';

test('a whole interview by keyboard only', async ({ page, invite, embed, interview, api }) => {
  const { id, invite_token } = await invite();
  await embed({ inviteToken: invite_token });
  const { keyboard } = page;

  /** Tabs until this has focus; fails when it cannot be reached. */
  const tabTo = async (name: RegExp | string, role: 'button' | 'checkbox' | 'radio' | 'field') => {
    const target = role === 'field' ? interview.field() : interview.root.getByRole(role, { name, exact: typeof name === 'string' });
    await target.waitFor();
    for (let presses = 0; presses < 30; presses += 1) {
      if (await target.evaluate((element) => (element.getRootNode() as ShadowRoot).activeElement === element)) return;
      await keyboard.press('Tab');
    }
    throw new Error(`${role} ${name} cannot be reached with the Tab key`);
  };
  const press = async (name: string) => {
    await tabTo(name, 'button');
    await keyboard.press('Enter');
  };
  const write = async (text: string) => {
    await tabTo('', 'field');
    await keyboard.type(text);
  };

  await tabTo(/My answers may be read/, 'checkbox');
  await keyboard.press('Space');
  await tabTo(/You may write to me/, 'checkbox');
  await keyboard.press('Space');
  await press('Agree and continue');

  await interview.shows('There are no wrong answers.');
  await press('Continue');
  await interview.shows('What should we call you?');
  await write('Ada');
  await keyboard.press('Enter');

  await interview.shows('What best describes your work, Ada?');
  await tabTo('I make things', 'radio');
  await keyboard.press('ArrowDown');
  await expect(interview.root.getByRole('radio', { name: 'I lead a team' })).toBeChecked();
  await press('Continue');
  await interview.shows('How many people are on your team?');
  await write('7');
  await keyboard.press('Enter');

  await interview.shows('What slows your team down most?');
  await write('Meetings');
  await keyboard.press('Control+Enter');
  await interview.shows('Could you give an example of that?');
  await write('On Mondays we sit together for three hours and nobody decides.');
  await keyboard.press('Control+Enter');

  await interview.shows('Put these in order');
  await press('Move Calm up');
  await press('Continue');
  await interview.shows('How likely are you to recommend us?');
  await tabTo('0', 'radio');
  for (let value = 1; value <= 6; value += 1) await keyboard.press('ArrowRight');
  await expect(interview.root.getByRole('radio', { name: '6', exact: true })).toBeChecked();
  await press('Continue');
  await interview.shows('What would have to change?');
  await write('Fewer meetings');
  await keyboard.press('Enter');
  await interview.shows('What do you spend on tools each month?');
  await press('Skip');
  await interview.shows('When did you start in this job?');
  // A date field takes day and month in the order of the browser's language, hence a date that is the same either way.
  await write('04042019');
  await press('Continue');
  await interview.shows('Where can we reach you?');
  await write('ada@example.com');
  await keyboard.press('Enter');
  await interview.shows('May we ask you again next year?');
  await tabTo('Yes', 'radio');
  await keyboard.press('Space');
  await press('Continue');
  await interview.shows('We may quote you without your name.');
  await tabTo('I agree', 'radio');
  await keyboard.press('Space');
  await press('Continue');
  await interview.shows('Thank you, Ada. We read every answer.');

  const { body } = await api('GET', '/v1/sessions?limit=100');
  const session = body.data.find((each: any) => each.invite_id === id);
  const { body: transcript } = await api('GET', `/v1/sessions/${session.id}/transcript`);
  expect(transcript.entries.map(({ question_id, value }: any) => [question_id, value])).toEqual(EVERYTHING_ANSWERED);
});

test('the keyboard gets out of the widget again', async ({ page, invite, embed, interview }) => {
  await embed({ inviteToken: (await invite('camp_short')).invite_token });
  await interview.shows('What is the first thing?');
  await page.evaluate(() => {
    const link = document.createElement('a');
    link.href = '#after';
    link.textContent = 'After the interview';
    document.querySelector('main')!.append(link);
  });
  const link = page.getByRole('link', { name: 'After the interview' });
  for (let presses = 0; presses < 20 && !(await link.evaluate((element) => element === document.activeElement)); presses += 1) {
    await page.keyboard.press('Tab');
  }
  await expect(link).toBeFocused();
});

test('each new question gets focus, and the page does not lose it', async ({ page, invite, embed, interview }) => {
  await embed({ inviteToken: (await invite('camp_short')).invite_token });
  await interview.answer('one');
  await interview.shows('What is the second thing?');
  await expect.poll(() => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement !== null && document.activeElement !== document.body)).toBe(true);
});

for (const kind of ['yes_no', 'single_choice', 'rating']) {
  beginning(`who goes on without a choice is brought to the choices (${kind})`, async ({ begin, embed, interview }) => {
    await embed({ inviteToken: await begin(kind) });
    await interview.shows(`A question of the kind ${kind}?`);
    await interview.settled();
    await interview.next();
    await interview.shows('Please choose an answer.');
    await expect(interview.root.getByRole('radio').first()).toBeFocused();
  });
}
