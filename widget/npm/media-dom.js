// Elements.

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

/** The button that leads on from the question: where focus goes when there is nothing more to do, and never to what takes out. */
export const goOn = (stage) => stage.closest("form")?.querySelector("[type=submit]");

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
