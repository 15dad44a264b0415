// Elements, and how sizes and times are written.

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes, `on…` listeners and children; what is `false` or nothing is left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== false && child !== undefined && child !== null));
  return element;
}

/** A picture, as a path in a square of 24 by 24; nothing reads it out. */
export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

export const fill = (text, value) => text.replace("{}", value);

/** `1.2 MB` in the person's language. */
export function size(bytes, language) {
  const [unit, divisor] = bytes >= 1e6 ? ["megabyte", 1024 * 1024] : ["kilobyte", 1024];
  const style = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: unit === "megabyte" ? 1 : 0 };
  return new Intl.NumberFormat(language, style).format(Math.max(bytes / divisor, bytes > 0 && unit === "kilobyte" ? 1 : 0));
}

/** `4:05`; of what is left, a second that has begun counts as whole. */
export function clock(milliseconds, round = Math.ceil) {
  const seconds = round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
