// What customers write. It must compile as it stands.
import InterviewRelayDefault, {
  InterviewRelay,
  mount,
  preload,
  version,
  type ErrorCode,
  type MountOptions,
  type MountedInterview,
} from "@interviewrelay/widget";
import { InterviewRelayElement } from "@interviewrelay/widget/element";
import { mount as mountInlined } from "@interviewrelay/widget/inline";

const invite_token = "token";

InterviewRelay.mount("#interview-container", {
  inviteToken: invite_token, // From your server
});
InterviewRelay.mount("#interview-container", invite_token);
InterviewRelayDefault.mount(document.body, { getInviteToken: async () => invite_token });

const options: MountOptions = {
  inviteToken: invite_token,
  getInviteToken: () => Promise.resolve(invite_token),
  apiBase: "https://api.example.com",
  locale: "de",
  theme: { colorScheme: "auto", accent: "#0b6e4f", radius: "4px" },
  mode: "inline",
  onAnswer: ({ questionId }) => questionId.toUpperCase(),
  onComplete: () => {},
  onError: ({ code, message }) => console.error(code, message),
};
const handle: MountedInterview = mount(document.createElement("div"), options);
mount("#dark", { inviteToken: invite_token, theme: "dark" });

const off: () => void = handle.on("answer", (detail) => detail.questionId.length);
handle.on("error", ({ code }) => {
  if (code === "invite_expired") off();
  const other: ErrorCode = "a_code_of_tomorrow";
  return other;
});
handle.ready.then(() => handle.pause()).then(() => handle.unmount());

document.body.addEventListener("interview-relay-answer", (event) => event.detail.questionId.length);
document.addEventListener("interview-relay-answer", ({ detail }) => detail.questionId.length);
window.addEventListener("interview-relay-error", ({ detail }) => detail.code);
window.InterviewRelay?.mount("#a", invite_token).unmount();
const text: string = version + InterviewRelay.version;
void text;

mount(document.body, { inviteToken: invite_token, mode: "popup", title: "Umfrage", closeLabel: "Schließen", onClose: () => {} });
mount(document.body, { inviteToken: invite_token, mode: "fullpage", wasmUrl: new URL("https://cdn.example.com/widget.wasm") });
mount(document.body, { inviteToken: invite_token, isolation: "iframe" });
mount("#a", { inviteToken: invite_token, session: fetch("https://api.example.com/v1/participant/session", { method: "POST" }) });
mountInlined("#a", { inviteToken: invite_token, wasmUrl: "/static/widget.wasm" }).unmount();
preload();
InterviewRelay.preload({ wasmUrl: "/static/widget.wasm" });

const element: InterviewRelayElement = document.createElement("interview-relay");
element.getInviteToken = async () => invite_token;
element.addEventListener("interview-relay-error", (event) => event.detail.code);
element.interview?.pause();
