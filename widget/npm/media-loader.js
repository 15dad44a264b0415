// What the wasm calls for a question of files or recordings: the code for them is fetched then, and not before.

/**
 * Gives `(slot, context) → {destroy()}`, and to it `forget(question, context)` for what is answered; `load` imports
 * `media.js`.
 */
export function mediaLoader(load) {
  let loading;
  const loadOnce = () =>
    (loading ??= load().catch((error) => {
      loading = undefined;
      console.error("InterviewRelay: the code for files and recordings could not be loaded. Check that media.js is served beside the script.", error);
      throw error;
    }));

  const attach = (slot, context) => {
    const root = slot.getRootNode();
    const form = slot.closest("form");
    let view;
    let isComing = false;
    let isHeld = false;
    let isOver = false;
    const begin = () => {
      if (isComing) return;
      isComing = true;
      loadOnce().then(
        async (media) => {
          if (isOver) return;
          view = media.attach(slot, context);
          await view.ready;
          root.removeEventListener("submit", hold, true);
          if (isHeld && !isOver) form.requestSubmit();
        },
        () => {
          isComing = false;
          // No connection, most often.
          if (!isOver) addEventListener("online", begin, { once: true });
        },
      );
    };
    // As long as nobody knows what is kept for this question, going on would leave it out.
    const hold = (event) => {
      if (event.target !== form) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      isHeld = true;
      begin();
    };
    root.addEventListener("submit", hold, true);
    begin();
    return {
      destroy() {
        isOver = true;
        removeEventListener("online", begin);
        root.removeEventListener("submit", hold, true);
        view?.destroy();
      },
    };
  };
  attach.forget = (question, context) => loadOnce().then((media) => media.forgetAnswered(question, context), () => {});
  return attach;
}
