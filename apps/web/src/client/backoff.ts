const FIRST_DELAY_MS = 500;
// A person who looks at the countdown should not wait longer than this for a server that is back.
const LONGEST_DELAY_MS = 15_000;

/** The wait before try number `attempt` (from 1): doubles from half a second to 15 s, less up to a fifth by chance. */
export function retryDelayMs(attempt: number, random: () => number = Math.random): number {
  const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1));
  return Math.round(delay * (1 - random() / 5));
}
