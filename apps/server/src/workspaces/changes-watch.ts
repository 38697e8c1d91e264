/** Keeps the number of changes of each workspace, and notices when its folder is gone. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { ChangedFile } from '@farhand/shared/model/workspaces';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { Runtimes } from '@farhand/shared/runtime/registry';
import { type Changes, type Place, readChanges } from './changes.ts';
import type { WorkspaceRecords } from './records.ts';

export interface ChangesWatch {
  /** Looks now; stores and publishes the counts. */
  read(id: WorkspaceId): Promise<Changes>;
  /** Looks once after the last of many calls in a row; what fails is left for the next look. */
  refreshSoon(id: WorkspaceId): void;
  /** Runs `work` in the workspace's place; `workspace.missing` from it becomes the workspace's state. */
  missingAware<Result>(id: WorkspaceId, work: (place: Place) => Promise<Result>): Promise<Result>;
  /** What the last look saw. */
  lastSeen(id: WorkspaceId): readonly ChangedFile[] | undefined;
  forget(id: WorkspaceId): void;
  close(): void;
}

type LookFrom = (runtime: Runtime, place: { workspaceId: WorkspaceId; directory: string }) => Runtime;

/** An agent's edit is mostly followed by the next one; one look serves them all. */
const SOON_MS = 400;
/** While one follows the other without a pause, a look is still made this often. */
const AT_LEAST_EVERY_MS = 3000;

/** `lookFrom`: through what a look is made; the runtime itself where it is not given. */
export function createChangesWatch(
  records: WorkspaceRecords,
  runtimes: Runtimes,
  lookFrom: LookFrom = (runtime) => runtime,
): ChangesWatch {
  const timers = new Map<WorkspaceId, { timer: NodeJS.Timeout; since: number }>();
  const seen = new Map<WorkspaceId, readonly ChangedFile[]>();

  async function missingAware<Result>(
    id: WorkspaceId,
    work: (place: Place) => Promise<Result>,
    lane: string = id,
  ): Promise<Result> {
    try {
      const place = placeOf(records, runtimes, id);
      const runtime = lookFrom(place.runtime, { workspaceId: id, directory: place.directory });
      const result = await work({ ...place, runtime, lane });
      // A folder that was moved away and back is a workspace again.
      if (records.find(id)?.state === 'missing') records.change(id, { state: 'ready' });
      return result;
    } catch (error) {
      if (FarhandError.is(error, 'workspace.missing') && records.find(id)?.state === 'ready')
        records.change(id, { state: 'missing' });
      throw error;
    }
  }

  async function read(id: WorkspaceId, lane: string = id): Promise<Changes> {
    const changes = await missingAware(id, readChanges, lane);
    seen.set(id, changes.files);
    const counts = { files: changes.files.length, ahead: changes.ahead };
    const before = records.find(id)?.changes;
    if (before?.files !== counts.files || before.ahead !== counts.ahead)
      records.change(id, { changes: counts });
    return changes;
  }

  return {
    read: (id) => read(id),
    missingAware: (id, work) => missingAware(id, work),
    refreshSoon(id) {
      const waiting = timers.get(id);
      const since = waiting?.since ?? performance.now();
      if (waiting) clearTimeout(waiting.timer);
      const delayMs = Math.max(0, Math.min(SOON_MS, since + AT_LEAST_EVERY_MS - performance.now()));
      const look = () => {
        timers.delete(id);
        // Nobody waits for this one: what a person or an agent does there goes first.
        read(id, `${id}:look`).catch(() => {});
      };
      timers.set(id, { since, timer: setTimeout(look, delayMs).unref() });
    },
    lastSeen: (id) => seen.get(id),
    forget(id) {
      clearTimeout(timers.get(id)?.timer);
      timers.delete(id);
      seen.delete(id);
    },
    close() {
      for (const { timer } of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}

function placeOf(records: WorkspaceRecords, runtimes: Runtimes, id: WorkspaceId): Omit<Place, 'lane'> {
  const { state, directory, baseCommit, hostId } = records.get(id);
  if (state === 'archived') throw new FarhandError('workspace.archived', { details: { workspaceId: id } });
  if ((state !== 'ready' && state !== 'missing') || directory === null || baseCommit === null) {
    throw new FarhandError('workspace.not_ready', { details: { workspaceId: id, state } });
  }
  return { runtime: runtimes.for(hostId), directory, baseCommit };
}
