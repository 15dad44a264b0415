import type { Page } from '@playwright/test';

import { bundle, pageWithScript } from '../fixtures/bundle.ts';
import { expect, type Pages, test } from '../fixtures/index.ts';

/** Shows an app whose state is `window.set({…})`; it has a button that opens, and `told` hears the callbacks. */
async function showApp(page: Page, pages: Pages, tokens: string[], options: Record<string, unknown> = {}) {
  const script = await bundle(`
    import { StrictMode, useEffect, useRef, useState } from 'react';
    import { createRoot } from 'react-dom/client';
    import { Interview } from '@interviewrelay/widget/react';

    const told = (window.told = []);
    function App() {
      const [{ token, count, isOpen }, set] = useState({ token: ${JSON.stringify(tokens[0])}, count: 0, isOpen: ${!options.isClosed} });
      const handle = useRef(null);
      window.set = (change) => set((state) => ({ ...state, ...change }));
      window.handle = handle;
      useEffect(() => void (window.inEffects ??= []).push(Boolean(handle.current)), []);
      return (
        <>
          <button onClick={() => set((state) => ({ ...state, isOpen: true }))}>Open</button>
          <output>{count}</output>
          {isOpen && (
            <Interview
              ref={handle}
              className="of-the-page"
              inviteToken={token}
              wasmUrl="/widget/wasm/widget_bg.wasm"
              theme={{ accent: '#0b6e4f' }}
              mode={${JSON.stringify(options.mode ?? 'inline')}}
              onReady={() => told.push('ready ' + count)}
              onAnswer={() => told.push('answer ' + count)}
              onClose={() => { told.push('close ' + count); set((state) => ({ ...state, isOpen: false })); }}
            />
          )}
        </>
      );
    }
    window.root = createRoot(document.getElementById('app'));
    window.root.render(<StrictMode><App /></StrictMode>);
  `);
  await page.goto(pages.serve(pageWithScript(pages.serve(script, 'text/javascript'))));
}

const set = (page: Page, change: Record<string, unknown>) => page.evaluate((change) => (window as any).set(change), change);
const told = (page: Page): Promise<string[]> => page.evaluate(() => (window as any).told);

test('in StrictMode there is one interview, and callbacks are told once', async ({ page, pages, invite, interview }) => {
  await showApp(page, pages, [(await invite('camp_short')).invite_token]);
  await interview.answer('one');
  await interview.shows('What is the second thing?');
  await expect(page.locator('.of-the-page > [data-interview-relay]')).toHaveCount(1);
  expect(await told(page)).toEqual(['ready 0', 'answer 0']);
});

test('a new callback and a new theme object are no reason to begin again; the newest callback is called', async ({ page, pages, invite, interview }) => {
  await showApp(page, pages, [(await invite('camp_short')).invite_token]);
  await interview.shows('What is the first thing?');
  await expect.poll(() => told(page)).toEqual(['ready 0']);
  await interview.write('half a sentence');
  await page.locator('[data-interview-relay]').evaluate((element) => ((window as any).host = element));
  for (const count of [1, 2, 3]) await set(page, { count });
  await expect(page.locator('output')).toHaveText('3');
  expect(await page.locator('[data-interview-relay]').evaluate((element) => element === (window as any).host)).toBe(true);
  await expect(interview.field()).toHaveValue('half a sentence');
  await interview.next();
  await interview.shows('What is the second thing?');
  expect(await told(page)).toEqual(['ready 0', 'answer 3']);
});

test('another token begins another interview', async ({ page, pages, invite, interview }) => {
  const [first, second] = [(await invite('camp_short')).invite_token, (await invite('camp_short')).invite_token];
  await showApp(page, pages, [first]);
  await interview.answer('one');
  await interview.shows('What is the second thing?');
  await set(page, { token: second });
  await interview.shows('What is the first thing?');
  await expect(page.locator('[data-interview-relay]')).toHaveCount(1);
});

test('the ref is the handle, and nothing is left when React takes it away', async ({ page, pages, invite, interview }) => {
  await showApp(page, pages, [(await invite('camp_short')).invite_token]);
  await page.evaluate(() => (window as any).handle.current.ready);
  expect(await page.evaluate(() => (window as any).inEffects), 'from the first effect on').toEqual([true, true]);
  await interview.shows('What is the first thing?');
  await page.evaluate(() => (window as any).handle.current.pause());
  await interview.shows('The interview is paused');
  await page.evaluate(() => (window as any).root.unmount());
  await expect(page.locator('#app > *')).toHaveCount(0);
  expect(await page.evaluate(() => (window as any).handle.current)).toBe(null);
  expect(await told(page)).toEqual(['ready 0']);
});

test('a pop-up stays open in StrictMode, tells that it was closed, and focus goes back', async ({ page, pages, invite, interview }) => {
  await showApp(page, pages, [(await invite('camp_short')).invite_token], { mode: 'popup', isClosed: true });
  const button = page.getByRole('button', { name: 'Open' });
  await button.click();
  const dialog = page.getByRole('dialog', { name: 'Interview' });
  await interview.shows('What is the first thing?');
  await expect.poll(() => told(page)).toEqual(['ready 0']);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(button).toBeFocused();
  expect(await told(page)).toEqual(['ready 0', 'close 0']);

  await button.click();
  await expect(dialog).toBeVisible();
  await set(page, { isOpen: false });
  await expect(dialog).toHaveCount(0);
  await expect(button).toBeFocused();
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).overflow)).toBe('visible');
});

test('on a server it renders an empty box', async () => {
  const { createElement } = await import('react');
  const { renderToString } = await import('react-dom/server');
  const { Interview } = await import('@interviewrelay/widget/react');
  expect(renderToString(createElement(Interview, { inviteToken: 'token', id: 'interview', onClose: () => {} }))).toBe('<div id="interview"></div>');
});

test('with the wasm inlined a page needs no other file', async ({ page, pages, invite, interview }) => {
  const { invite_token } = await invite('camp_short');
  const script = await bundle(`
    import { mount } from '@interviewrelay/widget/inline';
    mount('#app', ${JSON.stringify(invite_token)});
  `);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(pages.serve(pageWithScript(pages.serve(script, 'text/javascript'))));
  await interview.shows('What is the first thing?');
  expect(asked.filter((path) => path.endsWith('.wasm'))).toEqual([]);
});
