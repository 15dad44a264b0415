// The screens that an interview may begin with, drawn without the wasm. Tags, classes, ids, parts and ARIA are those of
// widget/src/components, and tests/journeys/first-screen.spec.ts holds the two against each other.

const SVG = "http://www.w3.org/2000/svg";

/** What surrounds every screen; `screen` is the only thing in it that is not there on each. */
export function frame({ language, direction, colorScheme, title, progress, announcement }, screen, text) {
  return element("div", { class: "ir", role: "group", part: "root", lang: language, dir: direction, "data-scheme": colorScheme, "aria-label": title || text.region },
    progress !== undefined && progressBar(progress, text),
    element("div", { class: "stage" }, element("div", { class: "screen", part: "screen" }, screen)),
    element("p", { class: "unseen", "aria-live": "polite" }, announcement)
  );
}

export function loading(text) {
  return element("div", { class: "loading", role: "status" }, spinner(), element("span", {}, text.loading));
}

export function consentForm({ title, intro, consent = [] }, text) {
  const hasRequired = consent.some((item) => item.required);
  const item = ({ required, text: label }) =>
    element("label", { class: "choice", part: "choice" },
      element("input", { type: "checkbox", "aria-required": required && "true" }),
      element("span", {}, label, !required && element("small", {}, text.optional))
    );
  return form(
    element("h2", { id: "question", part: "heading", tabindex: "-1", "data-focus": "" }, title),
    intro && element("p", { class: "body" }, intro),
    element("div", { class: "choices", role: "group", "aria-labelledby": "question" }, ...consent.map(item)),
    element("div", { class: "actions" }, primary(hasRequired ? text.agree : text.go_on), hasRequired && secondary(text.decline)),
    status()
  );
}

/** A question; `value` is its draft, and `introduction` the campaign where its title stands above the question. */
export function questionCard(question, { value, isSaved }, introduction, text) {
  const { kind, required, help } = question;
  const field = fieldOf(question, value, text);
  const hint = help || (kind === "multi_choice" && text.choose_several);
  return form(
    introduction && element("div", { class: "intro" }, element("p", { class: "title" }, introduction.title), introduction.intro && element("p", { class: "body" }, introduction.intro)),
    element("h2", { id: "question", part: "heading", tabindex: "-1", "data-focus": kind === "statement" && "" }, question.text),
    element("p", { class: "help", id: "help", part: "help" }, hint),
    time(question),
    field,
    element("div", { class: "actions" },
      primary(text.go_on),
      !required && kind !== "statement" && secondary(text.skip),
      kind === "long_text" && element("span", { class: "keys", "aria-hidden": "true" }, text.long_text_keys)
    ),
    status(isSaved && text.saved)
  );
}

/** A question of a kind that only the wasm can show, as far as it goes. */
export function questionToCome(question) {
  const { text: heading, help } = question;
  const drawn = form(
    element("h2", { id: "question", part: "heading", tabindex: "-1", "data-focus": "" }, heading),
    element("p", { class: "help", id: "help", part: "help" }, help),
    time(question),
    element("div", { class: "loading" }, spinner())
  );
  drawn.setAttribute("aria-busy", "true");
  return drawn;
}

/** Room for the time that is left, which the wasm counts. */
const time = (question) => question.time_limit_ms && element("p", { class: "time", part: "time" }, "\u00a0");

function fieldOf(question, draft, text) {
  const { kind, choices = [] } = question;
  switch (kind) {
    case "statement":
      return undefined;
    case "yes_no":
      return cards(question, [[text.yes, draft === true], [text.no, draft === false]]);
    case "consent":
      return cards(question, [[text.i_agree, draft === true], [text.i_disagree, draft === false]]);
    case "single_choice":
      return cards(question, choices.map(({ id, label }) => [label, draft === id]));
    case "multi_choice":
      return cards(question, choices.map(({ id, label }) => [label, Array.isArray(draft) && draft.includes(id)]));
    case "rating":
      return scale(question, draft);
    default:
      return textField(question, draft);
  }
}

const CHOSEN = ["yes_no", "consent", "single_choice", "multi_choice", "rating"];
const TYPED = ["short_text", "long_text", "email", "number", "date"];

/** Whether {@link questionCard} knows this kind. */
export const isDrawable = (kind) => kind === "statement" || CHOSEN.includes(kind) || TYPED.includes(kind);

function textField({ kind, required, validate = {} }, draft) {
  const value = draft === undefined || draft === null ? "" : String(draft);
  const aria = { "aria-labelledby": "question", "aria-describedby": "help", "aria-required": required && "true" };
  let field;
  if (kind === "long_text") {
    field = element("textarea", { class: "field", part: "field", rows: "5", "data-focus": "", ...aria });
  } else {
    const mode = { number: "decimal", email: "email" }[kind];
    const type = { date: "date", email: "email" }[kind] ?? "text";
    const day = (bound) => typeof bound === "string" && bound;
    const look = type === "date" ? "date" : mode;
    const typing = { type, inputmode: mode, autocomplete: "off", enterkeyhint: "next", "data-focus": "" };
    field = element("input", { class: look ? `field ${look}` : "field", part: "field", ...typing, min: day(validate.min_value), max: day(validate.max_value), ...aria });
  }
  field.value = value;
  return field;
}

function cards({ kind, required }, choices) {
  const isMultiple = kind === "multi_choice";
  const focused = Math.max(0, choices.findIndex(([, isChosen]) => isChosen));
  const card = ([label, isChosen], index) =>
    element("label", { class: "choice", part: "choice" }, tick(isMultiple ? "checkbox" : "radio", isChosen, index === focused), element("span", {}, label));
  const aria = { role: isMultiple ? "group" : "radiogroup", "aria-labelledby": "question", "aria-describedby": "help", "aria-required": required && !isMultiple && "true" };
  return element("div", { class: choices.length === 2 ? "choices pair" : "choices", ...aria }, ...choices.map(card));
}

function scale({ required, validate = {} }, draft) {
  const { min_value: first = 1, max_value: last = 5 } = validate;
  const points = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const focused = draft ?? first;
  const point = (value) => element("label", { class: "point", part: "choice" }, tick("radio", value === draft, value === focused), element("span", {}, String(value)));
  const aria = { role: "radiogroup", "aria-labelledby": "question", "aria-describedby": "help", "aria-required": required && "true" };
  return element("div", { class: last - first > 6 ? "scale long" : "scale", ...aria }, ...points.map(point));
}

function tick(type, isChosen, isFocused) {
  const input = element("input", { type, name: "answer", "data-focus": isFocused && "" });
  input.checked = isChosen;
  return input;
}

/** In the pieces of the wasm's status line; what the wasm will say, only the wasm says to a screen reader. */
function status(said) {
  return element("div", { class: "status", part: "status" }, element("span", { role: "status", tabindex: "-1" }, said));
}

function form(...children) {
  return element("form", { novalidate: "novalidate" }, ...children);
}

function primary(label) {
  return element("button", { type: "submit", class: "primary", part: "button" }, label);
}

function secondary(label) {
  return element("button", { type: "button", class: "secondary", part: "secondary" }, label);
}

function spinner() {
  return element("span", { class: "spinner" });
}

function progressBar(progress, text) {
  const percent = String(Math.round(Math.min(1, Math.max(0, progress)) * 100));
  const svg = element("svg", { viewBox: "0 0 100 1", preserveAspectRatio: "none", "aria-hidden": "true" }, element("rect", { width: percent, height: "1" }));
  const aria = { role: "progressbar", "aria-label": text.progress, "aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": percent };
  return element("div", { class: "progress", part: "progress", ...aria }, svg);
}

/** An element with attributes and children; what is `false`, `undefined` or `null` is left out. */
export function element(tag, attributes, ...children) {
  const isDrawing = ["svg", "rect", "path"].includes(tag);
  const made = isDrawing ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (typeof value === "string") made.setAttribute(name, value);
  made.append(...children.filter(Boolean));
  return made;
}
