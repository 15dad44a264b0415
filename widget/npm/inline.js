// The ES module with the wasm inside, for bundlers that do not copy it: larger, and nothing else to serve.
// widget/build.mjs bundles this file into dist/inline.js.
import { create } from "./core.js";
import { importLocale } from "./locale-files.js";
import { localeLoader } from "./locales.js";
import init, * as wasm from "./wasm/widget.js";
import base64 from "./wasm/widget_bg.wasm";

const load = async (wasmUrl, signal) => {
  await init({ module_or_path: wasmUrl ? fetch(wasmUrl, { signal }) : Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)) });
  return wasm;
};

export const InterviewRelay = create(load, "0.1.0", {
  loadLocale: localeLoader(importLocale),
  loadIsolated: () => import("./isolated.js"),
  loadMedia: () => import("./media.js"),
});
export const { mount, preload, version } = InterviewRelay;
export default InterviewRelay;
