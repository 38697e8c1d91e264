import { randomBytes } from 'node:crypto';
import type { Database } from '../store/database.ts';
import { createLoginsStore } from './logins-store.ts';
import { hashToken } from './token-hash.ts';

/** Signed-in browsers. Only hashes of their tokens are kept. */
export interface Logins {
  /** A new login's token (256 bits), for the cookie. */
  create(): string;
  /** The hash that names the login, or null for an unknown token. */
  find(token: string): string | null;
  remove(tokenHash: string): void;
  /** Calls back with the hash of each login that is removed, until the returned function is called. */
  watchRemoved(listener: (tokenHash: string) => void): () => void;
}

const TOKEN_BYTES = 32;
const DAY_MS = 24 * 60 * 60_000;

/** How long a browser that does not come back stays signed in. */
export const LOGIN_LIFETIME_MS = 90 * DAY_MS;

export function createLogins(db: Database, now: () => number = Date.now): Logins {
  const store = createLoginsStore(db);
  const listeners = new Set<(tokenHash: string) => void>();
  const at = (offsetMs = 0) => new Date(now() + offsetMs).toISOString();
  store.removeUnseen(at(-LOGIN_LIFETIME_MS));
  return {
    create() {
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      store.add(hashToken(token), at());
      return token;
    },
    find(token) {
      const tokenHash = hashToken(token);
      const lastSeenAt = store.lastSeenAt(tokenHash);
      if (lastSeenAt === null || lastSeenAt < at(-LOGIN_LIFETIME_MS)) return null;
      // Once a day is enough to know who still comes; not a write for each request.
      if (lastSeenAt < at(-DAY_MS)) store.seen(tokenHash, at());
      return tokenHash;
    },
    remove(tokenHash) {
      store.remove(tokenHash);
      for (const listener of listeners) listener(tokenHash);
    },
    watchRemoved(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
