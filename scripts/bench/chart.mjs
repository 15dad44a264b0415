/** A bar chart that reads in light and dark. */

import { fixed } from './print.mjs';

const PANELS = [
  { name: 'rps', title: 'Requests a second, axum + EdDSA = 1 (more is better)' },
  { name: 'cpu_us', title: 'Server CPU per request, axum + EdDSA = 1 (less is better)' },
];
const SHOWN = ['b', 'd', 'c1', 'c2'];
const NOTES = { b: 'stores nothing, checks no key', d: 'row synced to disk, bcrypt key', c1: 'stores nothing, HS256', c2: 'stores nothing, checks no key' };
const [WIDTH, LEFT, BAR, ROW, TOP] = [760, 250, 420, 38, 34];

/** The SVG for `mint`, the result of the part of that name. */
export function chart(mint) {
  const height = PANELS.length * (TOP + SHOWN.length * ROW) + 24;
  const panels = PANELS.map((panel, index) => drawPanel(mint, panel, 12 + index * (TOP + SHOWN.length * ROW)));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title">
<title id="title">Minting an invite beside servers that do less</title>
<style>
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .head { font-weight: 600; }
  .note { font-size: 11px; fill: #59636e; }
  .page { fill: #ffffff; }
  .bar { fill: #8c959f; }
  .ours { fill: #0969da; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .note { fill: #9198a1; }
    .page { fill: #0d1117; }
    .bar { fill: #656c76; }
    .ours { fill: #4493f8; }
  }
</style>
<rect class="page" width="${WIDTH}" height="${height}" rx="8"/>
${panels.join('\n')}
</svg>
`;
}

function drawPanel(mint, { name, title }, top) {
  const most = Math.max(...SHOWN.map((id) => mint[id][name] / mint.b[name]));
  const rows = SHOWN.map((id, index) => {
    const ratio = mint[id][name] / mint.b[name];
    const y = top + TOP + index * ROW;
    const width = Math.max(2, (ratio / most) * BAR);
    return `<text x="16" y="${y + 13}">${mint[id].title}</text><text class="note" x="16" y="${y + 27}">${NOTES[id]}</text>
<rect class="${id === 'd' ? 'ours' : 'bar'}" x="${LEFT}" y="${y + 3}" width="${width.toFixed(1)}" height="22" rx="3"/>
<text x="${(LEFT + width + 8).toFixed(1)}" y="${y + 19}">${fixed(ratio, 2)}</text>`;
  });
  return `<text class="head" x="16" y="${top + 20}">${title}</text>\n${rows.join('\n')}`;
}
