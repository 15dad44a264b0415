// How files and recordings look. It comes on top of widget/src/style.css, whose properties it uses.

export const STYLE = `
.media:focus {
  outline: none;
}
.media [hidden] {
  display: none !important;
}
.upload {
  display: grid;
  gap: 0.75em;
  margin-top: 1.5em;
}
.upload .error:empty {
  display: none;
}
.upload .error {
  margin: 0;
}
.waiting:empty {
  display: none;
}
.media .waiting:not(:empty) {
  display: flex;
  gap: 0.75em;
  align-items: center;
  margin: 1em 0 0;
}
.media .spinner {
  flex: none;
}

.drop {
  position: relative;
  display: grid;
  justify-items: center;
  gap: 0.25em;
  padding: 1.5em 1em;
  border: 1px dashed var(--border);
  border-radius: var(--radius);
  background-color: var(--surface);
  text-align: center;
  cursor: pointer;
  transition: background-color 0.15s, border-color 0.15s;
}
/* The input itself covers the area: a press, a drop and the keyboard all reach it. */
.drop input {
  position: absolute;
  inset: 0;
  width: 100%;
  height: 100%;
  opacity: 0;
  cursor: inherit;
}
.drop:hover,
.drop.over {
  border-color: var(--accent);
  background-color: var(--tint);
}
.drop:has(:focus-visible) {
  outline: 3px solid var(--accent);
  outline-offset: 2px;
}
.drop .icon {
  color: var(--accent);
}
.drop .words {
  display: flex;
  flex-wrap: wrap;
  justify-content: center;
  column-gap: 0.4em;
}
.drop .act {
  color: var(--accent);
  font-weight: 600;
}
.drop .hint,
.drop small,
.media .detail {
  color: var(--muted);
}
.drop small,
.media .detail {
  unicode-bidi: plaintext;
  font-size: 0.875em;
}
@media (hover: none) {
  .drop .hint {
    display: none;
  }
}
[dir="rtl"] form .drop span {
  text-align: center;
}

.items {
  display: grid;
  gap: 0.5em;
  margin: 0;
  padding: 0;
  list-style: none;
}
.item {
  display: flex;
  gap: 0.5em;
  align-items: center;
  min-height: 3.5em;
  padding: 0.3em;
  padding-inline-start: 0.9em;
  border: 1px solid var(--border);
  border-radius: var(--radius);
  background-color: var(--surface);
}
.item[data-status="failed"] {
  border-color: var(--danger);
}
.item[data-status="failed"] .detail {
  color: var(--danger);
}
.item .words {
  display: grid;
  flex: 1;
  gap: 0.15em;
  min-width: 0;
}
.item .name {
  overflow-wrap: anywhere;
  font-weight: 550;
}
[dir="rtl"] .item .name {
  text-align: right;
}
.item .mark {
  display: inline-flex;
  color: var(--good);
}
.item progress {
  appearance: none;
  width: 100%;
  height: 0.375em;
  border: 0;
  border-radius: 1em;
  background-color: var(--line);
  overflow: hidden;
}
.item progress::-webkit-progress-bar {
  background-color: var(--line);
}
.item progress::-webkit-progress-value {
  background-color: var(--accent);
  transition: width 0.2s;
}
.item progress::-moz-progress-bar {
  background-color: var(--accent);
}
.item[data-status="paused"] progress {
  opacity: 0.5;
}

.row {
  display: flex;
  flex-wrap: wrap;
  gap: 0.5em 0.9em;
  align-items: center;
}
.row button,
.row .again {
  gap: 0.6em;
}
.row .link {
  display: inline-flex;
  gap: 0.4em;
  align-items: center;
  padding-inline: 0.25em;
}
.row .link .icon,
.drop .icon,
.item .icon {
  width: 1.25em;
  height: 1.25em;
}
.lead {
  color: var(--text);
}
.dot,
.square {
  flex: none;
  width: 0.85em;
  height: 0.85em;
  border-radius: 50%;
  background-color: var(--danger);
}
.square {
  border-radius: 0.15em;
}
.dot.on {
  animation: pulse 1.6s ease-in-out infinite;
}
@keyframes pulse {
  50% {
    opacity: 0.35;
  }
}
.level {
  height: 0.75em;
  border-radius: 1em;
  background-color: var(--line);
  overflow: hidden;
}
.level span {
  display: block;
  height: 100%;
  background-color: var(--good);
  transform: scaleX(0);
  transform-origin: left;
}
[dir="rtl"] .level span {
  transform-origin: right;
}
.picture {
  display: block;
  width: 100%;
  border-radius: var(--radius);
}
video.picture {
  max-height: 24em;
  background-color: #000;
  aspect-ratio: 16 / 9;
  object-fit: contain;
}
.live {
  transform: scaleX(-1);
}
.upload .notice {
  margin: 0;
}
@media (forced-colors: active) {
  .item progress::-webkit-progress-value,
  .level span,
  .dot,
  .square {
    background-color: Highlight;
    forced-color-adjust: none;
  }
}
`;
