// The script build: `<script src="…/interview-relay.js">` sets `window.InterviewRelay` and defines `<interview-relay>`.
// widget/build.mjs bundles this file into dist/interview-relay.js.
import { create } from "./core.js";
import { define } from "./custom-element.js";
import { localeLoader } from "./locales.js";
import init, * as wasm from "./wasm/widget.js";

// `currentScript` is known only while the script runs for the first time.
const source = document.currentScript?.src ?? document.baseURI;

const load = async (wasmUrl) => {
  await init({ module_or_path: wasmUrl ?? new URL("interview-relay.wasm", source) });
  return wasm;
};
const loadIsolated = () => import(new URL("isolated.js", source));
const loadMedia = () => import(new URL("media.js", source));
const loadLocale = localeLoader((tag) => import(new URL(`locales/${tag}.js`, source)));

window.InterviewRelay = create(load, "0.1.0", { loadLocale, loadIsolated, loadMedia });
define(window.InterviewRelay.mount);
