// The script build has set window.InterviewRelay before this module runs.
import { begin } from './interview.js';

begin(window.InterviewRelay);
