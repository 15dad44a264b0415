// The script build: `<script src="…/interview-relay.js">` sets `window.InterviewRelay` and defines `<interview-relay>`.
// widget/build.mjs bundles this file into dist/interview-relay.js.
import { create } from "./core.js";
import { define } from "./custom-element.js";
import { localeLoader } from "./locales.js";

// `currentScript` is known only while the script runs for the first time.
const source = document.currentScript?.src ?? document.baseURI;

let loads = 0;
// The wasm and the JavaScript that goes with it, side by side: neither is needed before the first question is shown.
const load = async (wasmUrl) => {
  const wasm = fetch(wasmUrl ?? new URL("interview-relay.wasm", source));
  // It is awaited below, perhaps after it has failed.
  wasm.catch(() => {});
  // Some browsers remember of an address that it failed, and do not ask again.
  const engine = await import(new URL(loads++ ? `engine.js?${loads}` : "engine.js", source));
  await engine.default({ module_or_path: wasm });
  return engine;
};
const loadIsolated = () => import(new URL("isolated.js", source));
const loadMedia = () => import(new URL("media.js", source));
const loadLocale = localeLoader((tag) => import(new URL(`locales/${tag}.js`, source)));

window.InterviewRelay = create(load, "0.1.0", { loadLocale, loadIsolated, loadMedia });
define(window.InterviewRelay.mount);
