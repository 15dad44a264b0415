// What must not compile. `@ts-expect-error` is itself an error when the line below it compiles.
import { InterviewRelay, mount } from "@interviewrelay/widget";
import "@interviewrelay/widget/element";

// @ts-expect-error the token is missing
mount("#a");
// @ts-expect-error the token is missing
mount("#a", {});
// @ts-expect-error a token is a text
mount("#a", { inviteToken: 7 });
// @ts-expect-error a misspelled option
mount("#a", { inviteToken: "t", onFinished: () => {} });
// @ts-expect-error no such mode
mount("#a", { inviteToken: "t", mode: "sidebar" });
// @ts-expect-error no such isolation
mount("#a", { inviteToken: "t", isolation: true });
// @ts-expect-error an address is a text or a URL
mount("#a", { inviteToken: "t", wasmUrl: 7 });
// @ts-expect-error a response to come, not what is in it
mount("#a", { inviteToken: "t", session: { session_token: "t" } });
// @ts-expect-error a title is a text
mount("#a", { inviteToken: "t", mode: "popup", title: null });
// @ts-expect-error no such color scheme
mount("#a", { inviteToken: "t", theme: { colorScheme: "sepia" } });
// @ts-expect-error the token comes in a promise
mount("#a", { getInviteToken: () => "t" });
// @ts-expect-error `querySelector` may find nothing
mount(document.querySelector("#a"), "t");

const handle = mount("#a", "t");
// @ts-expect-error no such event
handle.on("finished", () => {});
// @ts-expect-error this event has no answer in it
handle.on("answer", (detail) => detail.value);
// @ts-expect-error nothing is passed on `complete`
handle.on("complete", (detail) => detail.questionId);
// @ts-expect-error nor on `decline`
handle.on("decline", (detail) => detail.reason);
// @ts-expect-error the handle is not for changing
handle.ready = Promise.resolve();
// @ts-expect-error nor is the object
InterviewRelay.mount = mount;
// @ts-expect-error an address, not a token
InterviewRelay.preload({ inviteToken: "t" });
// @ts-expect-error it tells nothing: the mount does
InterviewRelay.preload().then(() => {});

const element = document.createElement("interview-relay");
// @ts-expect-error the token comes in a promise
element.getInviteToken = () => "t";
// @ts-expect-error which interview it shows is the element's business
element.interview = handle;
