// Audio and video: from "Start recording" over thinking, recording and listening to it, up to sending it.
import { goOn, h, icon } from "./media-dom.js";
import { chooserFor, isAccepted, problemWith, rowsFor } from "./media-files.js";
import { player } from "./media-player.js";
import { clock, count, fill } from "./media-texts.js";
import { underWay } from "./media-store.js";
import { canRecord, open, typeFor } from "./recorder.js";

const AGAIN = "M4 12a8 8 0 1 0 3-6.2M4 4v4h4";

/** Draws the recording of a question into `stage`. */
export function recordingView(stage, { kind, list, limits, texts, language, say, isLocked, stopWaiting }) {
  const { maxMs, maxBytes, maxRetakes, thinkMs } = limits;
  const accept = limits.accept.length > 0 ? limits.accept : [`${kind}/*`];
  const says =
    kind === "video"
      ? { lead: texts.record_video, denied: texts.record_denied_video, missing: texts.record_no_camera }
      : { lead: texts.record_audio, denied: texts.record_denied_audio, missing: texts.record_no_microphone };
  const isRecorded = (item) => item.durationMs !== undefined;
  const rows = rowsFor(list, {
    ...{ texts, language, isLocked },
    onRemoved: () => show("idle"),
    canRemove: (item) => !isRecorded(item) || hasRetakes(),
    nameOf: (item) => (isRecorded(item) ? texts.record_preview : item.name),
  });
  // What is open now: the devices, what they record, and when thinking is over.
  let session;
  let take;
  let thinkUntil;
  let preview;
  let frame;
  let takes = 0;
  let screen = "idle";
  let shown;
  let trouble;
  let isDiscarded = false;
  let isOver = false;

  const item = () => list.items[0];
  const hasRetakes = () => takes <= maxRetakes;
  const type = () => typeFor(kind, (type) => isAccepted({ type: type.split(";")[0] }, accept));
  const button = (name, label, onclick, ...more) =>
    h("button", { type: "button", class: name, part: name === "secondary" ? "secondary" : "button", onclick: () => isLocked() || onclick() }, ...more, label);

  // ---- the way of a recording

  async function start() {
    if (screen === "asking") return;
    stopWaiting();
    if (!canRecord() || !type()) return fail(texts.record_unsupported);
    trouble = undefined;
    show("asking");
    let opened;
    try {
      opened = await open(kind);
    } catch (error) {
      if (isOver) return;
      const isDenied = error.name === "NotAllowedError" || error.name === "SecurityError";
      return isDenied ? fail(texts.record_denied_help, says.denied) : fail(says.missing);
    }
    // The person may be at another question by now.
    if (isOver || screen !== "asking" || !stage.isConnected) return opened.close();
    session = opened;
    if (document.hidden) return hidden();
    if (thinkMs > 0) {
      thinkUntil = performance.now() + thinkMs;
      show("thinking");
    } else record();
  }

  function record() {
    try {
      take = session.record({ type: type(), maxMs, maxBytes });
    } catch {
      release();
      return fail(texts.record_unsupported);
    }
    takes += 1;
    show("recording");
    say(texts.record_recording);
    addEventListener("beforeunload", warn);
    const ends = session;
    const ended = take.done.finally(() => {
      ends.close();
      removeEventListener("beforeunload", warn);
    });
    // Who takes the interview away waits for it.
    underWay(ended.then(({ blob, durationMs }) => hold(blob, durationMs), lost));
  }

  /** Nothing was recorded: it counts for no take. */
  function lost() {
    take = undefined;
    takes -= 1;
    if (isDiscarded) isDiscarded = false;
    else if (!isOver) fail(says.missing);
  }

  /** Keeps what was recorded, also when the person has left meanwhile: it is there when they come back. */
  function hold(blob, durationMs) {
    take = session = undefined;
    if (isDiscarded) return (isDiscarded = false);
    // What was recorded before stays until there is something in its place.
    const name = `${kind}.${/mp4/.test(blob.type) ? "mp4" : /ogg/.test(blob.type) ? "ogg" : "webm"}`;
    screen = "review";
    list.replace(blob, { name, type: blob.type, durationMs, takes, status: "held" });
    if (!isOver) say(`${texts.record_preview}: ${clock(durationMs, language, Math.floor)}`);
  }

  /** What is being recorded goes with the page. */
  const warn = (event) => event.preventDefault();

  function use() {
    if (item()?.status === "held") list.send(item());
  }

  function instead(files) {
    const problem = problemWith(files[0], { limits: { ...limits, accept }, texts, language });
    if (problem) return (stage.querySelector("#file-error").textContent = `${files[0].name}: ${problem}`);
    screen = "review";
    list.add(files[0], { name: files[0].name, type: files[0].type });
  }

  function release() {
    cancelAnimationFrame(frame);
    session?.close();
    session = undefined;
  }

  function fail(help, title) {
    release();
    trouble = { help, title };
    show(item() ? "review" : "trouble");
  }

  /** A page that nobody sees, or has taken the interview away, records nobody: what is there is kept. */
  function hidden() {
    if (!document.hidden && stage.isConnected) return;
    if (take) take.stop();
    else if (screen === "thinking" || (screen === "asking" && session)) {
      release();
      show("idle");
    }
  }

  // ---- what is on screen

  const SCREENS = {
    idle: () => [
      h("p", { class: "lead" }, says.lead),
      h("div", { class: "row" }, button("secondary main", texts.record_start, start, h("span", { class: "dot" })), note(clock(maxMs, language), texts.media_most)),
    ],
    asking: () => [h("div", { class: "row" }, h("button", { type: "button", class: "secondary main", "aria-disabled": "true" }, h("span", { class: "spinner", "aria-hidden": "true" }), texts.record_start)), h("p", { class: "detail" }, texts.record_asking)],
    thinking: () => [live(), h("p", { class: "lead", "data-clock": true }), h("div", { class: "row" }, button("secondary main", texts.record_now, record, h("span", { class: "dot" })))],
    recording: () => [
      live(),
      h("div", { class: "row" }, h("span", { class: "dot on" }), h("strong", {}, texts.record_recording), h("span", { class: "detail", "data-clock": true })),
      h("div", { class: "level", role: "meter", "aria-label": texts.record_level, "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": 0 }, h("span")),
      h("div", { class: "row" }, button("secondary main", texts.record_stop, () => take.stop(), h("span", { class: "square" }))),
    ],
    review: () => [
      trouble && warning(),
      item().status === "held" && h("p", { class: "lead" }, texts.record_preview, " ", h("span", { class: "detail" }, clock(item().durationMs, language, Math.floor))),
      preview?.element,
      item().status !== "held" && rows.element,
      h(
        "div",
        { class: "row" },
        item().status === "held" && button("secondary main", texts.record_use, use),
        hasRetakes() && isRecorded(item()) && button("link", texts.record_again, start, icon(AGAIN)),
        Number.isFinite(maxRetakes) && hasRetakes() && isRecorded(item()) && h("span", { class: "detail" }, count(texts.record_retakes_left, maxRetakes + 1 - takes, language)),
      ),
    ],
    trouble: () => [
      warning(),
      canRecord() && h("div", { class: "row" }, button("secondary main", texts.record_start, start, h("span", { class: "dot" }))),
      chooserFor({ accept }, { label: texts.record_upload_instead, capture: kind === "video" ? "user" : true, take: (files) => isLocked() || instead(files) }),
      h("p", { class: "error", role: "alert", id: "file-error" }),
    ],
  };
  const warning = () => h("div", { class: "notice", role: "alert" }, trouble.title && h("strong", {}, trouble.title), h("p", {}, trouble.help));
  const note = (value, text) => h("span", { class: "detail" }, fill(text, value));

  function live() {
    if (kind !== "video") return false;
    const video = h("video", { class: "picture live", playsinline: true, "aria-hidden": "true" });
    video.muted = true;
    video.srcObject = session.stream;
    video.play().catch(() => {});
    return video;
  }

  function show(next) {
    screen = next;
    draw();
  }

  function draw() {
    if (item() && screen === "idle") screen = "review";
    if (!item() && screen === "review") screen = "idle";
    if (item()?.takes > takes) takes = item().takes;
    if (preview && preview.blob !== item()?.blob) preview = preview.destroy();
    if (!preview && item()?.blob) preview = player(kind, item().blob, texts.record_preview);
    // Before what has it is taken out.
    const had = stage.contains(stage.getRootNode().activeElement);
    rows.draw();
    // Drawn anew only when something else is there, so that focus and what plays are left alone.
    const now = `${screen} ${item()?.status} ${item()?.clientId} ${trouble?.help}`;
    if (now === shown) return;
    const isFirst = shown === undefined;
    shown = now;
    stage.replaceChildren(...SCREENS[screen]().filter(Boolean));
    if (had) focus();
    cancelAnimationFrame(frame);
    if (screen === "thinking" || screen === "recording") tick();
    // The first time it is not known yet what there is.
    if (!isFirst) list.changed();
  }

  function tick() {
    if (!stage.isConnected) return hidden();
    frame = requestAnimationFrame(tick);
    const time = stage.querySelector("[data-clock]");
    if (screen === "thinking") {
      const left = thinkUntil - performance.now();
      write(time, fill(texts.record_think, clock(Math.max(0, left), language)));
      if (left <= 0) record();
      return;
    }
    if (!take) return;
    write(time, fill(texts.time_left, clock(take.leftMs(), language)));
    const meter = stage.querySelector(".level");
    const level = session?.level() ?? 0;
    meter.firstChild.style.setProperty("transform", `scaleX(${level.toFixed(3)})`);
    // People who listen are told in steps.
    const percent = String(Math.round(level * 20) * 5);
    if (meter.getAttribute("aria-valuenow") !== percent) meter.setAttribute("aria-valuenow", percent);
  }

  function focus() {
    const row = item()?.status === "failed" ? rows.button(item()) : goOn(stage);
    (stage.querySelector(".main") ?? row ?? stage.querySelector("button, input"))?.focus();
  }

  document.addEventListener("visibilitychange", hidden);
  return {
    draw,
    focus,
    isBusy: () => screen === "thinking" || screen === "recording",
    /** The person wants to go on: what is being recorded ends, to be looked at first; what was recorded is used. */
    finish() {
      take?.stop();
      if (screen === "thinking" || screen === "recording") return true;
      use();
      return false;
    },
    /** Nothing of what is being recorded is wanted. */
    cancel() {
      if (screen !== "asking" && screen !== "thinking" && screen !== "recording") return;
      isDiscarded = Boolean(take);
      take?.stop();
      release();
      show("idle");
    },
    destroy() {
      isOver = true;
      document.removeEventListener("visibilitychange", hidden);
      take?.stop();
      release();
      preview?.destroy();
    },
  };
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
