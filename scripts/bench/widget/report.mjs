/** What `npm run bench:widget` prints and writes. */

import { writeFileSync } from 'node:fs';

import { at } from '../../lib/paths.mjs';
import { chartOfWidget } from '../chart.mjs';
import { fixed } from '../print.mjs';
import { PROFILES } from './visit.mjs';

const HEAD = ['', 'KB', 'KB then', 'requests', ...PROFILES.map(({ title }) => `ms, ${title}`), '÷ bare', '÷ Preact', 'heap MB', 'key ms', 'key ms, CPU×4'];

/** A row for each page; the ratios are those of the slowest profile. */
function rows(pages) {
  const slow = (name) => pages.find((page) => page.name === name).profiles.slow.ms;
  return pages.map(({ title, stub, profiles }) => [
    stub ? `${title} (*)` : title,
    fixed(profiles.fast.bytes / 1000, 1),
    fixed(profiles.slow.bytes_then / 1000, 1),
    fixed(profiles.fast.requests) + (profiles.fast.foreign ? ` + ${profiles.fast.foreign} elsewhere` : ''),
    ...PROFILES.map(({ name }) => fixed(profiles[name].ms)),
    fixed(profiles.slow.ms / slow('bare'), 2),
    fixed(profiles.slow.ms / slow('preact'), 2),
    fixed(profiles.fast.heap / 1e6, 2),
    fixed(profiles.fast.key_ms, 1),
    fixed(profiles.cpu.key_ms, 1),
  ]);
}

/** What each of ours is to reach, and what was measured: `[what, measured, goal, reached]`. */
function goals(pages) {
  const slow = ({ profiles }) => profiles.slow.ms;
  const others = pages.filter(({ name, isOurs }) => !isOurs && name !== 'bare' && name !== 'preact');
  const first = others.toSorted((a, b) => slow(a) - slow(b))[0];
  const preact = pages.find(({ name }) => name === 'preact');
  return pages
    .filter(({ isOurs }) => isOurs)
    .flatMap((ours) => [
      [`KB, ${ours.title}`, fixed(ours.profiles.fast.bytes / 1000, 1), 'at most 75', ours.profiles.fast.bytes <= 75_000],
      [`time, ${ours.title} ÷ the quickest of the others (${first.title})`, fixed(slow(ours) / slow(first), 2), 'below 1', slow(ours) < slow(first)],
      [`time, ${ours.title} ÷ Preact`, fixed(slow(ours) / slow(preact), 2), 'at most 1.35', slow(ours) <= 1.35 * slow(preact)],
    ]);
}

const mark = (isReached) => (isReached ? '✓' : '✗');

/** To the terminal. */
export function printPages(pages) {
  const table = [HEAD, ...rows(pages)];
  const widths = HEAD.map((_, column) => Math.max(...table.map((row) => row[column].length)));
  console.log(`\n${table.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  ')).join('\n')}\n`);
  for (const [what, measured, goal, isReached] of goals(pages)) console.log(`${mark(isReached)} ${what}: ${measured}, ${goal}`);
}

/** To docs/benchmarks. */
export function writePages(run) {
  writeFileSync(at('docs/benchmarks/widget.svg'), chartOfWidget(run.pages));
  writeFileSync(at('docs/benchmarks/widget.md'), text(run));
}

const table = (head, rows) => [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** Processes that wanted a core before it began; more than this, and others were at work. */
const QUIET = 0.7;

function text({ date, machine, load, browser, rounds, took, pages }) {
  const ours = pages.find(({ name }) => name === 'ours').profiles;
  const spread = pages.map(({ title, profiles: { slow } }) => `${title} ${fixed(slow.least_ms)}–${fixed(slow.most_ms)}`).join(', ');
  return `# The widget beside others, measured

Written by \`npm run bench:widget\` on ${date}, in ${fixed(took / 60, 1)} minutes. The machine: ${machine}; ${browser}.
Browser, pages and server share it, so the ratios say more than the figures.
${load > QUIET ? `\n**Not a quiet run:** ${fixed(load, 1)} other processes wanted a core when it began. Take the figures for a first look.\n` : ''}
![Time to the first question on a slow line, each page beside a minimal chat in Preact](widget.svg)

Every page asks one question with a field for free text. A visit is one by a browser that has nothing in its cache; medians of
${rounds} rounds, in which each page has its turn in each profile, after a round that is not counted. The ratios are those of the last profile.

${table(HEAD, rows(pages))}

${table(['goal', 'measured', 'goal', ''], goals(pages).map(([what, measured, goal, isReached]) => [what, measured, goal, mark(isReached)]))}

- **KB, requests:** all that the page loads until it is still, headers included, files compressed with brotli 11 beforehand. Requests to
  other hosts, for fonts, are refused at once and counted apart; on a page that may make them they cost more.
- **KB then:** of it, what had come over the slow line when the first question was on screen.
- **ms:** from the navigation until the first frame in which both the question and a field that takes focus are on screen, in shadow roots and
  frames too. A few milliseconds of it are the search itself.
- **CPU×4, 1.6 Mbit/s, 150 ms** are Chromium's own means of slowing down, as in its developer tools.
- **heap:** JavaScript's, after a collection. Ours has ${fixed(ours.fast.wasm / 1e6, 2)} MB of WebAssembly memory beside it.
- **key ms:** from a key until the frame that shows it has been painted, median of five keys in each visit.
- Range of the rounds in the last profile, ms: ${spread}.

What is not alike: **InterviewRelay** calls its real server, on another origin, and stores a session before it asks; the others ask what is in
the page. "Begun by the page" makes that call in the page's head, while the script is on its way, as
[the guide](../widget.md#size-and-speed) shows. (*) stands for a stub in place of a server: the reply that starts a chat, at once, with the slow typing of messages turned off. The
others are bundled by esbuild as their documentation says, SurveyJS with its style sheet without fonts, vue-flow-form by its ES module
and without Vue's compiler. None of them is tuned further. Sizes of services that are loaded from their makers' own hosts are not here.
`;
}
