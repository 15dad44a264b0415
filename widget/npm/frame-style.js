// The look of the dialogs around an interview. The values are those of widget/src/style.css, where `.ir` sets them.

const LIGHT = `
  --background: var(--interview-relay-background, #fff);
  --text: var(--interview-relay-text, #17181c);
  --accent: var(--interview-relay-accent, #4338ca);
  --line: var(--interview-relay-line, #e3e5ea);
  color-scheme: light;`;
const DARK = `
  --background: var(--interview-relay-background, #131418);
  --text: var(--interview-relay-text, #f0f1f4);
  --accent: var(--interview-relay-accent, #aab4ff);
  --line: var(--interview-relay-line, #2d3038);
  color-scheme: dark;`;

/** For a constructed style sheet: a strict Content-Security-Policy lets it pass. */
export const STYLE = `
/* The box itself takes no room in the page, whatever the page says about its elements. */
:host {
  all: initial !important;
  display: contents !important;
}
dialog {
  ${LIGHT}
  display: flex;
  flex-direction: column;
  box-sizing: border-box;
  width: 100%;
  max-width: none;
  height: 100%;
  height: 100dvh;
  max-height: none;
  margin: 0;
  padding: env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left);
  border: 0;
  outline: none;
  overflow: hidden;
  color: var(--text);
  background-color: var(--background);
  font-family: var(--interview-relay-font, system-ui, sans-serif);
  font-size: medium;
}
/* What is said when the interview could not be loaded. */
::slotted([role="alert"]) {
  padding: 2em;
}
dialog:not([open]) {
  display: none;
}
dialog[data-scheme="dark"] {
  ${DARK}
}
@media (prefers-color-scheme: dark) {
  dialog[data-scheme="auto"] {
    ${DARK}
  }
}
dialog::backdrop {
  background-color: rgb(10 11 16 / 60%);
}
.body {
  flex: 1;
  min-height: 0;
  overflow: auto;
  overscroll-behavior: contain;
}
.bar {
  display: flex;
  flex: none;
  justify-content: flex-end;
  padding: 0.25em;
}
.close {
  all: initial;
  display: grid;
  place-items: center;
  width: 2.75em;
  height: 2.75em;
  border-radius: 50%;
  color: var(--text);
  cursor: pointer;
}
.close:hover {
  background-color: var(--line);
}
.close:focus-visible {
  outline: 3px solid var(--accent);
  outline-offset: -3px;
}
.close svg {
  width: 1.5em;
  height: 1.5em;
  fill: none;
  stroke: currentcolor;
  stroke-width: 2;
  stroke-linecap: round;
}
@media (min-width: 40em) {
  .popup {
    width: min(44em, 100% - 4em);
    height: fit-content;
    max-height: calc(100dvh - 4em);
    margin: auto;
    border: 1px solid transparent;
    border-radius: 1em;
    box-shadow: 0 1em 3em rgb(10 11 16 / 35%);
  }
  .fullpage .body {
    padding-block: 4vh;
  }
}
@media (prefers-reduced-motion: no-preference) {
  .popup {
    animation: open 0.2s ease-out;
  }
}
@keyframes open {
  from {
    opacity: 0;
    transform: translateY(0.75em);
  }
}
@media (forced-colors: active) {
  .close svg {
    stroke: ButtonText;
  }
}
`;
