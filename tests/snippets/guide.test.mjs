/** The authentication guide's own snippets, word for word; only base URL and credentials are replaced. */

import { test } from 'node:test';

import { GUIDE_BASE, readGuide, snippet } from '../support/guide.mjs';
import { describeSnippets } from './behaviours.mjs';

const guide = readGuide();

if (guide === null) {
  test("the authentication guide's snippets", { skip: 'the guide is not here; GUIDES names the folder that holds it' }, () => {});
} else {
  /** The snippet with our base URL and our credential in place of the guide's. */
  const replaced = (place) => {
    const code = snippet(guide, place);
    return (base, key) => code.replaceAll(GUIDE_BASE, base).replaceAll('YOUR_API_KEY', key);
  };
  describeSnippets("the authentication guide's snippets", {
    listWithNode: replaced({ heading: 'JavaScript Example#', from: 'const response', to: 'console.log(data);' }),
    listWithPython: replaced({ heading: 'Python Example#', from: 'import os', to: 'print(data)' }),
    listWithCurl: replaced({ heading: 'cURL Example#', from: 'curl', to: '  -H "Content-Type' }),
    listKeys: replaced({ heading: 'Listing Keys#', from: 'const response', to: 'const { data }' }),
    revokeKey: replaced({ heading: 'Revoking Keys#', from: 'await fetch', to: '});' }),
    mintInvite: replaced({ heading: 'Session-based Authentication (SDK)#', from: 'const response', to: 'const { invite_token }' }),
    mount: replaced({ heading: '// Client-side: Use the invite token', from: 'InterviewRelay.mount', to: '});' }),
  });
}
