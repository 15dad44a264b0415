/** Our own backend mints the invite: see `mintInvite` in server.mjs. */
export async function askForInvite() {
  const response = await fetch('/api/invite', { method: 'POST' }).catch(() => null);
  const body = await response?.json().catch(() => null);
  if (!response?.ok || !body) throw new Error(body?.message ?? 'We could not be reached. Check your connection, then start over.');
  return body.inviteToken;
}
