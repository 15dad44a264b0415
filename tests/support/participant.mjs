/** The participant's side of the API, as the widget uses it; for tests that need no browser. */

import { randomUUID } from 'node:crypto';

/** Somebody who holds an invite token. */
export class Participant {
  /** What the last reply said to show. */
  turn = null;
  session = null;
  #base;
  #inviteToken;
  #token = '';
  #seq = 0;

  constructor(base, inviteToken) {
    this.#base = base;
    this.#inviteToken = inviteToken;
  }

  /** Starts or resumes; gives the reply. */
  async start() {
    const reply = await this.#call('POST', '/session', undefined, this.#inviteToken);
    this.#token = reply.session_token;
    this.session = reply.session;
    this.turn = reply.turn;
    return reply;
  }

  /** Agrees to these consent items. */
  async consent(accepted) {
    const reply = await this.#call('POST', '/session/consent', { accepted });
    this.turn = reply.turn;
    return reply;
  }

  /** The snapshot that resuming begins with. */
  snapshot() {
    return this.#call('GET', '/session');
  }

  /** What would be sent to commit this answer to the current question; can be sent any number of times. */
  commit(value) {
    this.#seq += 1;
    return { question: this.turn.question.id, body: { client_id: randomUUID(), seq: this.#seq, value, elapsed_ms: 5, final: true } };
  }

  /** Sends what {@link commit} gave. */
  async send({ question, body }) {
    const reply = await this.#call('PUT', `/session/answers/${encodeURIComponent(question)}`, body);
    this.turn = reply.turn;
    return reply;
  }

  /** Commits an answer to the current question. */
  answer(value) {
    return this.send(this.commit(value));
  }

  async #call(method, path, body, token = this.#token) {
    const response = await fetch(`${this.#base}/v1/participant${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...(body && { 'Content-Type': 'application/json' }) },
      body: body && JSON.stringify(body),
    });
    const reply = await response.json();
    if (!response.ok) throw Object.assign(new Error(`${method} ${path}: ${response.status} ${JSON.stringify(reply)}`), { status: response.status });
    return reply;
  }
}
