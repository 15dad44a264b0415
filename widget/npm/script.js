// The script build: `<script src="…/interview-relay.js">` sets `window.InterviewRelay` and defines `<interview-relay>`.
// widget/build.mjs bundles this file into dist/interview-relay.js.
import { create } from "./core.js";
import { define } from "./custom-element.js";
import init, * as wasm from "./wasm/widget.js";

// `currentScript` is known only while the script runs for the first time.
const source = document.currentScript?.src ?? document.baseURI;

const load = async (wasmUrl) => {
  await init({ module_or_path: wasmUrl ?? new URL("interview-relay.wasm", source) });
  return wasm;
};

window.InterviewRelay = create(load, "0.1.0", () => import(new URL("media.js", source)));
define(window.InterviewRelay.mount);
