'use strict';

const place = document.getElementById('interview');
const token = location.hash.slice(1);

function say(text) {
  const paragraph = document.createElement('p');
  paragraph.textContent = text;
  place.replaceChildren(paragraph);
}

if (!window.InterviewRelay) {
  say('The interview could not be loaded. Please try again later.');
} else if (!token) {
  say('This link is not complete. Please open the whole link from your invitation.');
} else {
  window.InterviewRelay.mount(place, token);
}
