// What surrounds an interview that is not inline: a dialog over the page, or one that fills it.
//
// Both are a modal <dialog>. The browser then does what pages get wrong by hand: it is above everything whatever the
// page's z-index and transforms are, the rest of the page is inert, Tab stays inside, and focus goes back where it was.
// The full page has no way out of its own, since it is the page: the page's code unmounts it.
import { element } from "./first-markup.js";
import { lockScroll } from "./scroll-lock.js";
import { STYLE } from "./frame-style.js";

/** An interview that takes its place among the page's own content. */
export function inlineFrame(target, host) {
  target.append(host);
  return { arrived() {}, close() {}, remove: () => host.remove() };
}

/**
 * Opens a dialog inside `target`, with `host` in it. The host stays in the light tree, so that `::part()` and events
 * work as they do inline. `leave` is called when the person wants to go.
 */
export function dialogFrame(target, host, { mode, title, closeLabel, colorScheme, theme }, leave) {
  const frame = element("div", { "data-interview-relay-frame": mode });
  const shadow = frame.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  shadow.adoptedStyleSheets = [sheet];

  const body = element("div", { class: "body" }, element("slot", {}));
  const looks = { class: mode, part: "dialog", "aria-label": title, "data-scheme": colorScheme, tabindex: "-1" };
  const dialog = element("dialog", looks, mode === "popup" && bar(closeLabel, leave), body);
  shadow.append(dialog);
  frame.append(host);
  target.append(frame);
  paint(frame, theme);

  dialog.addEventListener("cancel", (event) => {
    if (event.target !== dialog) return;
    event.preventDefault();
    if (mode === "popup") leave();
  });
  // The second Escape would otherwise close it whatever `cancel` says; where this attribute is unknown, `close` opens it again.
  if (mode === "fullpage") dialog.setAttribute("closedby", "none");
  let isOpen = true;
  dialog.addEventListener("close", () => {
    // It was put back by then.
    if (!isOpen || dialog.open) return;
    if (mode === "popup") leave();
    else dialog.showModal();
  });
  const opener = focused();
  if (target.isConnected) dialog.showModal();
  if (dialog.getClientRects().length === 0) {
    isOpen = false;
    frame.remove();
    throw new Error(`InterviewRelay.mount: a ${mode} needs an element that is in the document and not hidden; document.body will do.`);
  }
  // Not the close button, which the browser would choose: the dialog says its name, and the interview takes over.
  dialog.focus({ preventScroll: true });
  const unlock = lockScroll();
  // A page that takes the element away and does not unmount would be left without scrolling. Told after the next layout: who moves the
  // element has put it back by then.
  const look = () => {
    if (!frame.isConnected) leave();
    // A dialog that was moved is open, and only that.
    else if (isOpen && !dialog.matches(":modal")) {
      dialog.close();
      dialog.showModal();
      dialog.focus({ preventScroll: true });
    }
  };
  const gone = new ResizeObserver(look);
  gone.observe(dialog);
  // The animation with which it opens begins anew in its new place.
  dialog.addEventListener("animationstart", look);

  return {
    /** The first screen is shown: what it looks like and which way it reads is known now. */
    arrived() {
      for (const name of host.style) if (name.startsWith("--interview-relay-")) frame.style.setProperty(name, host.style.getPropertyValue(name));
      const root = host.shadowRoot?.querySelector("[part~=root]");
      if (root) {
        dialog.dir = root.dir;
        // The dialog has the corners; the interview's own would cut the ends off its progress bar.
        root.style.borderRadius = "0";
      }
      // Only from the dialog: a person who has gone to the close button meanwhile stays there.
      if (shadow.activeElement === dialog) host.shadowRoot?.querySelector("[data-focus]")?.focus({ preventScroll: true });
    },
    /** Gives the page back: focus, scrolling, all that was inert. */
    close() {
      isOpen = false;
      gone.disconnect();
      dialog.removeEventListener("animationstart", look);
      dialog.close();
      // The browser does not return it when the dialog was taken out of the page before it was closed.
      if (focused() === document.body && opener?.isConnected) opener.focus({ preventScroll: true });
      unlock();
    },
    remove: () => frame.remove(),
  };
}

/** What has focus, in whatever shadow root it is. */
function focused() {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active;
}

function bar(closeLabel, leave) {
  const icon = element("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, element("path", { d: "M6 6l12 12M18 6L6 18" }));
  const button = element("button", { type: "button", class: "close", part: "close", "aria-label": closeLabel }, icon);
  button.addEventListener("click", leave);
  return element("div", { class: "bar" }, button);
}

/** Sets the custom properties of a theme, however their names are written. */
export function paint(target, theme) {
  for (const [name, value] of Object.entries(theme)) {
    if (typeof value !== "string") continue;
    const property = name.replace(/^--interview-relay-/, "").replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replaceAll("_", "-");
    target.style.setProperty(`--interview-relay-${property}`, value);
  }
}
