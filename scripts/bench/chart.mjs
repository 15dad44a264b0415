/** Bar charts that read in light and dark. */

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
  const bar = (name) => (id) => ({ title: mint[id].title, note: NOTES[id], ratio: mint[id][name] / mint.b[name], isOurs: id === 'd' });
  return draw('Minting an invite beside servers that do less', PANELS.map(({ name, title }) => ({ title, bars: SHOWN.map(bar(name)) })));
}

/** The SVG for `webhooks`, the result of the part of that name. */
export function chartOfWebhooks({ ours, one, many }) {
  const bars = (name) => [
    { title: one.title, note: 'signs nothing, writes nothing down', ratio: 1, isOurs: false },
    { title: many.title, note: 'signs nothing, writes nothing down', ratio: many[name] / one[name], isOurs: false },
    { title: ours.title, note: 'signed twice, attempts synced to disk', ratio: ours[name] / one[name], isOurs: true },
  ];
  return draw('Delivering webhooks beside a bare loop', [
    { title: 'Deliveries a second, one by one = 1 (more is better)', bars: bars('per_s') },
    { title: "Sender's CPU per delivery, one by one = 1 (less is better)", bars: bars('cpu_us') },
  ]);
}

/** The SVG for `pages`, what `npm run bench:widget` measures. */
export function chartOfWidget(pages) {
  const preact = pages.find(({ name }) => name === 'preact').profiles.slow;
  const bars = (of) => pages.map(({ title, isOurs, profiles: { fast, slow } }) => ({ title, note: `${fixed(fast.bytes / 1000, 1)} KB in ${fixed(fast.requests)} requests`, ratio: of(slow) / of(preact), isOurs }));
  return draw('The first question beside other widgets', [{ title: 'Time to the first question, CPU×4 on a slow line, Preact = 1 (less is better)', bars: bars(({ ms }) => ms) }]);
}

/** Panels below each other, all with as many bars. */
function draw(title, panels) {
  const panelHeight = TOP + panels[0].bars.length * ROW;
  const height = panels.length * panelHeight + 24;
  const drawn = panels.map((panel, index) => drawPanel(panel, 12 + index * panelHeight));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title">
<title id="title">${title}</title>
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
${drawn.join('\n')}
</svg>
`;
}

function drawPanel({ title, bars }, top) {
  const most = Math.max(...bars.map(({ ratio }) => ratio));
  const rows = bars.map(({ title, note, ratio, isOurs }, index) => {
    const y = top + TOP + index * ROW;
    const width = Math.max(2, (ratio / most) * BAR);
    return `<text x="16" y="${y + 13}">${title}</text><text class="note" x="16" y="${y + 27}">${note}</text>
<rect class="${isOurs ? 'ours' : 'bar'}" x="${LEFT}" y="${y + 3}" width="${width.toFixed(1)}" height="22" rx="3"/>
<text x="${(LEFT + width + 8).toFixed(1)}" y="${y + 19}">${fixed(ratio, 2)}</text>`;
  });
  return `<text class="head" x="16" y="${top + 20}">${title}</text>\n${rows.join('\n')}`;
}
