/**
 * The token of somebody who has signed in, for what asks for one beside the key: an owner, who is made for it.
 *
 * @param {import('./server.mjs').Server} server
 * @param {string} key
 * @returns {Promise<string>}
 */
export async function bearer(server, key) {
  const email = 'ada@example.com';
  const { password } = await server.command('users', 'create', '--org', 'Tests', '--email', email, '--role', 'owner', '--json');
  const { status, body, text } = await server.call('POST', '/auth/login', { body: { email, password }, headers: { 'x-api-key': key } });
  if (status !== 200) throw new Error(`Nobody could sign in: ${text}`);
  return body.token;
}
