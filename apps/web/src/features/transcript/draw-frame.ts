// The frame after a key shows the key alone: within it a person sees what they typed.
const KEY_FRAME_MS = 32;
// A key that is held down comes again in every frame; what the agents say must not wait for its end.
const LONGEST_WAIT_MS = 200;

let keyAt = Number.NEGATIVE_INFINITY;
if (typeof window !== 'undefined')
  window.addEventListener('keydown', () => (keyAt = performance.now()), { capture: true, passive: true });

/** Calls `draw` in the next frame that no key was pressed for, at the latest after a fifth of a second. */
export function drawInFrame(draw: () => void): void {
  const askedAt = performance.now();
  const attempt = () => {
    const now = performance.now();
    if (now - keyAt < KEY_FRAME_MS && now - askedAt < LONGEST_WAIT_MS) requestAnimationFrame(attempt);
    else draw();
  };
  requestAnimationFrame(attempt);
}
