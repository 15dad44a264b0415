// Which language the widget speaks before the server has told, and where its texts come from: English is in the wasm,
// each other language is a file that is loaded when it is spoken. widget/locales.mjs makes the files.

/** How long the first screen waits for its texts before it comes in English. */
const PATIENCE_MS = 2_000;

/** Every language, with what a dialog needs at once: its own name, and that of the button that closes it. */
export const LABELS = {
  en: ["Interview", "Close"],
  ar: ["مقابلة", "إغلاق"],
  de: ["Interview", "Schließen"],
  es: ["Entrevista", "Cerrar"],
  fr: ["Entretien", "Fermer"],
  he: ["ריאיון", "סגירה"],
  ja: ["インタビュー", "閉じる"],
  pt: ["Entrevista", "Fechar"],
  zh: ["访谈", "关闭"],
};

/** The language of the person, as far as the page knows: what it says, what it is written in, what the browser is. */
export function languageOf(locale) {
  return locale || document.documentElement?.lang || globalThis.navigator?.language || "en";
}

/** What a language's file is called: the language without script and region, Hebrew by its present code. */
export function tagOf(language) {
  const primary = String(language).split(/[-_]/)[0].toLowerCase();
  return primary === "iw" ? "he" : primary;
}

/** The labels for a language, English where there are none. */
export function labelsOf(language) {
  const tag = tagOf(language);
  return Object.hasOwn(LABELS, tag) ? LABELS[tag] : LABELS.en;
}

/**
 * `loadLocale`: gives a promise of the compiled texts of a language, `null` where there are none or they cannot be
 * loaded. `load` imports the module for a tag; one that failed is tried again by the next interview.
 */
export function localeLoader(load) {
  const loading = new Map();
  return (language) => {
    const tag = tagOf(language);
    if (tag === "en" || !Object.hasOwn(LABELS, tag)) return Promise.resolve(null);
    if (!loading.has(tag)) {
      const texts = load(tag).then((module) => module.default);
      loading.set(tag, texts.catch(() => (loading.delete(tag), null)));
    }
    return loading.get(tag);
  };
}

/** The same promise, or `null` when it takes too long. */
export function patiently(promise) {
  let timer;
  const enough = new Promise((done) => (timer = setTimeout(done, PATIENCE_MS, null)));
  return Promise.race([promise, enough]).finally(() => clearTimeout(timer));
}
