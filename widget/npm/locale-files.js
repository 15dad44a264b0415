// The files of texts, each named where a bundler sees it, so that every language becomes a file of its own.
const FILES = {
  ar: () => import("./locales/ar.js"),
  de: () => import("./locales/de.js"),
  es: () => import("./locales/es.js"),
  fr: () => import("./locales/fr.js"),
  he: () => import("./locales/he.js"),
  ja: () => import("./locales/ja.js"),
  pt: () => import("./locales/pt.js"),
  zh: () => import("./locales/zh.js"),
};

/** The module for a tag of `locales.js`. */
export const importLocale = (tag) => FILES[tag]();
