// The ES module. Safe to import where there is no `window`; the wasm is fetched by the first `mount`.
import { create } from "./core.js";
import { importLocale } from "./locale-files.js";
import { localeLoader } from "./locales.js";
import init, * as wasm from "./wasm/widget.js";

const load = async (wasmUrl, signal) => {
  await init({ module_or_path: fetch(wasmUrl ?? new URL("./wasm/widget_bg.wasm", import.meta.url), { signal }) });
  return wasm;
};

export const InterviewRelay = create(load, "0.1.0", {
  loadLocale: localeLoader(importLocale),
  loadIsolated: () => import("./isolated.js"),
  loadMedia: () => import("./media.js"),
});
export const { mount, preload, version } = InterviewRelay;
export default InterviewRelay;
