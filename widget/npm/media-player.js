// What was recorded, to listen to or to look at before it is sent.
import { h } from "./media-dom.js";

/** A native player for a Blob; a page whose Content-Security-Policy has no `media-src blob:` does without. */
export function player(kind, blob, label) {
  const url = URL.createObjectURL(blob);
  const media = h(kind === "video" && blob.type.startsWith("video/") ? "video" : "audio", { class: "picture", controls: true, playsinline: true, preload: "metadata", "aria-label": label });
  media.addEventListener("error", () => (media.hidden = true));
  media.addEventListener(
    "loadedmetadata",
    () => {
      if (media.duration !== Infinity) return;
      // Chromium writes no duration into what it records; it finds out when it is sent beyond the end.
      const back = () => {
        if (media.duration === Infinity) return;
        media.removeEventListener("durationchange", back);
        media.currentTime = 0;
      };
      media.addEventListener("durationchange", back);
      media.currentTime = Number.MAX_SAFE_INTEGER;
    },
    { once: true },
  );
  media.src = url;
  return {
    blob,
    element: media,
    destroy() {
      media.pause();
      media.removeAttribute("src");
      media.load();
      URL.revokeObjectURL(url);
    },
  };
}
