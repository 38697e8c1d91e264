import type { SessionId } from '@farhand/shared/model/ids';
import type { Budget } from '@farhand/shared/model/spending';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../store/database.ts';
import { sessionAllowances } from '../store/schema.ts';
import type { Spent } from './days.ts';

const amount = z.number().min(0).default(0);
/** What was added to the limits for one session; what is for a day holds on that day only. */
const allowance = z.object({
  day: z.string().default(''),
  sessionTokens: amount,
  sessionUsd: amount,
  dayTokens: amount,
  dayUsd: amount,
});
export type Allowance = z.infer<typeof allowance>;

/** One limit that is reached. */
export interface ReachedLimit {
  readonly limit: keyof Budget;
  /** As it was set, before it was raised. */
  readonly amount: number;
  /** With what it was raised by. */
  readonly raised: number;
  readonly spent: number;
}

/** As of that day. */
export function readAllowance(db: Database, root: SessionId, day: string): Allowance {
  const row = db
    .select({ allowance: sessionAllowances.allowance })
    .from(sessionAllowances)
    .where(eq(sessionAllowances.sessionId, root))
    .get();
  const kept = allowance.parse(row ? JSON.parse(row.allowance) : {});
  return kept.day === day ? kept : { ...kept, day, dayTokens: 0, dayUsd: 0 };
}

export function writeAllowance(db: Database, root: SessionId, raised: Allowance): void {
  const text = JSON.stringify(raised);
  db.insert(sessionAllowances)
    .values({ sessionId: root, allowance: text })
    .onConflictDoUpdate({ target: sessionAllowances.sessionId, set: { allowance: text } })
    .run();
}

/** The first limit that is reached; null where all have room. */
export function reachedLimit(
  budget: Budget,
  raised: Allowance,
  { session, day }: { session: Spent; day: Spent },
): ReachedLimit | null {
  const spent = {
    sessionTokens: session.tokens,
    sessionUsd: session.usd,
    dayTokens: day.tokens,
    dayUsd: day.usd,
  };
  for (const limit of ['sessionUsd', 'sessionTokens', 'dayUsd', 'dayTokens'] as const) {
    const set = budget[limit];
    if (set === null || spent[limit] < set + raised[limit]) continue;
    return { limit, amount: set, raised: set + raised[limit], spent: spent[limit] };
  }
  return null;
}

/** As `$5.00 a day` and `$5.02`. */
export function limitWords({ limit, raised, spent }: ReachedLimit): { limit: string; spent: string } {
  const isMoney = limit === 'sessionUsd' || limit === 'dayUsd';
  const words = (value: number) => (isMoney ? dollars(value) : `${value.toLocaleString('en-US')} tokens`);
  const span = limit === 'dayTokens' || limit === 'dayUsd' ? 'a day' : 'a session';
  return { limit: `${words(raised)} ${span}`, spent: words(spent) };
}

// A budget of less than a cent is still one.
function dollars(value: number): string {
  return `$${value.toFixed(value > 0 && value < 0.1 ? 6 : 2)}`;
}
