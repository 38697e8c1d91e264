import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ProjectId } from '@farhand/shared/model/ids';
import type { SecretSummary } from '@farhand/shared/model/secrets';
import type { Environment } from '@farhand/shared/runtime/port';
import type { Database } from '../store/database.ts';
import { createRedactor, type Redactor } from './redactor.ts';
import { createSecretsStore } from './secrets-store.ts';
import type { Vault } from './vault.ts';

/** The secrets of projects: sealed at rest, handed out only as a job's environment or to take them out of output. */
export interface Secrets {
  /** By name, without the values. */
  list(projectId: ProjectId): SecretSummary[];
  /** Makes or replaces one. `project.not_found`. */
  set(projectId: ProjectId, name: string, value: string): void;
  /** Throws `secret.not_found`. */
  remove(projectId: ProjectId, name: string): void;
  environment(projectId: ProjectId): Environment;
  /** For the values as they are now. */
  redactor(projectId: ProjectId): Redactor;
}

export function createSecrets({ db, vault }: { db: Database; vault: Vault }): Secrets {
  const store = createSecretsStore(db);
  // A redactor is a compiled automaton, and one is asked for at every command.
  const redactors = new Map<ProjectId, Redactor>();
  const environment = (projectId: ProjectId): Environment =>
    Object.fromEntries(
      store.list(projectId).map((row) => [row.name, vault.open(row.sealed, placeOf(projectId, row.name))]),
    );
  return {
    list: (projectId) => store.list(projectId).map(({ name, updatedAt }) => ({ name, updatedAt })),
    set(projectId, name, value) {
      const sealed = vault.seal(value, placeOf(projectId, name));
      putOrExplain(() => store.put(projectId, { name, sealed, updatedAt: new Date().toISOString() }));
      redactors.delete(projectId);
    },
    remove(projectId, name) {
      if (!store.remove(projectId, name))
        throw new FarhandError('secret.not_found', { details: { projectId, name } });
      redactors.delete(projectId);
    },
    environment,
    redactor(projectId) {
      const known = redactors.get(projectId) ?? createRedactor(environment(projectId));
      redactors.set(projectId, known);
      return known;
    },
  };
}

// A sealed value copied to another row by someone who can write the database does not open there.
const placeOf = (projectId: ProjectId, name: string) => `secret/${projectId}/${name}`;

function putOrExplain(put: () => void): void {
  try {
    put();
  } catch (cause) {
    if (cause instanceof Error && cause.message.includes('FOREIGN KEY'))
      throw new FarhandError('project.not_found', { cause });
    throw cause;
  }
}
