import { defineConfig } from '@playwright/test';

import { LAUNCH_SHELL } from './support/browser.mjs';

export default defineConfig({
  testDir: './journeys',
  outputDir: './results/artifacts',
  // A worker runs a server, a demo site and a browser: two are what two cores can take.
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    launchOptions: LAUNCH_SHELL,
    locale: 'en-GB',
    timezoneId: 'UTC',
    viewport: { width: 1000, height: 900 },
    actionTimeout: 10_000,
    screenshot: 'only-on-failure',
    // Recording what may fail costs a fifth of the time of what does not.
    trace: process.env.TRACE ? 'retain-on-failure' : 'off',
  },
});
