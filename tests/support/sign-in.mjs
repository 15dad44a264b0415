/**
 * The token of somebody who has signed in, for what asks for one beside the key.
 *
 * @param {import('./server.mjs').Server} server
 * @param {string} key
 * @returns {Promise<string>}
 */
export async function bearer(server, key) {
  // stub: until `interviewrelay users create` is there, this is the one person whom the stub of the sign-in knows.
  const query = 'mutation { login(email: "ada@example.com", password: "stub") { token } }';
  const { body, text } = await server.call('POST', '/graphql', { body: { query }, headers: { 'x-api-key': key } });
  const token = body?.data?.login?.token;
  if (!token) throw new Error(`Nobody could sign in: ${text}`);
  return token;
}
