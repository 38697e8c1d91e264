/** Values that were replaced or removed: covered for as long as something may still print them. */
import type { HostId } from '@farhand/shared/model/hosts';
import type { JobId, WorkspaceId } from '@farhand/shared/model/ids';
import type { SecretHolder, SecretScope } from '@farhand/shared/model/secrets';
import type { FormerSecret, FormerSecrets } from './former-secrets.ts';
import { ownerOf } from './scopes.ts';
import { hasVersion, type SecretJob, type SecretJobs } from './secret-jobs.ts';

/** The jobs of one kind in one workspace. */
interface SecretPlaceOfJobs extends Pick<SecretHolder, 'hostId' | 'workspaceId' | 'kind'> {
  readonly isRunning: boolean;
}

export interface OldValues {
  all(): FormerSecret[];
  /** Jobs that run with a value of before. */
  holders(scope: SecretScope, name: string): SecretHolder[];
  /** Where jobs have or had any value of a secret, each place once; `isRunning` where one runs. */
  places(scope: SecretScope, name: string): SecretPlaceOfJobs[];
  /** Before a job with these secrets is started; false for one that is known already. */
  delivered(job: Omit<SecretJob, 'isEnded' | 'startedAt'>): boolean;
  ended(id: JobId): void;
  /** The jobs are gone from their host, and with them what they printed. */
  gone(ids: readonly JobId[]): void;
  /** Nothing of a workspace is left on this host. */
  workspaceGone(id: WorkspaceId, host: HostId): void;
  /** What a host says of its jobs: those it does not know are gone. */
  seen(host: HostId, jobs: readonly { readonly id: JobId; readonly isRunning: boolean }[]): void;
  /** Hosts where jobs may have secrets. */
  hosts(): HostId[];
  /** Forgets the values that no job can have any more. */
  prune(): void;
}

export interface OldValuesDeps {
  readonly formers: FormerSecrets;
  readonly jobs: SecretJobs;
  readonly onForgotten: () => void;
}

/** For a job that was on its way with the old value at the moment of the change, and a command that is no job. */
const GRACE_MS = 60_000;
/** A job is on record before the host knows it: no look at the host may take it for one that is gone. */
const START_MS = 10 * 60_000;

export function createOldValues({ formers, jobs, onForgotten }: OldValuesDeps): OldValues {
  let timer: NodeJS.Timeout | null = null;

  function prune(): void {
    const all = formers.all();
    if (all.length === 0) return;
    const known = jobs.all();
    const now = Date.now();
    const unheld = all.filter((former) => !known.some((job) => hasVersion(job, former)));
    const over = unheld.filter(({ replacedAt }) => now - Date.parse(replacedAt) >= GRACE_MS);
    for (const { id } of over) formers.remove(id);
    if (over.length > 0) onForgotten();
    if (unheld.length > over.length && timer === null) {
      timer = setTimeout(() => {
        timer = null;
        pruneQuietly();
      }, GRACE_MS);
      timer.unref();
    }
  }

  // The store may be closed by then; the next server prunes at its start.
  function pruneQuietly(): void {
    try {
      prune();
    } catch {}
  }

  return {
    all: formers.all,
    prune,
    hosts: () => [...new Set(jobs.all().map(({ hostId }) => hostId))],
    holders(scope, name) {
      const owner = ownerOf(scope);
      const old = formers
        .all()
        .filter((one) => one.name === name && one.scope.kind === scope.kind && ownerOf(one.scope) === owner);
      if (old.length === 0) return [];
      return jobs
        .all()
        .filter((job) => !job.isEnded && old.some((former) => hasVersion(job, former)))
        .map(({ jobId, workspaceId, hostId, kind, startedAt }) => ({
          jobId,
          workspaceId,
          hostId,
          kind,
          startedAt,
        }));
    },
    places(scope, name) {
      const owner = ownerOf(scope);
      const places = new Map<string, SecretPlaceOfJobs>();
      for (const { hostId, workspaceId, kind, secrets, isEnded } of jobs.all()) {
        const isGiven = secrets.some(
          (one) => one.name === name && one.scope.kind === scope.kind && ownerOf(one.scope) === owner,
        );
        const key = `${hostId} ${workspaceId} ${kind}`;
        const isRunning = !isEnded || (places.get(key)?.isRunning ?? false);
        if (isGiven) places.set(key, { hostId, workspaceId, kind, isRunning });
      }
      return [...places.values()];
    },
    delivered: (job) => jobs.add({ ...job, startedAt: new Date().toISOString() }),
    ended: jobs.ended,
    gone(ids) {
      jobs.remove(ids);
      prune();
    },
    workspaceGone(id, host) {
      jobs.removeOfWorkspace(id, host);
      prune();
    },
    seen(host, seen) {
      const known = new Map(seen.map(({ id, isRunning }) => [id, isRunning]));
      const young = new Date(Date.now() - START_MS).toISOString();
      const gone: JobId[] = [];
      for (const { jobId, startedAt, isEnded } of jobs.ofHost(host)) {
        const isRunning = known.get(jobId);
        if (isRunning === undefined && startedAt < young) gone.push(jobId);
        else if (isRunning === false && !isEnded) jobs.ended(jobId);
      }
      jobs.remove(gone);
      prune();
    },
  };
}
