// What the wasm calls for a question of files or recordings: the code for them is fetched then, and not before.
import { patiently } from "./locales.js";

/** Gives `(slot, context) → {destroy()}`; `load` imports `media.js`, `loadLocale` the texts of a language. */
export function mediaLoader(load, loadLocale) {
  let loading;
  return (slot, context) => {
    let view;
    let isOver = false;
    const begin = () => {
      loading ??= load();
      // What the whole interview is in; English is part of media.js.
      const language = slot.closest("[lang]")?.lang || "en";
      Promise.all([loading, patiently(loadLocale(language))]).then(
        ([media, texts]) => {
          if (!isOver) view = media.attach(slot, Object.assign(context, { language, texts }));
        },
        (error) => {
          loading = undefined;
          if (isOver) return;
          console.error("InterviewRelay: the code for files and recordings could not be loaded. Check that media.js is served beside the script.", error);
          // No connection, most often.
          addEventListener("online", begin, { once: true });
        },
      );
    };
    begin();
    return {
      destroy() {
        isOver = true;
        removeEventListener("online", begin);
        view?.destroy();
      },
    };
  };
}
