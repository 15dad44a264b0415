'use client';

import { Interview } from '@interviewrelay/widget/react';

/** Asks our own server for an invite, which holds the API key. */
async function getInviteToken() {
  const response = await fetch('/invite', { method: 'POST' });
  const { inviteToken } = await response.json();
  return inviteToken;
}

export function Survey() {
  return <Interview getInviteToken={getInviteToken} />;
}
