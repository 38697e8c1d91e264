import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Actor } from '@farhand/shared/model/audit';
import { newId, type TokenId } from '@farhand/shared/model/ids';
import type { ApiToken } from '@farhand/shared/model/tokens';
import type { ParsedInput } from '@farhand/shared/protocol/calls';
import { hashToken } from '../access/token-hash.ts';
import type { Audit, AuditEntry } from '../audit/audit.ts';
import type { Database } from '../store/database.ts';
import { createTokenStore, type StoredToken } from './token-store.ts';
import { isTokenValue, newTokenValue } from './token-value.ts';

/** Keys for other programs. Only hashes of them are kept. */
export interface Tokens {
  /** Oldest first, without those that have expired. */
  list(): ApiToken[];
  /** The token, and its value, which nobody can be told again. Throws `token.name_taken`, `token.expiry_past`. */
  create(input: ParsedInput<'token.create'>, by: Actor): { token: ApiToken; value: string };
  /** Counts at once. Throws `token.not_found`. */
  revoke(id: TokenId, by: Actor): void;
  /** The token of this value; null for one that is not good. Remembers that it was used, and from where. */
  find(value: string, address: string | null): StoredToken | null;
  /** Calls back with the hash of each token that is revoked or expires, until the returned function is called. */
  watchEnded(listener: (tokenHash: string) => void): () => void;
  close(): void;
}

interface TokensDeps {
  readonly db: Database;
  /** Nothing is put on record where not given. */
  readonly audit?: Pick<Audit, 'record' | 'recordLater'>;
  /** In milliseconds; for tests. */
  readonly now?: () => number;
}

/** A write for each request is too much; the page shows when it was last used to the minute. */
const USED_EVERY_MS = 60_000;
/** How long after its expiry what a token holds open may still be open. */
const LOOK_FOR_EXPIRED_MS = 5_000;

export function createTokens({ db, audit, now = Date.now }: TokensDeps): Tokens {
  const store = createTokenStore(db);
  const listeners = new Set<(tokenHash: string) => void>();
  const tellEnded = (tokenHash: string) => {
    for (const listener of listeners) listener(tokenHash);
  };
  const isExpired = ({ expiresAt }: ApiToken) => expiresAt !== null && Date.parse(expiresAt) <= now();
  const removeExpired = () => {
    for (const { token, tokenHash } of store.list()) {
      if (!isExpired(token)) continue;
      store.remove(token.id);
      tellEnded(tokenHash);
    }
  };
  const timer = setInterval(removeExpired, LOOK_FOR_EXPIRED_MS).unref();
  const noteUse = (stored: StoredToken, address: string | null) => {
    const { id, name, lastUsedAt, lastUsedFrom } = stored.token;
    const isNew = lastUsedAt === null || lastUsedFrom !== address;
    // A program with two addresses would otherwise write a line for each request.
    if (isNew && !(lastUsedAt !== null && now() - Date.parse(lastUsedAt) < USED_EVERY_MS))
      audit?.recordLater(
        entryOf('sign_in', { kind: 'token', name }, `Token ${name} was used`, { from: address }),
      );
    if (lastUsedAt === null || now() - Date.parse(lastUsedAt) >= USED_EVERY_MS)
      store.used(id, new Date(now()).toISOString(), address);
  };
  return {
    list: () =>
      store
        .list()
        .map(({ token }) => token)
        .filter((token) => !isExpired(token)),
    create(input, by) {
      removeExpired();
      if (store.list().some(({ token }) => token.name === input.name))
        throw new FarhandError('token.name_taken', { message: `There is a token ${input.name} already.` });
      const value = newTokenValue();
      const token: ApiToken = {
        ...input,
        id: newId('token'),
        scopes: [...new Set(input.scopes)],
        createdAt: new Date(now()).toISOString(),
        lastUsedAt: null,
        lastUsedFrom: null,
      };
      if (isExpired(token)) throw new FarhandError('token.expiry_past');
      const { scopes, hosts, projects, expiresAt } = token;
      const facts = { token: token.id, scopes, hosts, projects, expiresAt };
      audit?.record(entryOf('setting', by, `Token ${token.name} was made`, facts));
      store.add({ token, tokenHash: hashToken(value) });
      return { token, value };
    },
    revoke(id, by) {
      const found = store.list().find(({ token }) => token.id === id);
      if (!found) throw new FarhandError('token.not_found');
      audit?.record(entryOf('setting', by, `Token ${found.token.name} was revoked`, { token: id }));
      store.remove(id);
      tellEnded(found.tokenHash);
    },
    find(value, address) {
      if (!isTokenValue(value)) return null;
      // By its hash: how long that takes tells nothing about values that exist.
      const found = store.byHash(hashToken(value));
      if (!found || isExpired(found.token)) return null;
      noteUse(found, address);
      return found;
    },
    watchEnded(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => clearInterval(timer),
  };
}

function entryOf(
  kind: AuditEntry['kind'],
  actor: Actor,
  summary: string,
  facts: AuditEntry['facts'],
): AuditEntry {
  return { kind, actor, summary, facts, hostId: null, workspaceId: null, sessionId: null, output: null };
}
