/** What workspaces take on their hosts' disks, looked at seldom; ended jobs are cleared away on the way. */

import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { JobId, WorkspaceId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { Runtimes } from '@farhand/shared/runtime/registry';
import { runScript } from '../host-script.ts';
import type { WorkspaceRecords } from '../records.ts';
import { clearEndedJobs, type JobLimits } from './ended-jobs.ts';

export interface DiskWatch {
  /** Looks now and stores what it saw. Throws `host.*`, `command.failed`. */
  look(id: WorkspaceId): Promise<void>;
  /** For callers that saw something run there: looks, but not more often than once in `intervalMs`. */
  lookSoon(id: WorkspaceId): void;
  forget(id: WorkspaceId): void;
  close(): void;
}

export interface DiskWatchDeps {
  readonly records: WorkspaceRecords;
  readonly runtimes: Pick<Runtimes, 'for'>;
  /** Default one minute. */
  readonly intervalMs?: number | undefined;
  readonly jobLimits?: JobLimits | undefined;
  /** True for jobs that something here shows, however old they are. */
  readonly isJobShown: (id: JobId) => boolean;
}

const INTERVAL_MS = 60_000;
const DU_TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 4096;

// A build that runs removes files under du: what it could not read is not counted, and that is no failure.
const SCRIPT = 'cd -- "$1" 2>/dev/null || { echo 0; exit 0; }\nLC_ALL=C du -sk . 2>/dev/null\nexit 0\n';

export function createDiskWatch(deps: DiskWatchDeps): DiskWatch {
  const { records, runtimes, intervalMs = INTERVAL_MS } = deps;
  const lookedAt = new Map<WorkspaceId, number>();
  const timers = new Map<WorkspaceId, NodeJS.Timeout>();
  const looking = new Map<WorkspaceId, Promise<void>>();

  async function measure(id: WorkspaceId): Promise<void> {
    const { directory, hostId, state } = records.get(id);
    if (state !== 'ready' || directory === null) return;
    lookedAt.set(id, performance.now());
    const runtime = runtimes.for(hostId);
    const [files, jobs] = await Promise.all([
      folderBytes(runtime, directory, id),
      clearEndedJobs(runtime, id, { limits: deps.jobLimits, isShown: deps.isJobShown }),
    ]);
    const diskBytes = files + jobs;
    const now = records.find(id);
    if (now?.state === 'ready' && now.diskBytes !== diskBytes) records.change(id, { diskBytes });
  }

  function look(id: WorkspaceId): Promise<void> {
    const known = looking.get(id);
    if (known) return known;
    const looked = measure(id).finally(() => looking.delete(id));
    looking.set(id, looked);
    return looked;
  }

  return {
    look,
    lookSoon(id) {
      if (timers.has(id)) return;
      const dueMs = (lookedAt.get(id) ?? Number.NEGATIVE_INFINITY) + intervalMs - performance.now();
      const run = () => {
        timers.delete(id);
        // What fails is left for the next look.
        look(id).catch(() => {});
      };
      timers.set(id, setTimeout(run, Math.max(0, dueMs)).unref());
    },
    forget(id) {
      clearTimeout(timers.get(id));
      timers.delete(id);
      lookedAt.delete(id);
    },
    close() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}

async function folderBytes(runtime: Runtime, directory: string, lane: WorkspaceId): Promise<number> {
  const options = { timeoutMs: DU_TIMEOUT_MS, maxOutputBytes: MAX_OUTPUT_BYTES, lane };
  const { stdout } = await runScript(runtime, { text: SCRIPT, args: [directory] }, options);
  const kib = /^(?<kib>\d{1,12})(?:\s|$)/.exec(new TextDecoder().decode(stdout))?.groups?.kib;
  if (kib === undefined)
    throw new FarhandError('command.failed', {
      message: `${runtime.hostId} does not tell what a folder takes.`,
    });
  return Number(kib) * 1024;
}
