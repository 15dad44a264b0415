// Importing this defines `<interview-relay>`. Safe where there is no `window`, and more than once.
import { define } from "./custom-element.js";
import { mount } from "./index.js";

export const InterviewRelayElement = define(mount);
