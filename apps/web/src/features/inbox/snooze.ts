import type { Need } from './needs-you.ts';

/** Until when each is put off, in ms since the epoch, by `snoozeKey`. */
export type Snoozed = Readonly<Record<string, number>>;

// Older ones are over, or were answered elsewhere.
const MOST_KEPT = 200;
const FARTHEST_MS = 7 * 24 * 3600_000;

/** Names what is put off: when something new happens in the same place, it is another need. */
export const snoozeKey = ({ id, since }: Pick<Need, 'id' | 'since'>): string => `${id}@${since}`;

/** What is put off, out of a stored value; times that are over or beyond a week are left out. */
export function parseSnoozed(stored: unknown, now = Date.now()): Snoozed {
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return {};
  const good = Object.entries(stored).filter(
    (entry): entry is [string, number] =>
      typeof entry[1] === 'number' &&
      entry[1] > now &&
      entry[1] <= now + FARTHEST_MS &&
      entry[0].length < 200,
  );
  return Object.fromEntries(good.slice(-MOST_KEPT));
}

/** What waits now, what is put off, and when the first of those comes back (ms since the epoch, null for none). */
export function withoutSnoozed(
  needs: readonly Need[],
  snoozed: Snoozed,
  now: number,
): { readonly shown: readonly Need[]; readonly hidden: readonly Need[]; readonly nextAt: number | null } {
  const until = (need: Need) => snoozed[snoozeKey(need)] ?? 0;
  const hidden = needs.filter((need) => until(need) > now);
  const nextAt = hidden.reduce<number | null>(
    (first, need) => (first === null ? until(need) : Math.min(first, until(need))),
    null,
  );
  return { shown: needs.filter((need) => until(need) <= now), hidden, nextAt };
}

/** How long something can be put off. */
export const SNOOZES = [
  { label: 'For 15 minutes', until: (now: Date) => now.getTime() + 15 * 60_000 },
  { label: 'For an hour', until: (now: Date) => now.getTime() + 3600_000 },
  { label: 'Until tomorrow, 9:00', until: tomorrowAtNine },
] as const;

// By the clock on the wall: a day with a changed clock has 23 or 25 hours.
function tomorrowAtNine(now: Date): number {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 9).getTime();
}
