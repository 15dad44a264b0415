// What `mount` does, apart from where the wasm comes from: `index.js`, `inline.js` and `script.js` know that.
// Nothing here touches `window` or `document` before `mount` is called.
import { dialogFrame, inlineFrame } from "./frame.js";
import { languageOf, patiently, tagOf } from "./locales.js";
import { checked, find } from "./options.js";
import { isIsolated, remember, watchLoad } from "./content-policy.js";

/** Which line of a file of texts is `load_failed`. */
const LOAD_FAILED = 3;

const EVENTS = ["ready", "start", "answer", "complete", "error", "close"];

/**
 * The public object. `load` fetches the wasm, from the address that the page gave if it did, and returns its module;
 * a load that failed is tried again by the next mount. `loadIsolated` gives isolated.js, for pages that need it.
 */
export function create(load, version, { loadIsolated, loadLocale = async () => null } = {}) {
  let loading;
  const mounted = new WeakMap();
  const loadOnce = (wasmUrl) =>
    (loading ??= load(wasmUrl).catch((error) => {
      loading = undefined;
      throw error;
    }));

  function mount(target, options) {
    const element = find(target);
    const settings = checked(options);
    mounted.get(element)?.unmount();

    const host = document.createElement("div");
    host.setAttribute("data-interview-relay", "");
    const listeners = new Map(EVENTS.map((name) => [name, new Set()]));
    let app;
    let isOver = false;
    let isPausing = false;
    let settle;
    const ready = new Promise((resolve) => (settle = resolve));

    const call = (callback, detail) => {
      try {
        callback(detail);
      } catch (error) {
        // A fault in the page's own code must not end the interview.
        queueMicrotask(() => {
          throw error;
        });
      }
    };
    const emit = (name, detail = {}) => {
      if (!listeners.has(name) || (isOver && name !== "close")) return;
      if (name === "ready") frame.arrived();
      host.dispatchEvent(new CustomEvent(`interview-relay-${name}`, { detail, bubbles: true, composed: true }));
      const callback = settings[`on${name[0].toUpperCase()}${name.slice(1)}`];
      if (typeof callback === "function") call(callback, detail);
      for (const listener of [...listeners.get(name)]) call(listener, detail);
      if (name === "ready") settle();
    };

    const handle = {
      ready,
      on(name, listener) {
        if (!listeners.has(name)) throw new Error(`InterviewRelay: there is no event "${name}". There are ${EVENTS.join(", ")}.`);
        listeners.get(name).add(listener);
        return () => void listeners.get(name).delete(listener);
      },
      pause() {
        if (app) app.pause();
        else isPausing = true;
      },
      unmount() {
        if (isOver) return;
        isOver = true;
        if (mounted.get(element) === handle) mounted.delete(element);
        const left = app && end(app);
        app = undefined;
        frame.close();
        emit("close");
        settle();
        if (!left) return frame.remove();
        // Out of sight at once, out of the page when what is typed has left it.
        host.style.setProperty("display", "none", "important");
        left.then(frame.remove);
      },
    };
    const frame = settings.mode === "inline" ? inlineFrame(element, host) : dialogFrame(element, host, settings, handle.unmount);
    mounted.set(element, handle);

    const fail = (code, message, advice, cause) => {
      if (isOver) return;
      host.setAttribute("role", "alert");
      host.textContent = code === "load_failed" ? `${message} Please reload the page to try again.` : message;
      console.error(`InterviewRelay: ${advice}`, ...(cause ? [cause] : []));
      emit("error", { code, message });
      settle();
    };
    const isolate = () =>
      loadIsolated().then(
        (isolated) => {
          if (isOver) return;
          app = isolated.mount(host, { ...settings, emit, fail, settle, leave: handle.unmount });
          if (isPausing) app.pause();
        },
        (error) => fail("load_failed", "The interview could not be loaded.", "isolated.js could not be loaded. Serve it beside the script.", error)
      );
    if (isIsolated(settings.isolation)) {
      isolate();
      return handle;
    }
    // Beside the wasm, which is larger: most often they are here when it is.
    const language = languageOf(settings.locale);
    const coming = patiently(loadLocale(language));
    const isRefused = watchLoad();
    loadOnce(settings.wasmUrl).then(
      async (wasm) => {
        isRefused();
        const texts = await coming;
        if (isOver) return;
        app = wasm.mount(host, { ...settings, language, texts, loadLocale, emit });
        if (isPausing) ready.then(() => handle.pause());
      },
      async (error) => {
        if ((await isRefused(error)) && settings.isolation === "auto") {
          remember();
          return isOver || isolate();
        }
        fail(
          "load_failed",
          "The interview could not be loaded.",
          "the WebAssembly module could not be loaded. Check that it is served beside the script, and that " +
            "the page's Content-Security-Policy has 'wasm-unsafe-eval' in script-src and your server in connect-src.",
          error
        );
      }
    );
    return handle;
  }

  return Object.freeze({ mount, version });
}

/**
 * Saves what is typed, then takes the interview apart: Yew would otherwise destroy it before it has read the message.
 * What is in an iframe must stay in the page until then, which the promise that it gives tells.
 */
function end(app) {
  if (app.isIsolated) return app.unmount();
  app.pause();
  queueMicrotask(() => app.unmount());
}
