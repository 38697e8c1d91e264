import { eq, sql } from 'drizzle-orm';
import type { Database } from '../store/database.ts';
import { spending } from '../store/schema.ts';

/** Tokens and US dollars. */
export interface Spent {
  readonly tokens: number;
  readonly usd: number;
}

/** What all agents spent, day by day in the server's time zone. */
export interface Days {
  /** As `2026-11-21`. */
  today(): string;
  of(day: string): Spent;
  /** Counted for today. */
  add(spent: Spent): void;
}

export function createDays(db: Database, now: () => Date): Days {
  const today = () => {
    const date = now();
    const two = (part: number) => String(part).padStart(2, '0');
    return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  };
  return {
    today,
    of(day) {
      const row = db
        .select({ tokens: spending.tokens, usd: spending.usd })
        .from(spending)
        .where(eq(spending.day, day))
        .get();
      return { tokens: row?.tokens ?? 0, usd: row?.usd ?? 0 };
    },
    add({ tokens, usd }) {
      if (tokens === 0 && usd === 0) return;
      db.insert(spending)
        .values({ day: today(), tokens, usd })
        .onConflictDoUpdate({
          target: spending.day,
          set: { tokens: sql`${spending.tokens} + ${tokens}`, usd: sql`${spending.usd} + ${usd}` },
        })
        .run();
    },
  };
}
