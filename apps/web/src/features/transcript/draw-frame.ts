// The frame after a key shows the key alone: within it a person sees what they typed.
const KEY_FRAME_MS = 32;
// A key that is held down comes again in every frame; what the agents say must not wait for its end.
const LONGEST_WAIT_MS = 200;

let keyAt = Number.NEGATIVE_INFINITY;
if (typeof window !== 'undefined')
  window.addEventListener('keydown', () => (keyAt = performance.now()), { capture: true, passive: true });

// In the next frame that no key was pressed for, at the latest after a fifth of a second.
function drawInFrame(draw: () => void): void {
  const askedAt = performance.now();
  const attempt = () => {
    const now = performance.now();
    if (now - keyAt < KEY_FRAME_MS && now - askedAt < LONGEST_WAIT_MS) requestAnimationFrame(attempt);
    else draw();
  };
  requestAnimationFrame(attempt);
}

// Text that grows ten times a second reads as flowing. Each drawing lays out and paints a transcript, and with many
// agents beside each other the keys a person types wait behind them: all of them draw in one frame.
const DRAW_EVERY_MS = 100;

const waiting = new Set<() => void>();
let isAsked = false;
let drawnAt = Number.NEGATIVE_INFINITY;

/** Calls `draw` with all others that wait, in one frame: soon after a pause, otherwise no sooner than the eye needs. */
export function drawTogether(draw: () => void): void {
  waiting.add(draw);
  if (isAsked) return;
  isAsked = true;
  const waitMs = drawnAt + DRAW_EVERY_MS - performance.now();
  if (waitMs <= 0) drawInFrame(drawAll);
  else setTimeout(() => drawInFrame(drawAll), waitMs);
}

function drawAll(): void {
  isAsked = false;
  drawnAt = performance.now();
  const draws = [...waiting];
  waiting.clear();
  for (const draw of draws) draw();
}
