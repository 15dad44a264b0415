/**
 * The authentication guide's own code, taken out of its text.
 *
 * The guide is not part of this repository. GUIDES names the folder that holds it; without one, the folder beside the checkout.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from './server.mjs';

/** Where the guide says that the API is. */
export const GUIDE_BASE = 'https://api.interviewrelay.com';

/** Where the other guide says that GraphQL is, by environment. */
export const GRAPHQL_BASES = { live: 'https://api.exterview.ai/graphql', test: 'https://sandbox-api.exterview.ai/graphql' };

/** The text of the guide that names this address, or `null` where it is not at hand. */
export function readGuide(address = GUIDE_BASE) {
  const folder = process.env.GUIDES || join(root, '../shared/seeds');
  if (!existsSync(folder)) return null;
  const texts = readdirSync(folder).filter((name) => name.endsWith('.txt')).map((name) => readFileSync(join(folder, name), 'utf8'));
  return texts.find((text) => text.includes(address)) ?? null;
}

/**
 * The snippet after a heading, from its first line that begins with `from` to the line that begins with `to`.
 * Nothing in it is changed; the caller replaces base URL and credentials.
 */
export function snippet(guide, { heading, from, to }) {
  const lines = guide.slice(guide.indexOf(heading)).split('\n');
  if (!guide.includes(heading)) throw new Error(`the guide has no heading "${heading}"`);
  const first = lines.findIndex((line) => line.startsWith(from));
  const last = lines.findIndex((line, index) => index >= first && line.startsWith(to));
  if (first < 0 || last < 0) throw new Error(`no snippet from "${from}" to "${to}" under "${heading}"`);
  return lines.slice(first, last + 1).join('\n');
}
