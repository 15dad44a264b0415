// Files and recordings: draws into the slot that the question has for them. The loader fetches this file, and what it
// imports, when the first such question is shown; the wasm knows nothing of it but `attach`.
import { STYLE } from "./media-style.js";
import { textsFor } from "./media-texts.js";
import { fileView } from "./media-files.js";
import { recordingView } from "./media-recording.js";
import { UploadList } from "./upload-list.js";
import { forget, kept, settled } from "./media-store.js";
import { canUpload, connect } from "./uploader.js";
import { h } from "./media-dom.js";

export { settled };

/** A browser that says nothing about what is kept must not keep anybody from going on; what comes later is shown then. */
const PATIENCE_MS = 3_000;

const sheets = new WeakMap();

/**
 * Draws into `slot`, whose `data-` attributes say what the question asks for, until `destroy()` is called.
 *
 * `context` is `{base, token, invite, isAhead, ids, change(ids, isReady), expired(), language, texts}`; `texts` is what the file of the
 * language holds, `null` for English. `change` is told the uploads that are
 * complete, and whether nothing more is on its way. `ready` of what it gives settles when what was kept is there again.
 */
export function attach(slot, context) {
  const root = slot.getRootNode();
  const texts = textsFor(context.language, context.texts);
  const { language } = texts;
  dress(root);
  if (!canUpload()) {
    slot.replaceChildren(h("p", { class: "notice" }, texts.media_insecure));
    return { destroy: () => slot.replaceChildren() };
  }

  const { media: kind, question } = slot.dataset;
  const session = sessionOf(context);
  const number = (name) => (slot.dataset[name] === undefined ? undefined : Number(slot.dataset[name]));
  const limits = {
    accept: slot.dataset.accept ? slot.dataset.accept.split(",") : [],
    maxBytes: number("maxBytes") ?? Infinity,
    maxMs: number("maxDuration") ?? 300_000,
    maxFiles: kind === "file" ? (number("maxFiles") ?? 1) : 1,
    thinkMs: number("thinkTime") ?? 0,
    maxRetakes: number("maxRetakes") ?? Infinity,
  };
  const news = h("p", { class: "unseen", role: "status" });
  const stage = h("div", { class: "upload" });
  const waiting = h("p", { class: "notice waiting", role: "status" });
  const form = slot.closest("form");
  const list = new UploadList({ session, question, ids: context.ids, connection: connect(context), texts, report, say });
  const view = (kind === "file" ? fileView : recordingView)(stage, { kind, list, limits, texts, language, say, isLocked: () => "locked" in slot.dataset, stopWaiting: () => wait(false) });
  let isWaiting = false;
  let told = JSON.stringify([context.ids ?? [], true]);

  function say(text) {
    news.textContent = text;
  }
  function report() {
    view.draw();
    const isReady = list.isReady() && !view.isBusy();
    const now = JSON.stringify([list.ids(), isReady]);
    if (now !== told) context.change(list.ids(), isReady);
    told = now;
    // The person wanted to go on, and now nothing is left to wait for.
    if (isReady && isWaiting) {
      wait(false);
      // Unless they took it out, to choose something else.
      if (list.items.length > 0) form?.requestSubmit();
    }
    if (list.failed()) wait(false);
  }
  /** What was reported before may not have been heard, or by another who drew this question. */
  function reportAgain() {
    told = undefined;
    report();
  }
  function wait(is) {
    isWaiting = is;
    waiting.replaceChildren(...(is ? [h("span", { class: "spinner", "aria-hidden": "true" }), h("span", {}, texts.file_waiting)] : []));
  }
  const submitted = () => {
    if ("locked" in slot.dataset) return;
    if (view.finish()) return;
    const failed = list.failed();
    if (failed) view.focus(failed);
    else if (!list.isReady()) wait(true);
  };
  const focused = (event) => {
    if (event.target === slot) view.focus();
  };

  // An answer is on its way, "skip" perhaps: nothing may be recorded meanwhile.
  const lock = new MutationObserver(() => ("locked" in slot.dataset ? view.cancel() : reportAgain()));
  lock.observe(slot, { attributeFilter: ["data-locked"] });

  slot.replaceChildren(stage, waiting, news);
  form?.addEventListener("submit", submitted);
  slot.addEventListener("focus", focused);
  view.draw();
  const records = kept(session, question);
  let timer;
  const late = new Promise((done) => (timer = setTimeout(done, PATIENCE_MS)));
  const first = Promise.race([records, late]);
  const ready = list.resume(first.then((found) => found ?? [])).then(async () => {
    clearTimeout(timer);
    if (root.activeElement === slot) view.focus();
    if (!(await first)) list.resume(records, []);
    if (stage.isConnected) reportAgain();
  });
  return {
    ready,
    destroy() {
      form?.removeEventListener("submit", submitted);
      slot.removeEventListener("focus", focused);
      context.change = () => {};
      lock.disconnect();
      view.destroy();
      list.destroy();
      slot.replaceChildren();
    },
  };
}

/** Constructed once for each shadow root: a strict Content-Security-Policy lets it pass. */
function dress(root) {
  if (sheets.has(root)) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  sheets.set(root, sheet);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}

/** Once a question is answered, or left out, nothing of it is kept on the device. `context` is as above. */
export async function forgetAnswered(question, context) {
  // What is still being recorded would be kept after all.
  await settled();
  for (const { clientId } of await kept(sessionOf(context), question)) forget(clientId);
}

/** Names the interview on this device: the server and the invite, which each of its tokens has (RFC 7519). */
function sessionOf({ base, token, invite }) {
  try {
    const payload = (token ?? invite).split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    return `${base} ${JSON.parse(atob(payload)).jti}`;
  } catch {
    return base;
  }
}
