/** Sends what was typed to /graphql beside this page, and shows the answer as text. */

const byId = (id) => document.getElementById(id);
const [form, answer, status, fault] = ['request', 'answer', 'status', 'variables-fault'].map(byId);

const FIELDS = 'query { __schema { types { name kind description fields { name description type { name kind ofType { name kind } } } } } }';

/** The variables, or `undefined` when they are not an object. */
function readVariables() {
  const text = byId('variables').value.trim();
  fault.textContent = '';
  if (text === '') return {};
  try {
    const variables = JSON.parse(text);
    if (variables !== null && typeof variables === 'object' && !Array.isArray(variables)) return variables;
  } catch {
    // Said below.
  }
  fault.textContent = 'The variables must be a JSON object.';
  byId('variables').focus();
  return undefined;
}

async function send(query, variables) {
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
  const [key, token] = ['key', 'token'].map((id) => byId(id).value.trim());
  if (key) headers['x-api-key'] = key;
  if (token) headers.Authorization = `Bearer ${token}`;
  status.textContent = 'Sending …';
  const began = performance.now();
  try {
    const url = new URL('graphql', document.baseURI);
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }), credentials: 'omit' });
    const text = await response.text();
    status.textContent = `${response.status} after ${Math.round(performance.now() - began)} ms`;
    answer.textContent = pretty(text);
  } catch {
    status.textContent = 'The server did not answer.';
    answer.textContent = '';
  }
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const variables = readVariables();
  if (variables) send(byId('query').value, variables);
});

byId('schema').addEventListener('click', () => send(FIELDS, {}));

form.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});
