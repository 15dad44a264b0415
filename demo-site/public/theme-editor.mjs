/** The editor of themes.html: sets custom properties on the element around the interview, so that nothing is mounted anew. */

import { InterviewRelay } from '/widget/index.js';

import { askForInvite } from './invite.js';
import { COLORS, css, faults, property, script, THEMES } from './themes.mjs';

const FORMS = {
  radius: ['0', '2px', '0.625em', '1em', '1.5em'],
  font: [...new Set(THEMES.map(({ theme }) => theme.font))],
  fontSize: ['0.875rem', '1rem', '1.125rem', '1.25rem'],
};

const find = (selector) => document.querySelector(selector);
const container = find('#interview-container');
let theme = { fontSize: '1rem', ...THEMES[0].theme };
let handle;
let inviteToken;

function element(name, attributes, ...children) {
  const made = Object.assign(document.createElement(name), attributes);
  made.append(...children);
  return made;
}

function layOut() {
  for (const { id, name, about } of THEMES) {
    const radio = element('input', { type: 'radio', name: 'ready', value: id, checked: id === THEMES[0].id });
    find('#ready').append(element('label', {}, radio, ` ${name} `, element('small', {}, about)));
  }
  for (const [name, words] of Object.entries(COLORS)) {
    const label = element('label', { htmlFor: name }, words);
    find('#colors').append(element('p', {}, label, element('input', { type: 'color', id: name, name })));
  }
  for (const [name, values] of Object.entries(FORMS)) {
    find(`#${name}`).append(...values.map((value) => element('option', { value }, name === 'font' ? value.split(',')[0].replaceAll('"', '') : value)));
  }
}

/** Shows the theme in the fields, in the interview and as code. */
function show() {
  for (const [name, value] of Object.entries(theme)) {
    find(`#controls [name=${name}]`).value = value;
    if (name !== 'colorScheme') container.style.setProperty(property(name), value);
  }
  const words = (name) => COLORS[name].toLowerCase();
  const tooAlike = faults(theme).map(({ front, back, ratio, needed }) =>
    element('li', {}, `“${words(front)}” on “${words(back)}” has a contrast of ${ratio.toFixed(1)} to 1; people need ${needed}.`),
  );
  find('#faults').replaceChildren(...tooAlike);
  find('#css').textContent = css(theme);
  find('#script').textContent = script(theme);
}

/** The scheme is the one thing that `mount` has to be told: the same invite goes on where it was. */
async function mountInterview() {
  try {
    inviteToken ??= await askForInvite();
    handle?.unmount();
    handle = InterviewRelay.mount(container, { inviteToken, theme: theme.colorScheme });
  } catch (error) {
    find('#interview-message').textContent = error.message;
    find('#interview-message').hidden = false;
  }
}

layOut();
show();
mountInterview();

find('#controls').addEventListener('submit', (event) => event.preventDefault());
find('#controls').addEventListener('input', ({ target }) => {
  const { colorScheme } = theme;
  const ready = THEMES.find(({ id }) => target.name === 'ready' && id === target.value);
  theme = ready ? { ...theme, ...ready.theme } : { ...theme, [target.name]: target.value };
  show();
  if (theme.colorScheme !== colorScheme) mountInterview();
});
for (const button of document.querySelectorAll('[data-copy]')) {
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(find(`#${button.dataset.copy}`).textContent);
    find('#copied').textContent = 'Copied.';
  });
}
