/**
 * docs/widget.md, taken apart: its snippets, and the names in its tables.
 *
 * The comment before each piece of code says what it is and what it is called: `<!-- snippet: module mount -->`.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from './server.mjs';

/** What a snippet can be; tests/snippets/widget-guide.test.mjs runs each kind in its own way. */
export const KINDS = ['server', 'module', 'page', 'react', 'css', 'header', 'campaign'];

/** Where the guide says that the InterviewRelay server is. */
export const GUIDE_SERVER = 'https://interviews.example.com';

/** @typedef {{kind?: string, name?: string, line: number, code: string}} Snippet `kind` and `name` are missing where nothing says them */

/** The text of the guide. */
export const readWidgetGuide = () => readFileSync(join(root, 'docs/widget.md'), 'utf8');

/**
 * Every fenced block, in order.
 *
 * @param {string} guide
 * @returns {Snippet[]}
 */
export function snippetsOf(guide) {
  const lines = guide.split('\n');
  const fences = lines.flatMap((text, index) => (/^\s*(```|~~~)/.test(text) ? [index] : []));
  const blocks = [];
  for (let at = 0; at < fences.length; at += 2) {
    const [first, last] = [fences[at], fences[at + 1] ?? lines.length];
    const [, kind, name] = /^<!-- snippet: (\w+) ([\w-]+) -->$/.exec(lines[first - 1] ?? '') ?? [];
    blocks.push({ kind, name, line: first + 1, code: lines.slice(first + 1, last).join('\n') });
  }
  return blocks;
}

/**
 * What stands in backticks in one column of the table under these head cells.
 *
 * @param {string} guide
 * @param {string} head the beginning of the table's first line, such as `| option |`
 * @param {number} [column]
 * @returns {string[]}
 */
export function namesInTable(guide, head, column = 0) {
  const lines = guide.split('\n');
  const start = lines.findIndex((line) => line.startsWith(head));
  if (start < 0) throw new Error(`docs/widget.md has no table that begins with "${head}"`);
  const rows = lines.slice(start + 2);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  return rows.slice(0, end).flatMap((row) => [...(row.split('|')[column + 1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name));
}
