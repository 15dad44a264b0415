// With a bundler: import { InterviewRelay } from '@interviewrelay/widget';
import { InterviewRelay } from '/widget/index.js';

import { begin } from './interview.js';

begin(InterviewRelay);
