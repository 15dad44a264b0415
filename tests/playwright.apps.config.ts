import { defineConfig } from '@playwright/test';

import journeys from './playwright.config.ts';

/** The widget in customers' pages and apps; otherwise as the journeys are run. */
export default defineConfig({ ...journeys, testDir: './apps', outputDir: './results/apps' });
