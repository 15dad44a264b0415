// The interview in an <iframe> of the InterviewRelay server's own `/embed`, for pages whose Content-Security-Policy forbids
// WebAssembly, or who want it so. The page notices no difference: the same handle, events and dialogs.
//
// Nothing here listens to the window: the frame is handed one end of a channel, in a message that only a document of the
// server's origin can receive, and whatever else is posted to the page is not ours.

import { forget } from "./content-policy.js";
import { element } from "./first-markup.js";
import { textsIn } from "./first-texts.js";
import { languageOf } from "./locales.js";

const EVENTS = ["ready", "start", "answer", "complete", "decline", "error"];

/** What a page may set on anything around the interview, and what would end at the frame's border. */
const PROPERTIES = ["accent", "accent-text", "background", "surface", "text", "muted", "border", "line", "danger", "good"]
  .concat("radius", "font", "font-size", "max-width")
  .map((name) => `--interview-relay-${name}`);

const STYLE = `
:host { all: initial; display: block }
div { font: 1rem/1.5 system-ui, sans-serif }
iframe { all: initial; display: block; width: 100%; height: 24em; color-scheme: light dark }`;

/** How long the page of the frame may take to load, and its script to answer then. */
const LOADING_MS = 30_000;
const ANSWER_MS = 5_000;
/** How long the page may take to give a token. */
const ASKING_MS = 30_000;
/** How long an interview that is taken out of the page may take to save what is typed. */
const LEAVING_MS = 1_000;
/** And what was recorded. */
const KEEPING_MS = 10_000;

/** Shows the interview in `host`; `core.js` has checked the options. */
export function mount(host, { inviteToken, getInviteToken, apiBase, locale, title, mode, colorScheme, theme, emit, fail, settle, leave, textsOf }) {
  const shadow = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  shadow.adoptedStyleSheets = [sheet];
  const frame = document.createElement("iframe");
  frame.title = title;
  frame.allow = "microphone; camera; fullscreen";
  frame.referrerPolicy = "origin";
  // What dialogs look for: what has the direction of the text, and what takes focus.
  frame.setAttribute("part", "root");
  frame.setAttribute("data-focus", "");

  let token;
  let address;
  let invite;
  let port;
  let timer;
  let isOver = false;
  let isAnswered = false;
  let isPausing = false;
  let left;

  const wait = (limit, then) => {
    clearTimeout(timer);
    timer = setTimeout(then, limit);
  };
  const stop = () => {
    clearTimeout(timer);
    port?.close();
    frame.remove();
    document.removeEventListener("securitypolicyviolation", onViolation);
  };
  const giveUp = (code, message, advice) => {
    if (isOver) return;
    isOver = true;
    stop();
    shadow.replaceChildren(document.createElement("slot"));
    fail(code, message, advice);
  };
  const unloadable = (advice) => {
    forget();
    giveUp("load_failed", "The interview could not be loaded.", advice);
  };
  const onSilence = () =>
    unloadable(
      `the interview's frame (${address.origin}) does not answer. Check that the server can be reached, that frame-src of the page's ` +
        `Content-Security-Policy names it, and that ${window.origin} is one of the campaign's \`allowed_origins\` or the invite's \`origin\`.`
    );
  function onViolation({ blockedURI, disposition, effectiveDirective }) {
    if (disposition !== "enforce" || effectiveDirective !== "frame-src" || isAnswered || !blockedURI.startsWith(address?.origin)) return;
    unloadable(`the page's Content-Security-Policy does not let it have a frame of the interview's server. Add ${address.origin} to frame-src.`);
  }

  /** A token that the page gives when it is asked, or nothing. What is no token, such as an API key, is never passed on. */
  const ask = async () => {
    try {
      const given = await getInviteToken();
      return claimsOf(given) && given;
    } catch {
      return undefined;
    }
  };
  /** The first token. Where none comes the person can have the page asked again. */
  const begin = async () => {
    let given;
    const late = new Promise((done) => wait(ASKING_MS, done));
    try {
      given = await Promise.race([getInviteToken(), late]);
    } catch {
      // The same as none.
    }
    clearTimeout(timer);
    if (typeof given === "string") return open(given);
    const texts = textsIn(await textsOf());
    if (isOver) return;
    const again = element("button", { type: "button" }, texts.try_again);
    again.addEventListener("click", () => {
      shadow.replaceChildren();
      begin();
    });
    shadow.replaceChildren(element("div", { role: "alert", dir: "auto" }, element("p", {}, texts.unreachable), element("p", {}, texts.unreachable_text), again));
    emit("error", { code: "token_unavailable", message: texts.unreachable });
    settle();
  };
  const open = (given) => {
    if (isOver) return;
    const claims = claimsOf(given);
    const base = (apiBase ?? claims?.iss ?? "").replace(/\/+$/, "");
    if (!claims || !/^https?:\/\//.test(base)) {
      return giveUp("unauthorized", "This link does not work.", "the page gave no invite token. Your server gets one from POST /v1/invites.");
    }
    [token, invite, address, isAnswered] = [given, claims.jti, new URL(`${base}/embed`), false];
    address.searchParams.set("invite", invite);
    wait(LOADING_MS, onSilence);
    frame.src = address;
    if (!frame.isConnected) shadow.replaceChildren(frame);
  };
  const greet = () => {
    port?.close();
    const channel = new MessageChannel();
    port = channel.port1;
    port.onmessage = ({ data }) => receive(data);
    wait(ANSWER_MS, onSilence);
    const style = getComputedStyle(host);
    const inherited = Object.fromEntries(PROPERTIES.map((name) => [name, style.getPropertyValue(name)]).filter(([, value]) => value));
    const texts = Object.fromEntries(Object.entries(theme).filter(([, value]) => typeof value === "string"));
    const greeting = { type: "interview-relay", inviteToken: token, canAsk: Boolean(getInviteToken), locale, language: languageOf(locale), colorScheme, mode };
    frame.contentWindow.postMessage({ ...greeting, theme: texts, inherited }, address.origin, [channel.port2]);
  };

  const receive = async (message) => {
    switch (message.type) {
      case "hello":
        clearTimeout(timer);
        isAnswered = true;
        if (isPausing) port.postMessage({ type: "pause" });
        break;
      case "event":
        if (!isOver && EVENTS.includes(message.name)) tell(message);
        break;
      case "height":
        frame.style.height = `${Number(message.height)}px`;
        break;
      case "ask": {
        const given = await ask();
        if (isOver) return;
        // The frame is for one invite: another one may be shown to other pages.
        if (given && claimsOf(given).jti !== invite) open(given);
        else port.postMessage({ type: "token", token: given });
        break;
      }
      case "escape":
        if (mode === "popup") leave();
        break;
      case "navigate":
        if (!isOver && /^https?:\/\//.test(message.url)) window.location.assign(message.url);
        break;
      case "settled":
        settle();
        break;
      case "keeping":
        if (left) wait(KEEPING_MS, left);
        break;
      case "screen":
        // Each begins where the person can see it, unless they are in the middle of something else in the page.
        if (shadow.activeElement === frame || document.activeElement === document.body) frame.scrollIntoView({ block: frame.getBoundingClientRect().top < 0 ? "start" : "nearest" });
        break;
      case "left":
        left?.();
    }
  };
  const tell = ({ name, detail, dir, lang, look }) => {
    if (name === "ready") {
      frame.dir = dir ?? "";
      frame.lang = lang ?? "";
      for (const [property, value] of look ?? []) host.style.setProperty(property, value);
    }
    emit(name, detail);
    if (name === "ready" && shadow.activeElement === frame) port.postMessage({ type: "focus" });
  };

  document.addEventListener("securitypolicyviolation", onViolation);
  frame.addEventListener("load", greet);
  if (inviteToken) open(inviteToken);
  else begin();

  return {
    isIsolated: true,
    pause() {
      if (isAnswered) port.postMessage({ type: "pause" });
      else isPausing = true;
    },
    /** Gives a promise where something may have to be saved: until then the frame must stay in the page. */
    unmount() {
      const mayHaveMore = isAnswered && !isOver;
      isOver = true;
      if (!mayHaveMore) return void stop();
      return new Promise((done) => {
        left = () => {
          stop();
          done();
        };
        wait(LEAVING_MS, left);
        port.postMessage({ type: "unmount" });
      });
    },
  };
}

/** What an invite token says (RFC 7519), or nothing when it is none. The server alone verifies it. */
function claimsOf(token) {
  try {
    const claims = JSON.parse(atob(token.trim().split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
    return typeof claims.jti === "string" ? claims : undefined;
  } catch {
    return undefined;
  }
}
