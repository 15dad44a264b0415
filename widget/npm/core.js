// What `mount` does, apart from where the wasm comes from: `index.js` (ES module) and `script.js` (script build) know that.
// Nothing here touches `window` or `document` before `mount` is called.

const EVENTS = ["ready", "start", "answer", "complete", "error", "close"];
const SCHEMES = ["light", "dark", "auto"];

/** Refuses what would end in a riddle later. An API key is never sent anywhere, and never put in a message. */
function checked(options) {
  if (typeof options === "string") options = { inviteToken: options };
  if (options === null || typeof options !== "object") {
    throw new TypeError("InterviewRelay.mount: pass an invite token or an object of options as the second argument.");
  }
  const { inviteToken, getInviteToken, apiBase, locale, theme = {}, mode = "inline" } = options;
  if (typeof inviteToken === "string" && inviteToken.trim().startsWith("ir_")) {
    throw new Error(
      "InterviewRelay.mount: this is an API key, not an invite token. Never put an API key in a page: revoke it, then " +
        "mint an invite on your server (POST /v1/invites) and pass its `invite_token`."
    );
  }
  if (inviteToken !== undefined && typeof inviteToken !== "string") {
    throw new TypeError("InterviewRelay.mount: `inviteToken` must be a string, the `invite_token` of POST /v1/invites.");
  }
  if (getInviteToken !== undefined && typeof getInviteToken !== "function") {
    throw new TypeError("InterviewRelay.mount: `getInviteToken` must be a function that returns a promise of a token.");
  }
  if (!inviteToken && !getInviteToken) {
    throw new Error("InterviewRelay.mount: `inviteToken` is missing. Your server gets one from POST /v1/invites.");
  }
  if (apiBase !== undefined && !/^https?:\/\//.test(apiBase)) {
    throw new TypeError("InterviewRelay.mount: `apiBase` must be an http(s) address.");
  }
  if (mode !== "inline") {
    throw new Error(`InterviewRelay.mount: mode "${mode}" is not available in this version; only "inline" is.`);
  }
  const { colorScheme = "auto", ...properties } = typeof theme === "string" ? { colorScheme: theme } : theme;
  if (!SCHEMES.includes(colorScheme)) {
    throw new TypeError(`InterviewRelay.mount: the color scheme must be one of ${SCHEMES.join(", ")}.`);
  }
  return { ...options, inviteToken: inviteToken || undefined, apiBase, locale, colorScheme, theme: properties };
}

function find(target) {
  if (typeof document === "undefined") {
    throw new Error("InterviewRelay.mount needs a browser: call it in the page, not on the server.");
  }
  if (typeof target !== "string") {
    if (target instanceof Element) return target;
    throw new TypeError("InterviewRelay.mount: the first argument must be an element or a selector.");
  }
  const element = document.querySelector(target);
  if (!element) {
    throw new Error(
      `InterviewRelay.mount: there is no element "${target}". Call mount after it is in the document, ` +
        "at the end of the body for example."
    );
  }
  return element;
}

/** The public object. `load` fetches the wasm and returns its module; a load that failed is tried again by the next mount. */
export function create(load, version) {
  let loading;
  const mounted = new WeakMap();
  const loadOnce = () =>
    (loading ??= load().catch((error) => {
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
      if (!listeners.has(name)) return;
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
        app?.unmount();
        app = undefined;
        emit("close");
        settle();
        host.remove();
      },
    };
    mounted.set(element, handle);
    element.append(host);

    loadOnce().then(
      (wasm) => {
        if (isOver) return;
        app = wasm.mount(host, { ...settings, emit });
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
