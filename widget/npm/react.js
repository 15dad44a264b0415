"use client";
// `<Interview inviteToken={…} onComplete={…} />`: `mount` as a React component. React itself comes from the page.
import { createElement, forwardRef, useEffect, useImperativeHandle, useLayoutEffect, useRef } from "react";
import { mount } from "./index.js";

const CALLBACKS = ["onReady", "onStart", "onAnswer", "onComplete", "onDecline", "onError", "onClose"];

// Layout effects end before React takes the element out of the page, while focus can still go back from a pop-up.
// React 18 warns of them on a server, where no effect runs anyway.
const useMounting = typeof document === "undefined" ? useEffect : useLayoutEffect;

/** Shows an interview; `ref` is what `mount` returns. What `mount` does not know goes to the `<div>` around it. */
export const Interview = forwardRef(function Interview(props, ref) {
  const { inviteToken, getInviteToken, apiBase, locale, theme, mode, title, closeLabel, wasmUrl, isolation, ...others } = props;
  const attributes = Object.fromEntries(Object.entries(others).filter(([name]) => !CALLBACKS.includes(name)));
  const box = useRef(null);
  const handle = useRef(null);

  // Callbacks are new functions at every render in most pages; that is no reason to begin the interview again.
  const latest = useRef(props);
  useMounting(() => {
    latest.current = props;
  });

  // So is a theme that is written where it is used: what counts is what is in it.
  const look = JSON.stringify(theme);
  const canAsk = Boolean(getInviteToken);
  const address = wasmUrl && String(wasmUrl);
  const what = [inviteToken, canAsk, apiBase, locale, look, mode, title, closeLabel, address, isolation];
  useMounting(() => {
    let isLeaving = false;
    const callbacks = CALLBACKS.map((name) => [
      name,
      // `onClose` means that the person closed it, or the page by the handle. That React takes it away is no news to
      // React, and in StrictMode, which mounts twice, it would close what has just been opened.
      (detail) => isLeaving || latest.current[name]?.(detail),
    ]);
    const mounted = mount(box.current, {
      ...{ inviteToken, apiBase, locale, mode, title, closeLabel, wasmUrl: address, isolation },
      ...(look && { theme: JSON.parse(look) }),
      ...(canAsk && { getInviteToken: () => latest.current.getInviteToken() }),
      ...Object.fromEntries(callbacks),
    });
    handle.current = mounted;
    return () => {
      isLeaving = true;
      mounted.unmount();
      handle.current = null;
    };
  }, what);
  // After it: effects run in their order, and those of the page, further out, find the handle there.
  useImperativeHandle(ref, () => handle.current, what);

  return createElement("div", { ...attributes, ref: box });
});
