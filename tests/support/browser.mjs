/** Chromium for tests that are not journeys. */

import { chromium } from '@playwright/test';

/** How the tests start Chromium. */
export const LAUNCH = {
  executablePath: process.env.CHROMIUM_PATH || '/usr/bin/chromium',
  // Containers have neither a user namespace for the sandbox nor a large /dev/shm.
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
};

/** How journeys do that need no camera and no microphone: CHROMIUM_SHELL_PATH, where it is set, is a Chromium without windows, which is quicker. */
export const LAUNCH_SHELL = { ...LAUNCH, executablePath: process.env.CHROMIUM_SHELL_PATH || LAUNCH.executablePath };

/** A page of a browser of its own. */
export async function openPage(options = {}) {
  const browser = await chromium.launch(LAUNCH);
  const page = await browser.newPage(options);
  return {
    page,
    close: () => browser.close(),
  };
}
