import {
  type SecretForm,
  type SecretKind,
  type SecretScope,
  secretKind,
} from '@farhand/shared/model/secrets';
import { and, asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../store/database.ts';
import { secrets } from '../store/schema.ts';
import { ownerOf, scopeOf } from './scopes.ts';

/** A secret as it is stored. */
export interface SecretRow {
  readonly scope: SecretScope;
  readonly name: string;
  readonly kinds: readonly SecretKind[];
  readonly form: SecretForm;
  /** Of a file the bytes as base64. */
  readonly sealed: string;
  readonly updatedAt: string;
}

export interface SecretsStore {
  /** All, by scope, owner and name. */
  all(): SecretRow[];
  find(scope: SecretScope, name: string): SecretRow | null;
  put(row: SecretRow): void;
  setKinds(scope: SecretScope, name: string, kinds: readonly SecretKind[]): void;
  reseal(scope: SecretScope, name: string, sealed: string): void;
  remove(scope: SecretScope, name: string): void;
}

const storedKinds = z.array(secretKind);

export function createSecretsStore(db: Database): SecretsStore {
  const at = (scope: SecretScope, name: string) =>
    and(eq(secrets.scope, scope.kind), eq(secrets.owner, ownerOf(scope)), eq(secrets.name, name));
  return {
    all: () =>
      db
        .select()
        .from(secrets)
        .orderBy(asc(secrets.scope), asc(secrets.owner), asc(secrets.name))
        .all()
        .map(fromStored),
    find(scope, name) {
      const [row] = db.select().from(secrets).where(at(scope, name)).all();
      return row ? fromStored(row) : null;
    },
    put({ scope, name, kinds, form, sealed, updatedAt }) {
      const value = { kinds: JSON.stringify(kinds), fileName: fileNameOf(form), sealed, updatedAt };
      const key = { scope: scope.kind, owner: ownerOf(scope), name };
      db.insert(secrets)
        .values({ ...key, ...value, projectId: projectOf(scope) })
        .onConflictDoUpdate({ target: [secrets.scope, secrets.owner, secrets.name], set: value })
        .run();
    },
    setKinds(scope, name, kinds) {
      db.update(secrets)
        .set({ kinds: JSON.stringify(kinds) })
        .where(at(scope, name))
        .run();
    },
    reseal(scope, name, sealed) {
      db.update(secrets).set({ sealed }).where(at(scope, name)).run();
    },
    remove(scope, name) {
      db.delete(secrets).where(at(scope, name)).run();
    },
  };
}

/** Null for a variable. */
export function fileNameOf(form: SecretForm): string | null {
  return form.kind === 'file' ? form.fileName : null;
}

/** The form that a stored file name tells. */
export function formOf(fileName: string | null): SecretForm {
  return fileName === null ? { kind: 'variable' } : { kind: 'file', fileName };
}

/** For the column that makes a secret go with its project. */
export function projectOf(scope: SecretScope): string | null {
  return scope.kind === 'project' ? scope.projectId : null;
}

function fromStored(row: typeof secrets.$inferSelect): SecretRow {
  return {
    scope: scopeOf(row.scope, row.owner),
    name: row.name,
    kinds: storedKinds.parse(JSON.parse(row.kinds)),
    form: formOf(row.fileName),
    sealed: row.sealed,
    updatedAt: row.updatedAt,
  };
}
