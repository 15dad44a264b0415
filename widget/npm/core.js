// What `mount` does, apart from where the wasm comes from: `index.js`, `inline.js` and `script.js` know that.
// Nothing here touches `window` or `document` before `mount` is called.
import { isIsolated, remember, watchLoad } from "./content-policy.js";
import { askAhead } from "./early.js";
import { firstScreen } from "./first-screen.js";
import { isOurs, textsIn } from "./first-texts.js";
import { dialogFrame, inlineFrame } from "./frame.js";
import { mediaLoader } from "./media-loader.js";
import { languageOf, patiently, tagOf } from "./locales.js";
import { checked, find } from "./options.js";

/** A line that takes longer than this for the wasm has swallowed it: a new attempt is the better bet. */
const LOADING_MS = 60_000;

const EVENTS = ["ready", "start", "answer", "complete", "decline", "error", "close"];

/**
 * The public object. `load` fetches the wasm, from the address that the page gave if it did and until a signal ends that, and returns
 * its module; a load that failed is tried again by the next mount. `loadLocale` gives the texts of a language, without which the widget
 * speaks English; `loadIsolated` gives isolated.js, for pages that need it, `loadMedia` media.js,
 * for questions that do.
 */
export function create(load, version, { loadIsolated, loadMedia, loadLocale = async () => null } = {}) {
  const media = mediaLoader(loadMedia, loadLocale);
  const mediaOf = (tell) =>
    Object.assign((slot, context) => media(slot, context, (message) => tell("error", { code: "load_failed", message })), { forget: media.forget });
  let loading;
  const mounted = new WeakMap();
  const loadOnce = (wasmUrl) =>
    (loading ??= inTime((signal) => load(wasmUrl, signal)).catch((error) => {
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
    let first;
    let isOver = false;
    /** The wasm shows the interview: before that it takes no orders. */
    let isShown = false;
    /** What was done on the first screen has reached the wasm's. */
    let isHandedOver = false;
    let isPausing = false;
    let isSaving = false;
    let isLoading = false;
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
    const tell = (name, detail = {}) => {
      if (!listeners.has(name) || (isOver && name !== "close")) return;
      if (name === "ready") frame.arrived();
      host.dispatchEvent(new CustomEvent(`interview-relay-${name}`, { detail, bubbles: true, composed: true }));
      const callback = settings[`on${name[0].toUpperCase()}${name.slice(1)}`];
      if (typeof callback === "function") call(callback, detail);
      for (const listener of [...listeners.get(name)]) call(listener, detail);
      if (name === "ready") settle();
    };
    // When the wasm is ready its screen takes the place of the first one, before anybody is told.
    const emit = (name, detail) => {
      if (isSaving && name === "error") return leave();
      if (name !== "ready" || !first) return tell(name, detail);
      isShown = true;
      first.handOver(() => {
        isHandedOver = true;
        tell(name, detail);
        if (isSaving) leave();
        else if (isPausing && !isOver) app.pause();
      }, !isSaving);
    };

    // `left` is what the page in an iframe has to hear: until what was typed is on its way, it must stay.
    const leave = () => {
      isSaving = false;
      end(app);
      settings.left?.();
    };

    const handle = {
      ready,
      on(name, listener) {
        if (!listeners.has(name)) throw new Error(`InterviewRelay: there is no event "${name}". There are ${EVENTS.join(", ")}.`);
        listeners.get(name).add(listener);
        return () => void listeners.get(name).delete(listener);
      },
      pause() {
        if (isOver) return;
        if (isHandedOver || (app && !first)) app.pause();
        else isPausing = true;
      },
      unmount() {
        if (isOver) return;
        isOver = true;
        if (mounted.get(element) === handle) mounted.delete(element);
        let left;
        // What was typed before the wasm showed anything is saved by it when it does, in an element that is in no page.
        if (!isShown && first?.isTouched()) {
          isSaving = true;
          if (!isLoading) start();
        } else if (app && first) first.handOver(leave, false);
        else if (app) left = app.unmount();
        else {
          first?.stop();
          settings.left?.();
        }
        frame.close();
        tell("close");
        settle();
        if (!left) return frame.remove();
        // An iframe has to stay until what is typed has left it: out of sight at once, out of the page then.
        host.style.setProperty("display", "none", "important");
        left.then(frame.remove);
      },
    };
    const frame = settings.mode === "inline" ? inlineFrame(element, host) : dialogFrame(element, host, settings, handle.unmount);
    mounted.set(element, handle);

    const language = languageOf(settings.locale);
    let coming;
    const textsOf = () => (coming ??= patiently(loadLocale(language)));
    const fail = async (code, message, advice, cause, isKept = false) => {
      const texts = await textsOf();
      if (isOver) return;
      message = textsIn(texts)[code] ?? message;
      if (!isKept) {
        host.setAttribute("role", "alert");
        host.setAttribute("lang", isOurs(texts) ? tagOf(language) : "en");
        host.setAttribute("dir", "auto");
        host.textContent = message;
        first?.clear();
      }
      console.error(`InterviewRelay: ${advice}`, ...(cause ? [cause] : []));
      tell("error", { code, message });
      settle();
    };
    const isolate = async () => {
      first = undefined;
      try {
        const isolated = await loadIsolated();
        if (isOver) return;
        app = isolated.mount(host, { ...settings, emit, fail, settle, leave: handle.unmount, textsOf });
        if (isPausing) app.pause();
      } catch (error) {
        fail("load_failed", "The interview could not be loaded.", "isolated.js could not be loaded. Serve it beside the script.", error);
      }
    };
    // Nor would a frame have it: there is no question to show that nobody could answer.
    if (!globalThis.WebAssembly) {
      fail("load_failed", "", "this browser has no WebAssembly, or it is switched off, as in the lockdown mode of iOS.");
      return handle;
    }
    if (isIsolated(settings.isolation)) {
      isolate();
      return handle;
    }

    let token = settings.inviteToken;
    if (!token) ({ token, getInviteToken: settings.getInviteToken } = askAhead(settings.getInviteToken, () => !isOver));
    // What an iframe asks before it is gone.
    settings.keeping?.(media.settled);
    // Before the wasm: the few bytes of the session's start are all that the first screen waits for.
    first = firstScreen(host, { ...settings, token, loadLocale }, () => frame.arrived());
    const start = async () => {
      isLoading = true;
      const isRefused = watchLoad();
      try {
        // Beside the wasm, which is larger: most often the texts are here when it is, and the first screen is shown.
        const [wasm, texts] = await Promise.all([loadOnce(settings.wasmUrl), textsOf()]);
        // Not for long: what the device has the wasm can show on a line that hangs, too.
        await patiently(first.shown());
        isRefused();
        if (isOver && !isSaving) return;
        app = wasm.mount(host, { ...settings, language, texts, loadLocale, media: mediaOf(tell), root: first.root, early: first.early(), emit });
      } catch (error) {
        const isForbidden = await isRefused(error);
        isLoading = false;
        // Nobody is there any more who could have it tried again.
        if (isSaving) {
          first.stop();
          settings.left?.();
          return;
        }
        if (isForbidden && settings.isolation === "auto") {
          remember();
          first.stop();
          if (!isOver) isolate();
          return;
        }
        const advice =
          "the WebAssembly module could not be loaded. Check that it is served beside the script, and that " +
          "the page's Content-Security-Policy has 'wasm-unsafe-eval' in script-src and your server in connect-src.";
        fail("load_failed", "The interview could not be loaded.", advice, error, await first.keep(start));
      }
    };
    start();
    return handle;
  }

  /** Starts the download of the wasm; a failure is told by the mount that needs it, which tries again. */
  function preload({ wasmUrl } = {}) {
    loadOnce(wasmUrl).catch(() => {});
  }

  return Object.freeze({ mount, preload, version });
}

/** Saves what is typed, then takes the interview apart: Yew would otherwise destroy it before it has read the message. */
function end(app) {
  app.pause();
  queueMicrotask(() => app.unmount());
}

/** Ends what takes too long. Its signal keeps a download that comes late all the same from what the next attempt has made. */
function inTime(work) {
  const controller = new AbortController();
  const { signal } = controller;
  const timer = setTimeout(() => controller.abort(), LOADING_MS);
  const late = new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  return Promise.race([work(signal), late]).finally(() => clearTimeout(timer));
}
