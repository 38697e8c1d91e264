import { actor } from '@farhand/shared/model/audit';
import { type RewindTarget, rewindTarget, rewindWhat } from '@farhand/shared/model/checkpoints';
import { itemId, type SessionId } from '@farhand/shared/model/ids';
import { and, asc, eq, isNotNull } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../store/database.ts';
import { checkpoints } from '../store/schema.ts';
import { type Moment, moment } from './host/moment.ts';
import { cutMemory } from './memory.ts';

/** A rewind that was begun and is to be brought to its end. */
const intent = z.object({
  to: rewindTarget,
  what: rewindWhat,
  by: actor,
  /** Of the transcript's item that tells of it. */
  itemId,
});
export type Intent = z.infer<typeof intent>;

/** One moment as it is stored. */
export interface CheckpointRow {
  readonly id: RewindTarget;
  readonly sessionId: SessionId;
  readonly kind: 'turn' | 'undo';
  readonly at: string;
  /** When it began; null where the files were not kept. */
  readonly moment: Moment | null;
  readonly reason: string | null;
  /** When it ended; null while it has not, or where that was not looked at. */
  readonly ended: Moment | null;
  readonly intent: Intent | null;
  /** What a rewind cut off the agent's memory. */
  readonly memory: z.infer<typeof cutMemory> | null;
}

/** The rows of what sessions can go back to. */
export function createCheckpointStore(db: Database) {
  const columns = {
    id: checkpoints.id,
    sessionId: checkpoints.sessionId,
    kind: checkpoints.kind,
    at: checkpoints.at,
    moment: checkpoints.moment,
    reason: checkpoints.reason,
    ended: checkpoints.ended,
    intent: checkpoints.intent,
    memory: checkpoints.memory,
  };
  type Stored = { [Name in keyof typeof columns]: string | null };
  const json = (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value));
  const parsed = <Value>(schema: z.ZodType<Value>, text: string | null) =>
    text === null ? null : schema.parse(JSON.parse(text));
  const read = (row: Stored): CheckpointRow => ({
    id: rewindTarget.parse(row.id),
    sessionId: row.sessionId as SessionId,
    kind: row.kind === 'undo' ? 'undo' : 'turn',
    at: row.at ?? '',
    moment: parsed(moment, row.moment),
    reason: row.reason,
    ended: parsed(moment, row.ended),
    intent: parsed(intent, row.intent),
    memory: parsed(cutMemory, row.memory),
  });
  return {
    /** Oldest first. */
    ofSession: (sessionId: SessionId): CheckpointRow[] =>
      db
        .select(columns)
        .from(checkpoints)
        .where(eq(checkpoints.sessionId, sessionId))
        .orderBy(asc(checkpoints.at), asc(checkpoints.id))
        .all()
        .map(read),
    get(sessionId: SessionId, id: RewindTarget): CheckpointRow | null {
      const where = and(eq(checkpoints.sessionId, sessionId), eq(checkpoints.id, id));
      const row = db.select(columns).from(checkpoints).where(where).get();
      return row ? read(row) : null;
    },
    /** Rewinds that did not come to their end. */
    unfinished: (): CheckpointRow[] =>
      db.select(columns).from(checkpoints).where(isNotNull(checkpoints.intent)).all().map(read),
    add({ moment: begun, ended, intent: wanted, memory, ...row }: CheckpointRow): void {
      const values = { moment: json(begun), ended: json(ended), intent: json(wanted), memory: json(memory) };
      db.insert(checkpoints)
        .values({ ...row, ...values })
        .run();
    },
    change(
      id: RewindTarget,
      change: Partial<Pick<CheckpointRow, 'moment' | 'reason' | 'ended' | 'intent' | 'memory'>>,
    ): void {
      const values = Object.entries(change).map(([name, value]) => [
        name,
        name === 'reason' ? value : json(value),
      ]);
      db.update(checkpoints).set(Object.fromEntries(values)).where(eq(checkpoints.id, id)).run();
    },
  };
}

export type CheckpointStore = ReturnType<typeof createCheckpointStore>;
