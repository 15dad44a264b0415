/** Puts the interview on the page. Used by main.js (ES module) and script.js (script build) alike. */

import { askForInvite } from './invite.js';

/** Where this tab keeps its invite, so that a reload goes on with the same interview. */
const STORED = 'larkspur-interview-invite';

const message = document.querySelector('#interview-message');
const startOver = document.querySelector('#start-over');
let handle;

/** Shows the interview, and makes "Start over" begin a new one. */
export function begin(InterviewRelay) {
  startOver.addEventListener('click', () => {
    sessionStorage.removeItem(STORED);
    show(InterviewRelay);
  });
  return show(InterviewRelay);
}

async function show(InterviewRelay) {
  startOver.disabled = true;
  say('');
  try {
    const inviteToken = sessionStorage.getItem(STORED) ?? (await askForInvite());
    sessionStorage.setItem(STORED, inviteToken);
    handle?.unmount();

    handle = InterviewRelay.mount('#interview-container', { inviteToken });
  } catch (error) {
    say(error.message);
  } finally {
    startOver.disabled = false;
  }
}

function say(text) {
  message.textContent = text;
  message.hidden = text === '';
}
