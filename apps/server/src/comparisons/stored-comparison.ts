import { comparison, variant } from '@farhand/shared/model/comparisons';
import { type ComparisonId, itemId, jobId } from '@farhand/shared/model/ids';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../store/database.ts';
import { comparisons } from '../store/schema.ts';

const storedVariant = variant.extend({
  /** Of the message that gives it the prompt: sent twice it counts once. */
  messageId: itemId,
  isPrompted: z.boolean(),
  /** The tree of its files before the prompt, 40 hex digits; null where that could not be read. */
  start: z.string().nullable(),
  /** The job of the test that runs. */
  testJob: jobId.nullable(),
  testStartedAt: z.string().nullable(),
});
/** A variant with what pages need not see. */
export type StoredVariant = z.infer<typeof storedVariant>;

const storedComparison = comparison.extend({ variants: z.array(storedVariant) });
export type StoredComparison = z.infer<typeof storedComparison>;

/** The rows of comparisons. */
export function createComparisonStore(db: Database) {
  return {
    /** Oldest first. */
    all: (): StoredComparison[] =>
      db
        .select()
        .from(comparisons)
        .orderBy(comparisons.createdAt)
        .all()
        .map((row) => storedComparison.parse(JSON.parse(row.comparison))),
    put(value: StoredComparison): void {
      const { id, workspaceId, createdAt } = value;
      const text = JSON.stringify(value);
      db.insert(comparisons)
        .values({ id, workspaceId, createdAt, comparison: text })
        .onConflictDoUpdate({ target: comparisons.id, set: { comparison: text } })
        .run();
    },
    remove: (id: ComparisonId): void => void db.delete(comparisons).where(eq(comparisons.id, id)).run(),
    /** All or nothing. */
    transaction: (work: () => void): void => db.transaction(work),
  };
}
export type ComparisonStore = ReturnType<typeof createComparisonStore>;
