// What a page may pass to `mount`, and what is refused, with words that say what to do instead.

import { labelsOf, languageOf } from "./locales.js";

const SCHEMES = ["light", "dark", "auto"];
const MODES = ["inline", "popup", "fullpage"];
const ISOLATIONS = ["auto", "iframe", "none"];

/** Refuses what would end in a riddle later. An API key is never sent anywhere, and never put in a message. */
export function checked(options) {
  if (typeof options === "string") options = { inviteToken: options };
  if (options === null || typeof options !== "object") {
    throw new TypeError("InterviewRelay.mount: pass an invite token or an object of options as the second argument.");
  }
  const { inviteToken, getInviteToken, apiBase, theme = {}, mode = "inline", wasmUrl, session } = options;
  const locale = localeOf(options.locale);
  const labels = labelsOf(languageOf(locale));
  const { title = labels[0], closeLabel = labels[1], isolation = "auto" } = options;
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
  if (!MODES.includes(mode)) {
    throw new TypeError(`InterviewRelay.mount: the mode must be one of ${MODES.join(", ")}.`);
  }
  if (!ISOLATIONS.includes(isolation)) {
    throw new TypeError(`InterviewRelay.mount: \`isolation\` must be one of ${ISOLATIONS.join(", ")}.`);
  }
  if (wasmUrl !== undefined && typeof wasmUrl !== "string" && !(wasmUrl instanceof URL)) {
    throw new TypeError("InterviewRelay.mount: `wasmUrl` must be the address of the wasm file, a string or a URL.");
  }
  if (session !== undefined && typeof session?.then !== "function") {
    throw new TypeError("InterviewRelay.mount: `session` must be the promise that fetch gave for POST /v1/participant/session.");
  }
  if (typeof title !== "string" || typeof closeLabel !== "string" || !title.trim() || !closeLabel.trim()) {
    throw new TypeError("InterviewRelay.mount: `title` and `closeLabel` must be texts: they are what a screen reader says.");
  }
  const { colorScheme = "auto", ...properties } = typeof theme === "string" ? { colorScheme: theme } : theme;
  if (!SCHEMES.includes(colorScheme)) {
    throw new TypeError(`InterviewRelay.mount: the color scheme must be one of ${SCHEMES.join(", ")}.`);
  }
  return { ...options, inviteToken: inviteToken || undefined, apiBase, locale, mode, isolation, title, closeLabel, colorScheme, theme: properties };
}

/** A language tag as the server takes it (BCP 47); `de_DE` is meant to be one, and what is none is no reason to show no interview. */
function localeOf(locale) {
  const tag = String(locale ?? "").trim().replaceAll("_", "-");
  if (tag.length <= 35 && /^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i.test(tag)) return tag;
  if (tag) console.error("InterviewRelay: `locale` is no language tag (BCP 47), such as en or pt-BR, and is left out.");
  return undefined;
}

/** The element to show an interview in. */
export function find(target) {
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
