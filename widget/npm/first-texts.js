// What the first screen says by itself. The names are those of `Texts` in widget/src/i18n; tests/journeys/first-screen.spec.ts
// compares what is drawn with them and with the wasm.

const ENGLISH = {
  region: "Interview",
  loading: "Loading the interview…",
  progress: "Progress",
  go_on: "Continue",
  skip: "Skip",
  agree: "Agree and continue",
  decline: "I do not agree",
  yes: "Yes",
  no: "No",
  i_agree: "I agree",
  i_disagree: "I do not agree",
  optional: "Optional",
  choose_several: "Choose all that apply.",
  long_text_keys: "Ctrl + Enter to continue",
  saved: "Saved",
  sending: "Saving…",
  refused: "Your answer could not be saved.",
  retry: "Retry",
};

/** The texts of a language (BCP 47), English where there are none; `loadLocale` fetches them. */
export async function textsOf(language, loadLocale) {
  if (primary(language) === "en" || !loadLocale) return ENGLISH;
  return { ...ENGLISH, ...(await loadLocale(language).catch(() => null)) };
}

/** What can be said before anything was fetched. */
export const FIRST = ENGLISH;

/** `rtl` for languages that are written from right to left, else `ltr`. */
export const direction = (language) => (["ar", "fa", "he", "ur"].includes(primary(language)) ? "rtl" : "ltr");

const primary = (language) => language.split(/[-_]/)[0].toLowerCase();
