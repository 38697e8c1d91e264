const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** How long to wait before attempt `attempt` (1 is the first after a loss, and at once), spread so that many do not come together. */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  if (attempt <= 1) return 0;
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 2, 20));
  return Math.round(whole * (0.75 + 0.25 * random()));
}
