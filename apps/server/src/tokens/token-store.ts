import { type TokenId, tokenId } from '@farhand/shared/model/ids';
import { type ApiToken, apiToken } from '@farhand/shared/model/tokens';
import { eq } from 'drizzle-orm';
import type { Database } from '../store/database.ts';
import { apiTokens } from '../store/program-schema.ts';

/** A token with what it is found by. */
export interface StoredToken {
  readonly token: ApiToken;
  readonly tokenHash: string;
}

export interface TokenStore {
  /** Oldest first. */
  list(): StoredToken[];
  byHash(tokenHash: string): StoredToken | null;
  add(stored: StoredToken): void;
  used(id: TokenId, at: string, from: string | null): void;
  remove(id: TokenId): void;
}

export function createTokenStore(db: Database): TokenStore {
  return {
    list: () => db.select().from(apiTokens).orderBy(apiTokens.createdAt, apiTokens.id).all().map(toStored),
    byHash(tokenHash) {
      const row = db.select().from(apiTokens).where(eq(apiTokens.tokenHash, tokenHash)).get();
      return row ? toStored(row) : null;
    },
    add({ token, tokenHash }) {
      const scopes = JSON.stringify(token.scopes);
      const hosts = token.hosts && JSON.stringify(token.hosts);
      const projects = token.projects && JSON.stringify(token.projects);
      db.insert(apiTokens)
        .values({ ...token, tokenHash, scopes, hosts, projects })
        .run();
    },
    used: (id, lastUsedAt, lastUsedFrom) =>
      void db.update(apiTokens).set({ lastUsedAt, lastUsedFrom }).where(eq(apiTokens.id, id)).run(),
    remove: (id) => void db.delete(apiTokens).where(eq(apiTokens.id, id)).run(),
  };
}

function toStored({ tokenHash, ...row }: typeof apiTokens.$inferSelect): StoredToken {
  const parsed = {
    ...row,
    id: tokenId.parse(row.id),
    scopes: JSON.parse(row.scopes),
    hosts: row.hosts === null ? null : JSON.parse(row.hosts),
    projects: row.projects === null ? null : JSON.parse(row.projects),
  };
  return { token: apiToken.parse(parsed), tokenHash };
}
