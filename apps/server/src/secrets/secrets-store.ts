import { and, asc, eq } from 'drizzle-orm';
import type { Database } from '../store/database.ts';
import { secrets } from '../store/schema.ts';

interface SecretRow {
  readonly name: string;
  readonly sealed: string;
  readonly updatedAt: string;
}

export interface SecretsStore {
  /** By name. */
  list(projectId: string): SecretRow[];
  put(projectId: string, row: SecretRow): void;
  /** False where there was none. */
  remove(projectId: string, name: string): boolean;
}

export function createSecretsStore(db: Database): SecretsStore {
  const columns = { name: secrets.name, sealed: secrets.sealed, updatedAt: secrets.updatedAt };
  return {
    list: (projectId) =>
      db
        .select(columns)
        .from(secrets)
        .where(eq(secrets.projectId, projectId))
        .orderBy(asc(secrets.name))
        .all(),
    put(projectId, { name, sealed, updatedAt }) {
      db.insert(secrets)
        .values({ projectId, name, sealed, updatedAt })
        .onConflictDoUpdate({ target: [secrets.projectId, secrets.name], set: { sealed, updatedAt } })
        .run();
    },
    remove(projectId, name) {
      const place = and(eq(secrets.projectId, projectId), eq(secrets.name, name));
      return db.delete(secrets).where(place).run().changes > 0;
    },
  };
}
