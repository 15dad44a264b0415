// What `mount` does, apart from where the wasm comes from: `index.js`, `inline.js` and `script.js` know that.
// Nothing here touches `window` or `document` before `mount` is called.
import { dialogFrame, inlineFrame } from "./frame.js";
import { mediaLoader } from "./media-loader.js";
import { checked, find } from "./options.js";

const EVENTS = ["ready", "start", "answer", "complete", "error", "close"];

/**
 * The public object. `load` fetches the wasm, from the address that the page gave if it did, and returns its module;
 * a load that failed is tried again by the next mount. `loadMedia` imports `media.js`.
 */
export function create(load, version, loadMedia) {
  const media = mediaLoader(loadMedia);
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
        if (app) end(app);
        app = undefined;
        frame.close();
        emit("close");
        settle();
        frame.remove();
      },
    };
    const frame = settings.mode === "inline" ? inlineFrame(element, host) : dialogFrame(element, host, settings, handle.unmount);
    mounted.set(element, handle);

    loadOnce(settings.wasmUrl).then(
      (wasm) => {
        if (isOver) return;
        app = wasm.mount(host, { ...settings, emit, media });
        if (isPausing) ready.then(() => handle.pause());
      },
      (error) => {
        if (isOver) return;
        host.setAttribute("role", "alert");
        host.textContent = "The interview could not be loaded. Please reload the page to try again.";
        console.error(
          "InterviewRelay: the WebAssembly module could not be loaded. Check that it is served beside the script, and that " +
            "the page's Content-Security-Policy has 'wasm-unsafe-eval' in script-src and your server in connect-src.",
          error
        );
        emit("error", { code: "load_failed", message: "The interview could not be loaded." });
        settle();
      }
    );
    return handle;
  }

  return Object.freeze({ mount, version });
}

/** Saves what is typed, then takes the interview apart: Yew would otherwise destroy it before it has read the message. */
function end(app) {
  app.pause();
  queueMicrotask(() => app.unmount());
}
