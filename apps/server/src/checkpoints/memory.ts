/** The built-in agent's memory of a conversation, taken back to a turn and given back again. */
import type { SessionId } from '@farhand/shared/model/ids';
import { and, asc, eq, gte } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../store/database.ts';
import { modelMessages } from '../store/schema.ts';

/** Messages from a position on, in the form in which they are stored. */
export const cutMemory = z.object({
  from: z.number().int().min(0),
  rows: z.array(z.object({ turnId: z.string(), message: z.string() })),
});
export type CutMemory = z.infer<typeof cutMemory>;

/** The position of the first message of these turns; the end where they have none. */
export function positionOf(db: Database, sessionId: SessionId, turnIds: ReadonlySet<string>): number {
  const all = rowsFrom(db, sessionId, 0);
  const at = all.findIndex(({ turnId }) => turnIds.has(turnId));
  return at < 0 ? all.length : at;
}

/** Takes away what stands from there on, and gives it. A summary that was made there goes with it: what it stood for counts again. */
export function cutFrom(db: Database, sessionId: SessionId, from: number): CutMemory {
  const rows = rowsFrom(db, sessionId, from);
  db.delete(modelMessages).where(beyond(sessionId, from)).run();
  return { from, rows };
}

/** Puts these in the place of all that stands there now. */
export function putBack(db: Database, sessionId: SessionId, { from, rows }: CutMemory): void {
  db.delete(modelMessages).where(beyond(sessionId, from)).run();
  rows.forEach((row, index) => {
    db.insert(modelMessages)
      .values({ sessionId, position: from + index, ...row })
      .run();
  });
}

function rowsFrom(db: Database, sessionId: SessionId, from: number): CutMemory['rows'] {
  return db
    .select({ turnId: modelMessages.turnId, message: modelMessages.message })
    .from(modelMessages)
    .where(beyond(sessionId, from))
    .orderBy(asc(modelMessages.position))
    .all();
}

const beyond = (sessionId: SessionId, from: number) =>
  and(eq(modelMessages.sessionId, sessionId), gte(modelMessages.position, from));
