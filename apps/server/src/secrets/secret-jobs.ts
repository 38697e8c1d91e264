import { type HostId, hostId as hostIdOf } from '@farhand/shared/model/hosts';
import { type JobId, jobId, type WorkspaceId, workspaceId } from '@farhand/shared/model/ids';
import { type SecretHolder, type SecretScope, secretKind, secretScope } from '@farhand/shared/model/secrets';
import { and, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../store/database.ts';
import { secretJobs } from '../store/schema.ts';
import { ownerOf } from './scopes.ts';

/** Which value it is, without telling it: of this secret, the one that was given at `setAt`. */
export interface SecretVersion {
  readonly scope: SecretScope;
  readonly name: string;
  readonly setAt: string;
}

/** A job that was given secrets. It is kept until it is gone from its host, where its output still holds them. */
export interface SecretJob extends SecretHolder {
  readonly secrets: readonly SecretVersion[];
  readonly isEnded: boolean;
}

export interface SecretJobs {
  all(): SecretJob[];
  /** False for a job that is known already: it keeps the time of its first start. */
  add(job: Omit<SecretJob, 'isEnded'>): boolean;
  ended(id: JobId): void;
  remove(ids: readonly JobId[]): void;
  ofHost(id: HostId): SecretJob[];
  removeOfWorkspace(id: WorkspaceId, host: HostId): void;
}

const storedNames = z.array(z.object({ scope: secretScope, name: z.string(), setAt: z.string() }));

export function createSecretJobs(db: Database): SecretJobs {
  return {
    all: () => db.select().from(secretJobs).all().map(fromStored),
    ofHost: (id) => db.select().from(secretJobs).where(eq(secretJobs.hostId, id)).all().map(fromStored),
    add({ secrets, ...job }) {
      const added = db
        .insert(secretJobs)
        .values({ ...job, secrets: JSON.stringify(secrets) })
        .onConflictDoNothing()
        .run();
      return added.changes > 0;
    },
    ended(id) {
      db.update(secretJobs).set({ isEnded: true }).where(eq(secretJobs.jobId, id)).run();
    },
    remove(ids) {
      if (ids.length > 0)
        db.delete(secretJobs)
          .where(inArray(secretJobs.jobId, [...ids]))
          .run();
    },
    removeOfWorkspace(id, host) {
      db.delete(secretJobs)
        .where(and(eq(secretJobs.workspaceId, id), eq(secretJobs.hostId, host)))
        .run();
    },
  };
}

/** True where this job was given this very value. */
export function hasVersion(job: SecretJob, { scope, name, setAt }: SecretVersion): boolean {
  const owner = ownerOf(scope);
  return job.secrets.some(
    (one) =>
      one.setAt === setAt &&
      one.name === name &&
      one.scope.kind === scope.kind &&
      ownerOf(one.scope) === owner,
  );
}

function fromStored(row: typeof secretJobs.$inferSelect): SecretJob {
  return {
    jobId: jobId.parse(row.jobId),
    hostId: hostIdOf.parse(row.hostId),
    workspaceId: workspaceId.parse(row.workspaceId),
    kind: secretKind.parse(row.kind),
    secrets: storedNames.parse(JSON.parse(row.secrets)),
    startedAt: row.startedAt,
    isEnded: row.isEnded,
  };
}
