import { mount } from '@interviewrelay/widget';

async function begin() {
  const response = await fetch('/invite', { method: 'POST' });
  const { inviteToken } = await response.json();
  mount('#interview', { inviteToken });
}

begin();
