/** docs/webhooks.md: its snippets are taken out and run, so that they cannot say what is not so. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../support/server.mjs';

/** The text of docs/webhooks.md. */
export const page = readFileSync(join(root, 'docs/webhooks.md'), 'utf8');

/** The words of the type EventType, as the description of the API has them. */
export const EVENT_TYPES = JSON.parse(readFileSync(join(root, 'docs/api/openapi.json'), 'utf8')).components.schemas.EventType.enum;

/** The snippets in a language under a heading, as they are; there has to be one. */
export function snippets(heading, language) {
  const section = page.split(/^(?=#)/m).find((text) => text.startsWith(`${heading}\n`));
  const found = [...(section ?? '').matchAll(/^```(\w+)\n([^]*?)^```$/gm)].filter(([, of]) => of === language).map(([, , code]) => code);
  if (found.length === 0) throw new Error(`docs/webhooks.md has no ${language} under "${heading}"`);
  return found;
}
