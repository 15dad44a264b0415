// Keeps the page behind a pop-up or a full page where it is. Several may be open: the last one that closes lets go.

let holders = 0;
let release;

/** Stops the page from scrolling; gives the function that ends it, which may be called more than once. */
export function lockScroll() {
  holders += 1;
  release ??= hold(document.documentElement);
  let isHeld = true;
  return () => {
    if (!isHeld) return;
    isHeld = false;
    holders -= 1;
    if (holders > 0) return;
    release();
    release = undefined;
  };
}

function hold(root) {
  const { scrollX, scrollY } = window;
  const had = root.getAttribute("style");
  // Through the object model and not as an attribute, which a strict Content-Security-Policy would refuse.
  const { style } = root;
  const before = ["overflow", "scrollbar-gutter"].map((name) => [name, style.getPropertyValue(name), style.getPropertyPriority(name)]);
  // Where a scrollbar took room its room stays, or everything behind would jump to the side.
  if (window.innerWidth > root.clientWidth) style.setProperty("scrollbar-gutter", "stable", "important");
  style.setProperty("overflow", "hidden", "important");
  return () => {
    for (const [name, value, priority] of before) {
      style.removeProperty(name);
      if (value) style.setProperty(name, value, priority);
    }
    // Read first: Chromium writes the attribute when it is asked for, and would leave an empty one behind.
    if (had === null && root.getAttribute("style") === "") root.removeAttribute("style");
    // Focus that went to and fro may have moved it, and `scroll-behavior: smooth` must not make a journey of the way back.
    if (window.scrollX !== scrollX || window.scrollY !== scrollY) window.scrollTo({ left: scrollX, top: scrollY, behavior: "instant" });
  };
}
