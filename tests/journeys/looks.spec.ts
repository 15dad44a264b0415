/**
 * Every screen in every look: accessible, and nothing wider than the screen. `LOOKS=all` takes all looks in both directions, as
 * `npm run soak` does, otherwise two; `SCREENS=folder` also takes pictures, as `npm run screenshots` does.
 */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import { THEMES } from '../../demo-site/public/themes.mjs';
import { readCampaign } from '../support/server.mjs';
import { expect, test } from '../fixtures/index.ts';
import { walk } from '../fixtures/walk.ts';

const { LOOKS, SCREENS } = process.env;
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const SCHEMES = ['light', 'dark'].map((colorScheme) => ({ name: `as it comes, ${colorScheme}`, theme: { colorScheme } }));
const ALL = [...SCHEMES, ...THEMES].flatMap(({ name, theme }) => [['en', 1000], ['ar', 1000], ['en', 320]].map(([locale, width]) => ({ name, theme, locale: String(locale), width: Number(width) })));
// The short form: the widget's own dark look from right to left, and the look that differs most on the narrowest screen.
const SHORT = ALL.filter(({ name, locale, width }) => (name === 'as it comes, dark' && locale === 'ar') || (name === 'Contrast' && width === 320));
const looks = SCREENS ? ALL.filter(({ name }) => name.startsWith('as it comes')) : LOOKS === 'all' ? ALL : SHORT;

for (const { name, theme, locale, width } of looks) {
  test(`every screen is accessible: ${name}, ${locale}, ${width} pixels`, async ({ page, world, invite, embed }) => {
    test.setTimeout(180_000);
    const campaign = await readCampaign('kinds');
    // Each worker imports it once; the server takes the same file again without a change.
    await world.server.importCampaign(campaign);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 900 });
    await embed({ inviteToken: (await invite(campaign.id, { locale })).invite_token, theme });
    let count = 0;
    await walk(page, async (screen) => {
      count += 1;
      await settled(page);
      expect(await page.locator('[part~=root]:visible').getAttribute('dir'), screen).toBe(locale === 'ar' ? 'rtl' : 'ltr');
      const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`), screen).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), `${screen}: it scrolls sideways`).toBeLessThanOrEqual(width);
      if (SCREENS) await picture(page, `${locale}-${width}-${'colorScheme' in theme ? theme.colorScheme : ''}`, `${String(count).padStart(2, '0')} ${screen}`);
    });
    expect(count).toBeGreaterThan(30);
  });
}

/** Colours are measured when they have settled. */
const settled = (page: Page) => page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))));

async function picture(page: Page, look: string, name: string): Promise<void> {
  const folder = join(SCREENS!, look);
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name.replace(/\W+/g, '-')}.png`) });
}
