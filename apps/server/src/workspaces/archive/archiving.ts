/** Archives workspaces: what they hold goes to the server first, then the host is freed. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import { isHostAway, isKnownAway } from '../../host-tasks/host-away.ts';
import type { HostTasks } from '../../host-tasks/host-tasks.ts';
import type { Log } from '../../logging/log.ts';
import { overLostContact } from '../follow-job.ts';
import type { WorkspaceRecords } from '../records.ts';
import type { ArchiveRecord } from '../workspace-store.ts';
import { type CaptureDeps, captureNow } from './capture-now.ts';

export interface Archiving {
  /** Resolves when it is archived, or when it waits for a host that is away. Throws `workspace.archive_refused`, `workspace.fetch_refused`, `disk.*`; the workspace is ready again then. */
  start(id: WorkspaceId): Promise<void>;
  /** Stops one that has not begun to free the host: it is ready again. */
  cancel(id: WorkspaceId): Promise<void>;
  /** At the server's start: goes on with it. */
  resume(id: WorkspaceId): void;
  /** Leaves what is under way to the next server. */
  shutdown(): Promise<void>;
}

export interface ArchivingDeps extends CaptureDeps {
  readonly records: WorkspaceRecords;
  readonly tasks: HostTasks;
  /** Ends turns and terminals, so that nothing writes any more; what was said stays. */
  readonly onArchive: (id: WorkspaceId) => Promise<void>;
  readonly log?: Pick<Log, 'warn'> | undefined;
}

interface Run {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
  /** Resolves when the host is found to be away. */
  readonly waits: Promise<void>;
}

export function createArchiving(deps: ArchivingDeps): Archiving {
  const { records, tasks } = deps;
  const running = new Map<WorkspaceId, Run>();

  function begin(id: WorkspaceId): Run {
    const known = running.get(id);
    if (known) return known;
    const stop = new AbortController();
    let onAway = () => {};
    const waits = new Promise<void>((resolve) => {
      onAway = resolve;
    });
    const ended = archive(deps, id, { signal: stop.signal, onAway })
      .catch((error: unknown) => {
        if (stop.signal.aborted) return;
        fallBack(deps, id);
        throw error;
      })
      .finally(() => running.delete(id));
    const run: Run = { stop, ended, waits };
    running.set(id, run);
    return run;
  }

  const told = (id: WorkspaceId, work: Promise<void>) =>
    void work.catch((error: unknown) =>
      deps.log?.warn('workspace.archive_failed', { workspaceId: id, error }),
    );

  async function end(id: WorkspaceId): Promise<void> {
    const run = running.get(id);
    run?.stop.abort(new DOMException('The archiving was ended.', 'AbortError'));
    await run?.ended.catch(() => {});
  }

  tasks.listen({
    onCarriedOut({ kind, workspaceId }) {
      if (kind === 'clear_workspace') finish(deps, workspaceId);
    },
    onFailed({ kind, workspaceId }, error) {
      if (kind !== 'clear_workspace' || records.find(workspaceId)?.state !== 'archiving') return;
      deps.log?.warn('workspace.folder_left', { workspaceId, error });
      finish(deps, workspaceId);
    },
  });

  return {
    async start(id) {
      records.change(id, { state: 'archiving', isWaitingForHost: false });
      const { ended, waits } = begin(id);
      // Of one that waits, nobody is there any more to hear of a failure.
      const isWaiting = await Promise.race([ended.then(() => false), waits.then(() => true)]);
      if (isWaiting) told(id, ended);
    },
    async cancel(id) {
      await end(id);
      const record = records.find(id);
      if (record?.state === 'archiving' && record.archive === null) fallBack(deps, id);
    },
    resume: (id) => told(id, begin(id).ended),
    shutdown: async () => void (await Promise.all([...running.keys()].map(end))),
  };
}

interface Course {
  readonly signal: AbortSignal;
  readonly onAway: () => void;
  /** Ends all jobs first, so that nothing is written while it looks. */
  readonly endsJobs?: boolean;
}

async function archive(deps: ArchivingDeps, id: WorkspaceId, course: Course): Promise<void> {
  const { records, tasks } = deps;
  if (records.get(id).archive === null) {
    await captureOnce(deps, id, course);
    await deps.onArchive(id);
    // Once more: what ran until now may have written since.
    const kept = await captureOnce(deps, id, { ...course, endsJobs: true });
    course.signal.throwIfAborted();
    // From here on the host holds nothing that the server lacks, and freeing it is what is left.
    records.change(id, { archive: kept, isWaitingForHost: false });
  }
  const { hostId, directory } = records.get(id);
  const task = { kind: 'clear_workspace', hostId, workspaceId: id, directory } as const;
  const { state } = await tasks.do(task).catch((cause: unknown) => {
    finish(deps, id);
    throw folderLeft(directory, FarhandError.from(cause));
  });
  if (state !== 'kept') return finish(deps, id);
  records.change(id, { isWaitingForHost: true });
  course.onAway();
}

/** Waits for a host that is away. */
async function captureOnce(deps: ArchivingDeps, id: WorkspaceId, course: Course): Promise<ArchiveRecord> {
  const { records, runtimes } = deps;
  const { signal, endsJobs = false } = course;
  const record = records.get(id);
  const runtime = runtimes.for(record.hostId);
  const onContactLost = () => {
    if (!signal.aborted) records.change(id, { isWaitingForHost: true });
    course.onAway();
  };
  if (isKnownAway(runtime.connection())) onContactLost();
  const look = async () => {
    try {
      return { kept: await captureNow(deps, record, { signal, endsJobs }) };
    } catch (error) {
      // What the host answered is an answer, also where it is about the host.
      if (isHostAway(error)) throw error;
      return { error };
    }
  };
  const result = await overLostContact(runtime, look, { signal, onContactLost });
  if (result === 'detached') throw signal.reason;
  if (records.find(id)?.isWaitingForHost) records.change(id, { isWaitingForHost: false });
  if ('error' in result) throw result.error;
  return result.kept;
}

function finish({ records }: ArchivingDeps, id: WorkspaceId): void {
  const record = records.find(id);
  if (record?.state !== 'archiving' || record.archive === null) return;
  records.change(id, { state: 'archived', isWaitingForHost: false, changes: null, diskBytes: null });
}

/** Nothing was taken from the host: the workspace is there as before. */
function fallBack({ records, archives, log }: ArchivingDeps, id: WorkspaceId): void {
  const record = records.find(id);
  if (record?.state !== 'archiving' || record.archive !== null) return;
  records.change(id, { state: 'ready', isWaitingForHost: false });
  archives
    .remove(record.projectId, id)
    .catch((error: unknown) => log?.warn('workspace.archive_left', { workspaceId: id, error }));
}

function folderLeft(directory: string | null, cause: FarhandError): FarhandError {
  return new FarhandError(cause.code, {
    message: `The workspace is archived, but its folder ${directory ?? ''} could not be removed: ${cause.message}`,
    hint: 'Look at it on the host and remove it by hand; the archive is whole.',
    details: cause.details,
    cause,
  });
}
