/** Says what is being done, with the seconds since the command began: silence for minutes looks like a hang. */

const began = performance.now();

/** Seconds since the command began. */
export const elapsed = () => (performance.now() - began) / 1000;

/** `75` → `1 min 15 s`, `7.3` → `7.3 s`. */
export function duration(seconds) {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** One line for a step that begins or has ended. */
export function say(text) {
  console.log(`[${elapsed().toFixed(1).padStart(6)}s] ${text}`);
}

/** A line that belongs to the step above it. */
export function more(text) {
  console.log(`          ${text}`);
}

/** A failure that the person at the terminal can act on: printed without a stack. */
export class UserError extends Error {}

/** Prints why a command ends, and gives the exit code. */
export function explain(error) {
  console.error(error instanceof UserError ? `\n${error.message}` : error);
  return 1;
}
