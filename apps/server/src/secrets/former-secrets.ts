import { randomUUID } from 'node:crypto';
import type { SecretForm, SecretScope } from '@farhand/shared/model/secrets';
import { eq } from 'drizzle-orm';
import type { Database } from '../store/database.ts';
import { formerSecrets } from '../store/schema.ts';
import { ownerOf, scopeOf } from './scopes.ts';
import { fileNameOf, formOf, projectOf, type SecretRow } from './secrets-store.ts';

/** A value that was replaced or removed, still sealed as it was. */
export interface FormerSecret {
  readonly id: string;
  readonly scope: SecretScope;
  readonly name: string;
  readonly form: SecretForm;
  readonly sealed: string;
  /** When this value was given: which jobs had it is told by that. */
  readonly setAt: string;
  readonly replacedAt: string;
}

export interface FormerSecrets {
  all(): FormerSecret[];
  add(row: SecretRow, replacedAt: string): void;
  reseal(id: string, sealed: string): void;
  remove(id: string): void;
}

export function createFormerSecrets(db: Database): FormerSecrets {
  return {
    all: () =>
      db
        .select()
        .from(formerSecrets)
        .all()
        .map(({ id, scope, owner, name, fileName, sealed, setAt, replacedAt }) => ({
          id,
          scope: scopeOf(scope, owner),
          name,
          form: formOf(fileName),
          sealed,
          setAt,
          replacedAt,
        })),
    add({ scope, name, form, sealed, updatedAt: setAt }, replacedAt) {
      const key = { id: randomUUID(), scope: scope.kind, owner: ownerOf(scope), name };
      db.insert(formerSecrets)
        .values({
          ...key,
          projectId: projectOf(scope),
          fileName: fileNameOf(form),
          sealed,
          setAt,
          replacedAt,
        })
        .run();
    },
    reseal(id, sealed) {
      db.update(formerSecrets).set({ sealed }).where(eq(formerSecrets.id, id)).run();
    },
    remove(id) {
      db.delete(formerSecrets).where(eq(formerSecrets.id, id)).run();
    },
  };
}
