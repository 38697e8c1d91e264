// Two presses within this time stop the agent; long enough for a hand, short enough to be meant.
const DOUBLE_ESCAPE_MS = 1500;

/** Whether a press of Esc at `now` (ms) is the second one; `previous` is the time of the last press or null. */
export function isSecondEscape(previous: number | null, now: number): boolean {
  return previous !== null && now - previous <= DOUBLE_ESCAPE_MS;
}
