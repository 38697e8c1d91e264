/** Keeps true what is known of jobs with secrets, and the files that they have. */
import type { HostId } from '@farhand/shared/model/hosts';
import type { Runtimes } from '@farhand/shared/runtime/registry';
import type { HostTasks } from '../host-tasks/host-tasks.ts';
import type { Log } from '../logging/log.ts';
import { withDeadline } from '../workspaces/deadline.ts';
import { replaceFile } from './secret-files.ts';
import { removeSecretFile } from './secret-folder.ts';
import type { Secrets } from './secrets.ts';

export interface SecretUpkeep {
  /** At the server's start: from now on hosts are asked when they connect, and now and then. */
  resumeAll(): void;
  close(): void;
}

export interface SecretUpkeepDeps {
  readonly secrets: Pick<Secrets, 'find' | 'oldValues' | 'onChanged'>;
  readonly runtimes: Pick<Runtimes, 'for'>;
  readonly hostTasks: Pick<HostTasks, 'arrivals' | 'listen'>;
  readonly log: Pick<Log, 'warn'>;
}

const ANSWER_TIMEOUT_MS = 20_000;
const LOOK_MS = 30 * 60_000;

export function createSecretUpkeep({ secrets, runtimes, hostTasks, log }: SecretUpkeepDeps): SecretUpkeep {
  const { oldValues } = secrets;
  let isClosed = false;
  let timer: NodeJS.Timeout | null = null;

  async function look(hostId: HostId): Promise<void> {
    if (isClosed || !oldValues.hosts().includes(hostId)) return;
    const jobs = await withDeadline(runtimes.for(hostId).jobs.list(), ANSWER_TIMEOUT_MS, hostId);
    if (!isClosed)
      oldValues.seen(
        hostId,
        jobs.map(({ id, status }) => ({ id, isRunning: status.state === 'running' })),
      );
  }
  // A host that does not answer is asked again at its next connection.
  const lookQuietly = (hostId: HostId) => void look(hostId).catch(() => {});
  const lookAround = () => {
    for (const hostId of oldValues.hosts())
      if (runtimes.for(hostId).connection().state === 'connected') lookQuietly(hostId);
  };

  // What cannot be reached is put right by the next job there, or goes with the workspace.
  secrets.onChanged((scope, name) => {
    const now = secrets.find(scope, name);
    for (const { hostId, workspaceId: id, kind, isRunning } of oldValues.places(scope, name)) {
      const runtime = runtimes.for(hostId);
      if (isClosed || runtime.connection().state !== 'connected') continue;
      const tell = (error: unknown) =>
        log.warn('secret_file.not_changed', { name, hostId, workspaceId: id, error });
      if (now === null) void removeSecretFile(runtime, { id, kind, name }).catch(tell);
      else if (isRunning && now.form.kind === 'file')
        void replaceFile(runtime, { id, kind }, now).catch(tell);
    }
  });
  hostTasks.arrivals.onArrival(lookQuietly);
  hostTasks.listen({
    onCarriedOut(task) {
      if (task.kind === 'remove_job') oldValues.gone([task.jobId]);
      else if (task.kind === 'stop_job') oldValues.ended(task.jobId);
      else oldValues.workspaceGone(task.workspaceId, task.hostId);
    },
  });
  return {
    resumeAll() {
      oldValues.prune();
      for (const hostId of oldValues.hosts()) hostTasks.arrivals.watch(hostId);
      lookAround();
      timer = setInterval(lookAround, LOOK_MS);
      timer.unref();
    },
    close() {
      isClosed = true;
      if (timer) clearInterval(timer);
    },
  };
}
