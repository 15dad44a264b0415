// The script build: `<script src="…/interview-relay.js">` sets `window.InterviewRelay` and defines `<interview-relay>`.
// widget/build.mjs bundles this file into dist/interview-relay.js.
import { create } from "./core.js";
import { define } from "./custom-element.js";
import { localeLoader } from "./locales.js";
import { filesBeside } from "./pinned.js";

// `currentScript` is known only while the script runs for the first time.
const script = document.currentScript;
const source = script?.src ?? document.baseURI;
// The build puts the digest of files.json here.
const files = filesBeside(source, script?.integrity && FILES_DIGEST);

const failures = {};
/** Some browsers remember of an address that it failed, and do not ask again. */
const importing = (name, tries = failures[name]) =>
  files.import(name, new URL(tries ? `${name}?${tries + 1}` : name, source)).catch((error) => {
    failures[name] = (failures[name] ?? 0) + 1;
    throw error;
  });

let loads = 0;
// The wasm and the JavaScript that goes with it, side by side: neither is needed before the first question is shown.
const load = async (wasmUrl, signal) => {
  const wasm = files.fetch("interview-relay.wasm", wasmUrl, signal);
  // It is awaited below, perhaps after it has failed.
  wasm.catch(() => {});
  const engine = await importing("engine.js", loads++);
  await engine.default({ module_or_path: wasm });
  return engine;
};
const loadIsolated = () => importing("isolated.js");
const loadMedia = () => importing("media.js");
const loadLocale = localeLoader((tag) => importing(`locales/${tag}.js`));

window.InterviewRelay = create(load, "0.1.0", { loadLocale, loadIsolated, loadMedia });
define(window.InterviewRelay.mount);
