import type { SessionId, WorkspaceId } from '@farhand/shared/model/ids';
import { type Session, session } from '@farhand/shared/model/sessions';
import { asc, eq, inArray } from 'drizzle-orm';
import type { Database } from '../store/database.ts';
import { sessions } from '../store/schema.ts';

type Row = typeof sessions.$inferSelect;

/** What changes in a session after it was made. */
export type SessionChange = Partial<
  Pick<Session, 'title' | 'model' | 'state' | 'usage' | 'costUsd' | 'context' | 'workspaceId' | 'sandbox'>
>;

/** The rows of sessions. `lastSeq` is the transcript's to write. */
export function createSessionStore(db: Database) {
  return {
    /** Oldest first. */
    all: (): Session[] => db.select().from(sessions).orderBy(asc(sessions.createdAt)).all().map(read),
    ofWorkspace: (id: WorkspaceId): Session[] =>
      db
        .select()
        .from(sessions)
        .where(eq(sessions.workspaceId, id))
        .orderBy(asc(sessions.createdAt))
        .all()
        .map(read),
    /** Those that were at work. */
    unfinished: (): Session[] =>
      db
        .select()
        .from(sessions)
        .where(inArray(sessions.state, ['working', 'blocked', 'contact_lost']))
        .all()
        .map(read),
    get(id: SessionId): Session | null {
      const row = db.select().from(sessions).where(eq(sessions.id, id)).get();
      return row ? read(row) : null;
    },
    add(added: Session): void {
      db.insert(sessions)
        .values({
          ...added,
          usage: JSON.stringify(added.usage),
          parent: JSON.stringify(added.parent),
          context: JSON.stringify(added.context),
        })
        .run();
    },
    update(id: SessionId, change: SessionChange): void {
      const { usage: _, context: __, ...columns } = change;
      const set = { ...columns, ...jsonColumns(change), updatedAt: new Date().toISOString() };
      db.update(sessions).set(set).where(eq(sessions.id, id)).run();
    },
    /** Its transcript and messages go with it. */
    remove(id: SessionId): void {
      db.delete(sessions).where(eq(sessions.id, id)).run();
    },
  };
}

export type SessionStore = ReturnType<typeof createSessionStore>;

// Only those that are given: a column that is not stays as it is.
function jsonColumns({ usage, context }: SessionChange) {
  return {
    ...(usage ? { usage: JSON.stringify(usage) } : {}),
    ...(context === undefined ? {} : { context: JSON.stringify(context) }),
  };
}

function read({ usage, parent, context, ...row }: Row): Session {
  return session.parse({
    ...row,
    usage: JSON.parse(usage),
    parent: JSON.parse(parent ?? 'null'),
    context: JSON.parse(context ?? 'null'),
  });
}
