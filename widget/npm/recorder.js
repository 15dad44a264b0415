// Camera and microphone: opened when the person asks for it, and closed on every way out.

/** Best first; Safari writes mp4 only. VP8 rather than VP9: old phones can encode it while they draw. */
const TYPES = {
  audio: ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"],
  video: ["video/webm;codecs=vp8,opus", "video/mp4", "video/webm"],
};
/** Speech stays good, and five minutes of video are about 40 MB. */
const RATES = { audioBitsPerSecond: 64_000, videoBitsPerSecond: 1_000_000 };
const CHUNK_MS = 1_000;

/** Whether this browser can record at all; it cannot in pages that came over plain http. */
export const canRecord = () => Boolean(navigator.mediaDevices?.getUserMedia && globalThis.MediaRecorder);

/**
 * Asks for the devices. Gives `{stream, level(), record(limits), close()}`, or throws what the browser throws:
 * `NotAllowedError`, `NotFoundError`, `NotReadableError`.
 *
 * `record({type, maxMs, maxBytes})` gives `{done, stop(), leftMs()}`; `done` resolves with `{blob, durationMs}` after
 * `stop()`, at a limit, or when a device is unplugged, and rejects when nothing was recorded. `level()` is the loudness now, from 0 to 1.
 */
export async function open(kind) {
  const video = kind === "video" && { facingMode: "user", width: { ideal: 1280 }, height: { ideal: 720 } };
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video });
  const meter = measured(stream);
  return {
    stream,
    level: meter.level,
    record: (limits) => record(stream, limits),
    close() {
      for (const track of stream.getTracks()) track.stop();
      meter.close();
    },
  };
}

/** The type to record in: one that the browser writes and the question takes, if there is one. */
export const typeFor = (kind, isAccepted) => TYPES[kind].find((type) => MediaRecorder.isTypeSupported(type) && isAccepted(type));

function record(stream, { type, maxMs, maxBytes }) {
  const recorder = new MediaRecorder(stream, { mimeType: type, ...RATES });
  const chunks = [];
  let bytes = 0;
  let beganAt;
  let endedAt;
  let failure;
  let isEnding = false;
  const stop = () => {
    if (recorder.state !== "inactive") recorder.stop();
  };
  // Of the first instant a browser has written nothing yet: who stops within it waits for the first that it writes.
  const end = () => {
    if (bytes > 0 || recorder.state === "inactive") return stop();
    isEnding = true;
    recorder.requestData();
    setTimeout(stop, 2 * CHUNK_MS);
  };
  // What it took to write the last chunks comes on top, so it ends a little before.
  const timer = setTimeout(end, maxMs);
  const done = new Promise((resolve, reject) => {
    recorder.onstart = () => (beganAt = performance.now());
    recorder.ondataavailable = ({ data }) => {
      chunks.push(data);
      bytes += data.size;
      // Two more chunks like this one must still fit.
      if (isEnding ? bytes > 0 : bytes + 2 * data.size > maxBytes) stop();
    };
    // What was recorded until then follows (MediaStream Recording, "inactivate the recorder").
    recorder.onerror = ({ error }) => {
      failure = error;
      stop();
      setTimeout(recorder.onstop, 2 * CHUNK_MS);
    };
    recorder.onstop = () => {
      clearTimeout(timer);
      if (bytes === 0) return reject(failure ?? new Error("nothing was recorded"));
      endedAt ??= performance.now();
      const durationMs = Math.min(maxMs, Math.round(endedAt - (beganAt ?? endedAt)));
      resolve({ blob: new Blob(chunks, { type: recorder.mimeType.split(";")[0] }), durationMs });
    };
  });
  recorder.start(CHUNK_MS);
  return { done, stop: end, leftMs: () => Math.max(0, maxMs - ((endedAt ?? performance.now()) - (beganAt ?? performance.now()))) };
}

/** A meter that cannot be had is no reason not to record. */
function measured(stream) {
  try {
    return listen(stream);
  } catch {
    return { level: () => 0, close() {} };
  }
}

/** Loudness by an analyser: no worklet and no file of its own, which a strict Content-Security-Policy would refuse. */
function listen(stream) {
  const Context = globalThis.AudioContext ?? globalThis.webkitAudioContext;
  const context = new Context();
  const analyser = context.createAnalyser();
  // 43 ms: longer than from one frame to the next on a slow phone, so that nothing loud is missed between them.
  analyser.fftSize = 2048;
  context.createMediaStreamSource(stream).connect(analyser);
  context.resume?.().catch(() => {});
  const samples = new Float32Array(analyser.fftSize);
  return {
    level() {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      // Decibels, from silence at -60 to as loud as it gets.
      return Math.min(1, Math.max(0, 1 + (10 * Math.log10(power + 1e-12)) / 60));
    },
    close: () => void context.close().catch(() => {}),
  };
}
