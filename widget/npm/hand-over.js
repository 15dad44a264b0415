// Carries what a person did on one screen to another that looks the same: values, ticks, the press, focus and selection.
// The other screen hears of it by the events of its own controls, as if the person had done it there.

const FOCUSABLE = "h2, input, textarea, button, .status > [role]";

/** What is typed into and ticked. */
export const controlsOf = (root) => [...root.querySelectorAll("input, textarea")];

/** Whether both screens ask the same: another tab, or an answer kept on the device, may have led further meanwhile. */
export function isSame(from, to) {
  const sum = (root) => [root.querySelector("h2")?.textContent, ...controlsOf(root).map((control) => `${control.type} ${control.labels?.[0]?.textContent}`)].join("\n");
  return sum(from) === sum(to);
}

/** `untouched` is what the controls of `from` held before the person did anything: only what differs is carried. */
export function carry(from, to, untouched, pressed) {
  const targets = controlsOf(to);
  controlsOf(from).forEach((control, index) => {
    const target = targets[index];
    if (control.checked !== untouched[index].checked) {
      // Of radio buttons only the one that is chosen says so.
      if (control.type === "radio" && !control.checked) return;
      target.checked = control.checked;
      target.dispatchEvent(new Event("change", { bubbles: true }));
    } else if (control.value !== untouched[index].value) {
      target.value = control.value;
      target.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
  });
  focus(from, to);
  // Events that do not leave the shadow root: the page has seen them once.
  if (pressed?.type === "submit") to.querySelector("form").dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
  else if (pressed) counterpart(pressed, from, to)?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
}

function focus(from, to) {
  const focused = from.getRootNode().activeElement;
  const target = focused && from.contains(focused) && counterpart(focused, from, to);
  if (!target) return;
  target.focus({ preventScroll: true });
  target.scrollTop = focused.scrollTop;
  // Kinds of fields that have no selection say `null`.
  const { selectionStart, selectionEnd, selectionDirection } = focused;
  if (typeof selectionStart === "number") target.setSelectionRange(selectionStart, selectionEnd, selectionDirection);
}

function counterpart(element, from, to) {
  return to.querySelectorAll(FOCUSABLE)[[...from.querySelectorAll(FOCUSABLE)].indexOf(element)];
}
