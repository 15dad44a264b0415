// What must not compile. `@ts-expect-error` is itself an error when the line below it compiles.
import { Interview } from "@interviewrelay/widget/react";
import { createRef } from "react";

export const elements = [
  // @ts-expect-error the token is missing
  <Interview />,
  // @ts-expect-error a token is a text
  <Interview inviteToken={7} />,
  // @ts-expect-error no such mode
  <Interview inviteToken="t" mode="sidebar" />,
  // @ts-expect-error a page that renders by React has begun nothing
  <Interview inviteToken="t" session={fetch("/")} />,
  // @ts-expect-error a misspelled callback
  <Interview inviteToken="t" onFinished={() => {}} />,
  // @ts-expect-error the interview is all there is in it
  <Interview inviteToken="t">Loading</Interview>,
  // @ts-expect-error the handle is no element
  <Interview inviteToken="t" ref={createRef<HTMLDivElement>()} />,
  // @ts-expect-error what was answered is in no event
  <Interview inviteToken="t" onAnswer={({ value }) => value} />,
];
