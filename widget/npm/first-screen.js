// The first screen, while the wasm is still on its way: what is typed, chosen and pressed here is handed over to the wasm's
// own screen, which looks the same and takes its place between two frames.
import { beginSession } from "./early.js";
import { onDevice } from "./on-device.js";
import { paint } from "./frame.js";
import { carry, controlsOf, isSame } from "./hand-over.js";
import { consentForm, element, frame, isDrawable, loading, questionCard, questionToCome } from "./first-markup.js";
import { direction, FIRST, textsOf } from "./first-texts.js";
import { patiently } from "./locales.js";
import STYLE from "./style.js";

/** How long the reply to a call that the page has made may take before its coming is shown: it may be here already. */
const UNSAID_MS = 100;

/** What the first screen tells itself when the pointer or the key is up again. */
const RELEASED = "released";

/**
 * Makes the shadow root of `host` and begins the session with `settings.token`. `drawn` is called when a screen of the interview is shown.
 * The wasm draws into `root`, which is hidden until `handOver`.
 */
export function firstScreen(host, settings, drawn) {
  // Before anything is drawn: the question is on its way meanwhile.
  const early = beginSession(settings);
  const device = Promise.resolve(settings.token).then(onDevice);
  device.catch(() => {});

  const shadow = host.attachShadow({ mode: "open" });
  // A constructed style sheet is no inline style: a strict Content-Security-Policy lets it pass.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  shadow.adoptedStyleSheets = [sheet];
  paint(host, settings.theme);

  // The second click of two, and an Enter that is held down, are meant for where the first was: what has come there since is
  // not pressed by them.
  let meant;
  const guard = (event) => {
    const place = event.target.closest("button, .screen");
    if (place !== meant && (event.detail > 1 || (event.repeat && event.key === "Enter"))) {
      event.preventDefault();
      event.stopPropagation();
    }
    if (!event.repeat) meant = place;
  };
  for (const name of ["click", "keydown"]) shadow.addEventListener(name, guard, true);

  const root = element("div", { hidden: "" });
  const stand = element("div", {});
  shadow.append(stand, root);
  // In English, and said to be: no texts are there yet.
  const showLoading = () => show(loading(FIRST), "en", {}, FIRST);
  // What is drawn for nobody to see keeps a slow phone from what comes after it.
  const waiting = settings.session ? setTimeout(showLoading, UNSAID_MS) : showLoading();

  const drawing = early.reply.then(draw).catch(() => {});
  const shown = early.reply.catch(() => {}).then(painted);
  let texts;
  let shownAt;
  let untouched;
  let pressed;
  let retry;
  let isComposing = false;
  let isHeld = false;
  let isOver = false;

  function show(screen, language, rest, text) {
    const { colorScheme } = settings;
    stand.replaceChildren(frame({ ...rest, language, direction: direction(language), colorScheme }, screen, text));
  }

  async function draw({ status, text: body }) {
    if (status < 200 || status > 299) return;
    const reply = JSON.parse(body);
    const { campaign, turn } = reply;
    // Earlier answers, and the way back to them, only the wasm can show.
    if (campaign.allow_back && reply.answers?.length) return;
    const language = campaign.locale;
    // Where the browser does not answer it never settles; the wasm knows what to do then.
    const [kept, found] = await Promise.all([patiently(device), textsOf(language, settings.loadLocale)]);
    texts = found;
    // The server's question is answered already: what comes now is known to the wasm alone.
    if (!kept || kept.isAhead) return;
    // The wasm was faster: it has drawn something, and this is about to be handed to it as well.
    if (isOver || root.hasChildNodes() || !["consent", "question"].includes(turn.type)) return;
    clearTimeout(waiting);
    paint(host, { ...campaign.theme, ...settings.theme });
    const announcement = turn.type === "question" && turn.question.text;
    show(screenOf(reply, kept.drafts, texts), language, { title: campaign.title, progress: turn.progress, announcement }, texts);
    // It is there at once: what comes in from nothing is seen a frame later, which takes long where everything does.
    stand.querySelector(".screen").style.animation = "none";
    untouched = controlsOf(stand).map(({ value, checked }) => ({ value, checked }));
    listen(stand.querySelector("form"));
    shownAt = performance.now();
    drawn();
  }

  // ---- what the person does

  function listen(form) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      press(form.querySelector("[type=submit]"));
    });
    form.addEventListener("click", (event) => {
      const button = event.target.closest("[type=button]");
      if (button) press(button);
      // While something is on its way nothing may change, as in the wasm; disabling would lose focus.
      else if (pressed && !retry && event.target.matches("input")) event.preventDefault();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing || !event.target.matches("textarea")) return;
      event.preventDefault();
      press(form.querySelector("[type=submit]"));
    });
    form.addEventListener("pointerdown", () => hold("pointerup", "pointercancel"));
    // A space presses what it was put down on, when it comes up again.
    form.addEventListener("keydown", ({ key, repeat }) => key === " " && !repeat && hold("keyup", "blur"));
    form.addEventListener("compositionstart", () => (isComposing = true));
    form.addEventListener("compositionend", () => (isComposing = false));
  }

  /** Leaves everything in its place until one of these has happened, wherever it does. */
  function hold(...names) {
    isHeld = true;
    const once = new AbortController();
    const release = () => {
      once.abort();
      // The click that comes of it is told in the same breath.
      setTimeout(() => {
        isHeld = false;
        stand.dispatchEvent(new Event(RELEASED));
      });
    };
    for (const name of names) addEventListener(name, release, { capture: true, signal: once.signal });
  }

  function press(button) {
    if (!button || (pressed && !retry)) return;
    // Half a date would go for none; the browser says so in its own words.
    const date = button.type === "submit" && button.form.querySelector("[type=date]");
    if (date && date.validity.badInput) return void date.reportValidity();
    // The way to try again has no part, and stands for what was pressed last.
    if (button.part[0]) pressed = button;
    const form = button.form;
    form.setAttribute("aria-busy", "true");
    form.querySelector("[type=submit]").setAttribute("aria-disabled", "true");
    for (const field of form.querySelectorAll(".field")) field.readOnly = true;
    // Seen but not heard: the wasm's own line will say it.
    const line = element("span", { role: "status", tabindex: "-1" });
    status(line, element("span", { "aria-hidden": "true" }, texts.sending));
    // The button was in the line's place.
    if (!button.isConnected) line.focus();
    const again = retry;
    retry = undefined;
    again?.();
  }

  function status(...children) {
    const line = stand.querySelector(".status");
    line.classList.toggle("trouble", children.some((child) => child.matches("button")));
    line.replaceChildren(...children);
  }

  /** Whether the wasm's screen may not take over yet: the field is in the middle of something that cannot be moved. */
  const isBusy = () => {
    // A button that is replaced while it is held down is never clicked.
    if (isComposing || isHeld) return true;
    const field = shadow.activeElement;
    // Half a date has no value, and half a year is the year 201.
    return !pressed && field?.type === "date" && stand.contains(field) && (field.validity.badInput || (field.value && field.value < "1000"));
  };

  return {
    root,
    /** When this screen has had its turn: a slow phone would otherwise be busy with the wasm's before it. It has none without a token. */
    shown: () => early.isUnderWay() && shown,

    /** The reply that the wasm takes for that of its own first call, and since when it is on screen. Where it is here before the token, it makes that call itself. */
    early: () => (early.isUnderWay() ? { reply: early.reply, shownAt } : early.abort()),

    /** Whether there is something here that only this screen knows. */
    isTouched: () => Boolean(pressed || (untouched && controlsOf(stand).some(({ value, checked }, index) => value !== untouched[index].value || checked !== untouched[index].checked))),

    /** The wasm has drawn its first screen: puts it in this one's place, with all that was done here, then calls `then`. */
    handOver(then, mayWait = true) {
      if (isOver) return then();
      if (mayWait && isBusy()) {
        const again = () => {
          // What ends a composition may be told before its last text is.
          setTimeout(() => this.handOver(then), 0);
        };
        const once = new AbortController();
        for (const name of ["compositionend", "input", "focusout", "submit", "click", RELEASED]) {
          stand.addEventListener(name, () => (once.abort(), again()), { signal: once.signal });
        }
        return undefined;
      }
      isOver = true;
      clearTimeout(waiting);
      root.removeAttribute("hidden");
      if (untouched) {
        const screen = root.querySelector(".screen");
        // It was seen already.
        screen?.style.setProperty("animation", "none");
        // It was read out already.
        const [read, news] = [stand, root].map((element) => element.querySelector(".ir > [aria-live]")?.firstChild);
        if (news && news.data === read?.data) news.data = "";
        if (isSame(stand, root)) carry(stand, root, untouched, pressed);
        else if (stand.contains(shadow.activeElement)) root.querySelector("[data-focus]")?.focus({ preventScroll: true });
      }
      stand.remove();
      return then();
    },

    /**
     * The wasm could not be loaded. Gives whether a screen is shown that is worth keeping: what was typed is still in it, and
     * the next press calls `again`. Of a kind that only the wasm knows there is nothing to press.
     */
    async keep(again) {
      await patiently(drawing);
      if (!stand.querySelector("button")) return false;
      retry = again;
      if (pressed) {
        const form = pressed.form;
        form.removeAttribute("aria-busy");
        form.querySelector("[type=submit]").removeAttribute("aria-disabled");
        for (const field of form.querySelectorAll(".field")) field.readOnly = false;
        const button = element("button", { type: "button", class: "link" }, texts.retry);
        status(element("span", { role: "status" }, texts.refused), button);
      }
      return true;
    },

    /** There will be no screen: what `host` itself holds is shown. */
    clear: () => shadow.replaceChildren(document.createElement("slot")),

    stop() {
      isOver = true;
      clearTimeout(waiting);
      early.abort();
    },
  };
}

/** The screen that a reply of `POST /session` asks for; `typed` are the drafts that the device has. */
function screenOf({ campaign, turn: { type, question }, draft, answers = [] }, typed, texts) {
  if (type === "consent") return consentForm(campaign, texts);
  if (!isDrawable(question.kind)) return questionToCome(question);
  const drafts = [draft, ...typed].filter((one) => one?.question_id === question.id);
  // The newest; of two that are the same the server's, of which it is said that it is saved.
  const [newest] = drafts.sort((one, other) => other.seq - one.seq);
  const isBeginning = answers.length === 0 && !campaign.consent?.length;
  return questionCard(question, { value: written(newest?.value, question.kind, campaign.locale), isSaved: newest !== undefined && newest === draft }, isBeginning && campaign, texts);
}

/** A number as its language writes it, with the wasm's own decimal sign: it is read as such when somebody goes on typing. */
function written(value, kind, language) {
  const isDecimal = kind === "number" && typeof value === "number";
  return isDecimal && (0.5).toLocaleString(language).includes(",") ? String(value).replace(".", ",") : value;
}

/** A task after the next frame; where no frames are drawn, as in a tab in the background, soon. */
function painted() {
  return new Promise((done) => {
    setTimeout(done, 100);
    requestAnimationFrame(() => setTimeout(done));
  });
}
