// Files: what may be chosen, the button and drop area, and a row for each.
import { goOn, h, icon } from "./media-dom.js";
import { count, fill, oneOf, size } from "./media-texts.js";

const UPLOAD = "M12 16V5m-5 5l5-5 5 5M5 19h14";
const REMOVE = "M6 6l12 12M18 6L6 18";
const CHECK = "M5 13l4.5 4.5L19 7";

/** Draws the files of a question into `stage`. */
export function fileView(stage, { list, limits, texts, language, say, isLocked }) {
  const { maxFiles } = limits;
  const rows = rowsFor(list, { texts, language, isLocked, onRemoved: () => focus(), onSent: () => focus() });
  const problems = h("p", { class: "error", role: "alert", id: "file-error" });
  const take = (files) => {
    if (isLocked()) return;
    const room = maxFiles - list.items.length;
    const wrong = [];
    for (const file of files.slice(0, Math.max(0, room))) {
      const problem = problemWith(file, { limits, texts, language });
      if (problem) wrong.push(`${file.name}: ${problem}`);
      else list.add(file, { name: file.name, type: file.type || "application/octet-stream" });
    }
    const isTooMany = files.length > room;
    problems.textContent = [...wrong, ...(isTooMany ? [count(texts.file_limit, maxFiles, language)] : [])].join(" ");
    draw();
    if (wrong.length < Math.min(files.length, room)) {
      say(texts.file_uploading);
      focus();
    }
  };
  const label = maxFiles > 1 ? texts.file_choose_several : texts.file_choose;
  const chooser = chooserFor(limits, { label, hint: texts.file_drop, detail: detail(limits, texts, language), multiple: maxFiles > 1, take });
  stage.append(rows.element, chooser, problems);

  function draw() {
    rows.draw();
    chooser.hidden = list.items.length >= maxFiles;
  }
  /** To what there is to do: the item that has failed, else the way to choose, else the way on. */
  function focus(item) {
    const target = (item && rows.button(item)) ?? (chooser.hidden ? (goOn(stage) ?? rows.button(list.items[0])) : chooser.querySelector("input"));
    target?.focus();
  }
  return { draw, focus, isBusy: () => false, finish: () => false, cancel() {}, destroy() {} };
}

/** A native file input under a label that looks like what it is: a button, and an area to drop on. */
export function chooserFor({ accept }, { label, hint, detail, multiple = false, capture, take }) {
  const input = h("input", {
    type: "file",
    multiple,
    capture,
    accept: accept.join(",") || undefined,
    "aria-describedby": "file-error",
    onchange() {
      const files = [...input.files];
      // The same file can be chosen again after it was removed.
      input.value = "";
      if (files.length > 0) take(files);
    },
    // Chromium opens it with the space bar alone, and Enter would send the form.
    onkeydown(event) {
      if (event.key !== "Enter") return;
      event.preventDefault();
      input.click();
    },
    ondragenter: () => area.classList.add("over"),
    ondragleave: () => area.classList.remove("over"),
    ondrop: () => area.classList.remove("over"),
  });
  const words = h("span", { class: "words" }, h("span", { class: "act" }, label), hint && h("span", { class: "hint" }, hint));
  const area = h("label", { class: "drop", part: "choice" }, input, icon(UPLOAD), words, detail && h("small", {}, detail));
  return area;
}

/** What is wrong with a file before it is sent, if something is. The server looks again. */
export function problemWith(file, { limits, texts, language }) {
  if (!isAccepted(file, limits.accept)) return fill(texts.file_wrong_type, oneOf(kinds(limits.accept, texts), language));
  if (file.size > limits.maxBytes) return fill(texts.file_too_large, size(limits.maxBytes, language));
}

/** Whether a file is of one of these types (HTML, `accept`): `image/*`, `application/pdf`, `.csv`. */
export function isAccepted({ name = "", type }, accept) {
  const lower = type.toLowerCase();
  return (
    accept.length === 0 ||
    accept.some((pattern) => {
      const wanted = pattern.trim().toLowerCase();
      if (wanted.startsWith(".")) return name.toLowerCase().endsWith(wanted);
      return wanted === "*/*" || (wanted.endsWith("/*") ? lower.startsWith(wanted.slice(0, -1)) : lower === wanted);
    })
  );
}

/** Types as people call them: `images`, `PDF`, `.csv`. */
function kinds(accept, texts) {
  const families = { image: texts.file_images, audio: texts.file_audio, video: texts.file_videos, text: texts.file_text };
  return accept.map((pattern) => {
    const [family, name = ""] = pattern.trim().split("/");
    return name === "*" || name === "" ? (families[family.toLowerCase()] ?? family) : name.split(/[.+-]/).pop().toUpperCase();
  });
}

function detail({ accept, maxBytes, maxFiles }, texts, language) {
  const parts = kinds(accept, texts);
  if (Number.isFinite(maxBytes)) parts.push(fill(texts.media_most, size(maxBytes, language)));
  if (maxFiles > 1) parts.push(count(texts.file_limit, maxFiles, language));
  return parts.join(" · ");
}

/** A row for each item: its name, how far it is, and the way to take it out. Rows stay, so that focus does. */
export function rowsFor(list, { texts, language, isLocked, onRemoved, onSent = () => {}, canRemove = () => true, nameOf = ({ name }) => name }) {
  const element = h("ul", { class: "items" });
  const drawn = new Map();

  const make = (item) => {
    const name = h("span", { class: "name", dir: "auto" });
    const state = h("span", { class: "detail" });
    const bar = h("progress", { max: Math.max(1, item.size ?? 1) });
    const again = h("button", { type: "button", class: "link", onclick: () => isLocked() || onSent(list.send(item)) }, texts.try_again);
    const button = h("button", { type: "button", class: "move", onclick: remove }, icon(REMOVE));
    const mark = h("span", { class: "mark" }, icon(CHECK));
    const row = h("li", { class: "item", part: "choice" }, mark, h("span", { class: "words" }, name, state, bar), again, button);
    function remove() {
      if (isLocked()) return;
      list.remove(item);
      onRemoved(item);
    }
    const draw = () => {
      const { status, message, isPaused, sentBytes = 0 } = item;
      row.dataset.status = status === "open" && isPaused ? "paused" : status;
      name.textContent = nameOf(item);
      const words = { held: "", done: texts.file_done, failed: message, open: isPaused ? texts.file_paused : texts.file_uploading };
      state.textContent = [item.size !== undefined && size(item.size, language), words[status]].filter(Boolean).join(" · ");
      bar.value = sentBytes;
      bar.hidden = status !== "open";
      bar.setAttribute("aria-label", `${nameOf(item)}: ${texts.file_uploading}`);
      again.hidden = status !== "failed" || !item.blob;
      button.hidden = !canRemove(item);
      mark.hidden = status !== "done";
      button.setAttribute("aria-label", fill(texts.file_remove, nameOf(item)));
    };
    return { row, draw, button: () => (again.hidden ? button : again) };
  };

  return {
    element,
    draw() {
      for (const [item, { row }] of drawn) {
        if (list.items.includes(item)) continue;
        row.remove();
        drawn.delete(item);
      }
      for (const [index, item] of list.items.entries()) {
        if (!drawn.has(item)) drawn.set(item, make(item));
        const { row, draw } = drawn.get(item);
        draw();
        if (element.children[index] !== row) element.insertBefore(row, element.children[index] ?? null);
      }
      element.hidden = list.items.length === 0;
    },
    button: (item) => drawn.get(item)?.button(),
  };
}
