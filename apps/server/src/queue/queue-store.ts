import type { MessageId } from '@farhand/shared/model/ids';
import { type QueuedMessage, queuedMessage } from '@farhand/shared/model/queue';
import { asc, eq, sql } from 'drizzle-orm';
import type { Database } from '../store/database.ts';
import { queuedMessages } from '../store/schema.ts';

/** The rows of messages for later. */
export interface QueueStore {
  /** In the order in which they were queued. */
  all(): QueuedMessage[];
  put(message: QueuedMessage): void;
  remove(id: MessageId): void;
}

export function createQueueStore(db: Database): QueueStore {
  return {
    all: () =>
      db
        .select()
        .from(queuedMessages)
        // Not by their times: a clock may be set back, and two may be of one millisecond.
        .orderBy(asc(sql`rowid`))
        .all()
        .map(({ message }) => queuedMessage.parse(JSON.parse(message))),
    put(value) {
      const { id, sessionId, createdAt } = value;
      const message = JSON.stringify(value);
      db.insert(queuedMessages)
        .values({ id, sessionId, createdAt, message })
        .onConflictDoUpdate({ target: queuedMessages.id, set: { message } })
        .run();
    },
    remove: (id) => void db.delete(queuedMessages).where(eq(queuedMessages.id, id)).run(),
  };
}
