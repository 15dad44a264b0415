// What the wasm calls for a question of files or recordings: the code for them is fetched then, and not before.
import { element } from "./first-markup.js";
import { textsOf } from "./first-texts.js";
import { patiently } from "./locales.js";

/**
 * Gives `(slot, context, tell) → {destroy()}`, and to it `forget(question, context)` for what is answered and `settled()`, a promise that all is kept, if there may be something; `load` imports
 * `media.js`, `loadLocale` the texts of a language. `tell` hears the message when that could not be loaded.
 */
export function mediaLoader(load, loadLocale) {
  let loading;
  let loaded;
  const loadOnce = () =>
    (loading ??= load().then((media) => (loaded = media)).catch((error) => {
      loading = undefined;
      console.error("InterviewRelay: the code for files and recordings could not be loaded. Check that media.js is served beside the script.", error);
      throw error;
    }));

  const attach = (slot, context, tell) => {
    const root = slot.getRootNode();
    const form = slot.closest("form");
    let view;
    let isComing = false;
    let isHeld = false;
    let isOver = false;
    const begin = () => {
      if (isComing) return;
      isComing = true;
      // What the whole interview is in; English is part of media.js.
      const language = slot.closest("[lang]")?.lang || "en";
      Promise.all([loadOnce(), patiently(loadLocale(language))]).then(
        async ([media, texts]) => {
          if (isOver) return;
          removeEventListener("online", begin);
          view = media.attach(slot, Object.assign(context, { language, texts }));
          await view.ready;
          root.removeEventListener("submit", hold, true);
          if (isHeld && !isOver) form.requestSubmit();
        },
        async () => {
          isComing = false;
          if (isOver) return;
          // No connection, most often; going on tries again too.
          addEventListener("online", begin, { once: true });
          const { load_failed: message } = await textsOf(language, loadLocale);
          if (isOver || view) return;
          slot.replaceChildren(element("p", { class: "notice", role: "alert" }, message));
          tell(message);
        },
      );
    };
    // As long as nobody knows what is kept for this question, going on would leave it out.
    const hold = (event) => {
      if (event.target !== form) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      isHeld = true;
      begin();
    };
    root.addEventListener("submit", hold, true);
    begin();
    return {
      destroy() {
        isOver = true;
        removeEventListener("online", begin);
        root.removeEventListener("submit", hold, true);
        view?.destroy();
      },
    };
  };
  attach.settled = () => loaded?.settled();
  attach.forget = (question, context) => loadOnce().then((media) => media.forgetAnswered(question, context), () => {});
  return attach;
}
