import AxeBuilder from '@axe-core/playwright';

import { Interview, WORDS } from '../fixtures/interview.ts';
import { expect, test } from '../fixtures/index.ts';

const LOOKS = ['Larkspur', 'Midnight', 'Paper', 'Forest', 'Contrast'];

test.describe('the editor of looks', () => {
  test.beforeEach(async ({ page, site, interview }) => {
    await page.goto(`${site.url}/themes.html`);
    await interview.button(WORDS.agree).waitFor();
    await interview.settled();
  });

  test('shows a ready look in the interview at once, and as code', async ({ page, interview }) => {
    for (const look of LOOKS) {
      await page.getByRole('radio', { name: look }).check();
      const accent = await page.getByLabel('Buttons and what is chosen').inputValue();
      const [red, green, blue] = [1, 3, 5].map((start) => Number.parseInt(accent.slice(start, start + 2), 16));
      // Another scheme begins the interview anew: what is there for a moment may be gone in the next.
      await expect(interview.button(WORDS.agree), look).toHaveCSS('background-color', `rgb(${red}, ${green}, ${blue})`);
      expect(await page.locator('#css').textContent(), look).toContain(`--interview-relay-accent: ${accent};`);
    }
  });

  test('keeps what is typed while the look changes, the scheme included', async ({ page }) => {
    const interview = new Interview(page, '#interview-container');
    await interview.consent();
    await interview.shows('There are no wrong answers.');
    await interview.next();
    await interview.write('Ada Lovelace');
    await page.getByRole('radio', { name: 'Forest' }).check();
    await expect(interview.field()).toHaveValue('Ada Lovelace');
    await page.getByRole('radio', { name: 'Midnight' }).check();
    await expect(interview.root.locator('[part~=root]:visible')).toHaveAttribute('data-scheme', 'dark');
    await expect(interview.field()).toHaveValue('Ada Lovelace');
  });

  test('says which colours are too alike', async ({ page }) => {
    await page.getByLabel('Help and small text').fill('#eeeeee');
    await expect(page.getByText('“help and small text” on “background” has a contrast of')).toBeVisible();
    await page.getByRole('radio', { name: 'Paper' }).check();
    await expect(page.locator('#faults')).toBeEmpty();
  });

  test('is accessible itself, in both schemes and on a narrow screen', async ({ page }) => {
    for (const [colorScheme, width] of [['light', 1200], ['dark', 1200], ['light', 320]] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 900 });
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`), `${colorScheme} ${width}`).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), `${width}`).toBeLessThanOrEqual(width);
    }
  });
});
