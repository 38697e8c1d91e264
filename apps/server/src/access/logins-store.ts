import { eq, lt } from 'drizzle-orm';
import type { Database } from '../store/database.ts';
import { logins } from '../store/schema.ts';

export interface LoginsStore {
  add(tokenHash: string, at: string): void;
  /** When it was last seen; null where there is no such login. */
  lastSeenAt(tokenHash: string): string | null;
  seen(tokenHash: string, at: string): void;
  remove(tokenHash: string): void;
  /** Forgets those that were last seen before. */
  removeUnseen(before: string): void;
}

export function createLoginsStore(db: Database): LoginsStore {
  return {
    add: (tokenHash, at) => void db.insert(logins).values({ tokenHash, createdAt: at, lastSeenAt: at }).run(),
    lastSeenAt(tokenHash) {
      const row = db
        .select({ at: logins.lastSeenAt })
        .from(logins)
        .where(eq(logins.tokenHash, tokenHash))
        .get();
      return row?.at ?? null;
    },
    seen: (tokenHash, at) =>
      void db.update(logins).set({ lastSeenAt: at }).where(eq(logins.tokenHash, tokenHash)).run(),
    remove: (tokenHash) => void db.delete(logins).where(eq(logins.tokenHash, tokenHash)).run(),
    removeUnseen: (before) => void db.delete(logins).where(lt(logins.lastSeenAt, before)).run(),
  };
}
