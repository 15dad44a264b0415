import { InterviewRelay } from '@interviewrelay/widget';

const response = await fetch('/invite', { method: 'POST' });
const { inviteToken } = await response.json();
InterviewRelay.mount('#interview', { inviteToken });
