// What the wasm calls for a question of files or recordings: the code for them is fetched then, and not before.

/** Gives `(slot, context) → {destroy()}`; `load` imports `media.js`. */
export function mediaLoader(load) {
  let loading;
  return (slot, context) => {
    let view;
    let isOver = false;
    const begin = () => {
      loading ??= load();
      loading.then(
        (media) => {
          if (!isOver) view = media.attach(slot, context);
        },
        (error) => {
          loading = undefined;
          if (isOver) return;
          console.error("InterviewRelay: the code for files and recordings could not be loaded. Check that media.js is served beside the script.", error);
          // No connection, most often.
          addEventListener("online", begin, { once: true });
        },
      );
    };
    begin();
    return {
      destroy() {
        isOver = true;
        removeEventListener("online", begin);
        view?.destroy();
      },
    };
  };
}
