import type { SessionId, TurnId } from '@farhand/shared/model/ids';
import { asc, eq, sql } from 'drizzle-orm';
import type { Database } from '../../store/database.ts';
import { modelMessages } from '../../store/schema.ts';
import { type StoredMessage, storedMessage } from './messages.ts';

export interface MessageRow {
  readonly turnId: string;
  readonly message: StoredMessage;
}

/** The rows of what models were sent and answered. */
export function createMessageStore(db: Database) {
  return {
    all: (sessionId: SessionId): MessageRow[] =>
      db
        .select()
        .from(modelMessages)
        .where(eq(modelMessages.sessionId, sessionId))
        .orderBy(asc(modelMessages.position))
        .all()
        .map((row) => ({ turnId: row.turnId, message: storedMessage.parse(JSON.parse(row.message)) })),
    /** Gives `to` all messages of `from`, or none: half of them would end in a call without its result. */
    copy(from: SessionId, to: SessionId): void {
      db.run(sql`INSERT INTO ${modelMessages} (session_id, position, turn_id, message)
        SELECT ${to}, position, turn_id, message FROM ${modelMessages} WHERE session_id = ${from}`);
    },
    add(sessionId: SessionId, place: { position: number; turnId: TurnId }, added: StoredMessage): void {
      db.insert(modelMessages)
        .values({ sessionId, ...place, message: JSON.stringify(added) })
        .run();
    },
  };
}

export type MessageStore = ReturnType<typeof createMessageStore>;
