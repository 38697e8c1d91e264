import type { SessionId, TurnId } from '@farhand/shared/model/ids';
import { asc, eq } from 'drizzle-orm';
import type { Database } from '../../store/database.ts';
import { modelMessages } from '../../store/schema.ts';
import { type Message, message } from './messages.ts';

export interface MessageRow {
  readonly turnId: string;
  readonly message: Message;
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
        .map((row) => ({ turnId: row.turnId, message: message.parse(JSON.parse(row.message)) })),
    add(sessionId: SessionId, place: { position: number; turnId: TurnId }, added: Message): void {
      db.insert(modelMessages)
        .values({ sessionId, ...place, message: JSON.stringify(added) })
        .run();
    },
  };
}

export type MessageStore = ReturnType<typeof createMessageStore>;
