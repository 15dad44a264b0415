// What customers write with React. It must compile as it stands.
import type { MountedInterview } from "@interviewrelay/widget";
import { Interview, type InterviewProps } from "@interviewrelay/widget/react";
import { createRef } from "react";

const ref = createRef<MountedInterview>();
const props: InterviewProps = { getInviteToken: async () => "t", className: "wide", theme: "dark" };

export const page = (
  <main>
    <Interview inviteToken="t" />
    <Interview {...props} ref={ref} key="second" />
    <Interview
      inviteToken="t"
      mode="popup"
      title="Umfrage"
      id="interview"
      style={{ minHeight: "24em" }}
      onAnswer={({ questionId }) => questionId.toUpperCase()}
      onError={({ code }) => ref.current?.on(code === "unreachable" ? "error" : "close", () => {})}
      onClose={() => ref.current?.unmount()}
    />
  </main>
);
