/** One visit of a page in a browser that has never seen it: what it loads, and when a person could begin to answer. */

import { QUESTION } from './pages.mjs';

const KEYS = 5;
const GIVE_UP_MS = 60_000;

/** 1.6 Mbit/s and 150 ms are what Lighthouse calls a slow 4G, in its tools' own way of slowing down. */
export const PROFILES = [
  { name: 'fast', title: 'no throttle', cpu: 1 },
  { name: 'cpu', title: 'CPU×4', cpu: 4 },
  { name: 'slow', title: 'CPU×4, 1.6 Mbit/s, 150 ms', cpu: 4, network: { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 } },
];

/** Visits `url`; gives `{bytes, bytes_then, requests, foreign, ms, heap, wasm, key_ms}`, `bytes_then` those that had come when the question was there. */
export async function visit(browser, url, { cpu, network }) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 900 } });
  try {
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    const loaded = { requests: 0, foreign: 0 };
    const bytes = new Map();
    const sum = () => [...bytes.values()].reduce((sum, some) => sum + some, 0);
    devtools.on('Network.requestWillBeSent', ({ request }) => {
      if (!/^https?:/.test(request.url)) return;
      if (new URL(request.url).hostname === '127.0.0.1') loaded.requests += 1;
      else loaded.foreign += 1;
    });
    devtools.on('Network.dataReceived', ({ requestId, encodedDataLength }) => bytes.set(requestId, (bytes.get(requestId) ?? 0) + encodedDataLength));
    devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => bytes.set(requestId, encodedDataLength));
    await devtools.send('Network.enable');
    await devtools.send('Performance.enable');
    if (network) await devtools.send('Network.emulateNetworkConditions', network);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: cpu });
    await page.addInitScript(watch, QUESTION);
    await page.goto(url, { waitUntil: 'commit' });
    const ms = await page.evaluate((ms) => Promise.race([window.asked, new Promise((done) => setTimeout(() => done(null), ms))]), GIVE_UP_MS);
    if (ms === null) throw new Error(`${url}: no question could be answered within ${GIVE_UP_MS} ms`);
    const bytes_then = sum();
    // What comes after the first screen is weighed too, but what typing sends is not. The weight is the same in all profiles.
    await page.waitForLoadState(cpu === 1 ? 'networkidle' : 'load');
    const weighed = { ...loaded, bytes: sum(), bytes_then };
    const key_ms = await type(page, devtools);
    await devtools.send('HeapProfiler.collectGarbage');
    const { metrics } = await devtools.send('Performance.getMetrics');
    const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize').value;
    const wasm = await page.evaluate(() => window.memory?.buffer.byteLength ?? 0);
    return { ...weighed, ms, heap, wasm, key_ms };
  } finally {
    await context.close();
  }
}

/** Milliseconds from a key until what it wrote is on screen, for each of a few keys. */
async function type(page, devtools) {
  await page.evaluate(() => window.field().focus());
  const times = [];
  for (let key = 0; key < KEYS; key += 1) {
    await page.evaluate(() => window.listen());
    const text = 'abcde'[key];
    const event = { key: text, code: `Key${text.toUpperCase()}`, windowsVirtualKeyCode: text.toUpperCase().charCodeAt(0) };
    await devtools.send('Input.dispatchKeyEvent', { type: 'keyDown', text, ...event });
    await devtools.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event });
    times.push(await page.evaluate(() => window.painted));
  }
  return times;
}

/** Runs in the page, before anything of it: looks at each frame whether the question and its field are there. */
function watch(question) {
  if (window !== top) return;
  const isSeen = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0 && element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  };
  /** All elements, in shadow roots and frames too. */
  function* all(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT);
    for (let element = walker.nextNode(); element; element = walker.nextNode()) {
      yield element;
      if (element.shadowRoot) yield* all(element.shadowRoot);
      if (element.localName === 'iframe' && element.contentDocument?.body) yield* all(element.contentDocument.body);
    }
  }
  const isField = (element) =>
    (element.matches('textarea:enabled, input:enabled:not([type]), input[type=text]:enabled') || element.isContentEditable) && !element.closest('[inert]') && isSeen(element);
  const asks = (element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.includes(question)) && isSeen(element);
  window.field = () => {
    for (const element of all(document)) if (isField(element)) return element;
    return null;
  };
  window.asked = new Promise((done) => {
    const look = () => {
      let [field, words] = [false, false];
      for (const element of document.body ? all(document) : []) {
        field ||= isField(element);
        words ||= element.localName !== 'script' && asks(element);
        // What is in the page now is painted by this frame.
        if (field && words) return done(performance.now());
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  window.listen = () => {
    window.painted = new Promise((done) =>
      addEventListener(
        'keydown',
        ({ timeStamp }) =>
          requestAnimationFrame(() => {
            // A task after the frame: it has been painted.
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => done(performance.now() - timeStamp);
            port2.postMessage(null);
          }),
        { capture: true, once: true },
      ),
    );
  };
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...args) => {
      const made = await original.apply(WebAssembly, args);
      window.memory = (made.instance ?? made).exports.memory;
      return made;
    };
  }
}
