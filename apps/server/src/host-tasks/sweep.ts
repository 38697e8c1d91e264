/** Removes from a host what is left there of workspaces that this server deleted. */
import type { HostId } from '@farhand/shared/model/hosts';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { Runtimes } from '@farhand/shared/runtime/registry';
import type { Log } from '../logging/log.ts';
import { removeSecretFolders } from '../secrets/secret-folder.ts';
import { withDeadline } from '../workspaces/deadline.ts';
import { runScript } from '../workspaces/host-script.ts';
import { removeFolder } from '../workspaces/remove-folder.ts';
import type { Arrivals } from './arrivals.ts';
import { removeJobs } from './carry-out.ts';
import type { DeletedWorkspace, DeletedWorkspaces } from './deleted-workspaces.ts';

export interface Sweep {
  /** How many jobs and folders were removed. Throws `host.*`, `file.*`. */
  run(hostId: HostId): Promise<number>;
  /** At the server's start: from now on each host where something was deleted is swept when it connects. */
  resumeAll(): void;
  close(): void;
}

export interface SweepDeps {
  readonly runtimes: Pick<Runtimes, 'for'>;
  readonly deleted: DeletedWorkspaces;
  /** True for a workspace that still has a record: its own deletion is at it. */
  readonly isKnown: (id: WorkspaceId) => boolean;
  readonly arrivals: Arrivals;
  readonly log?: Pick<Log, 'info' | 'debug'> | undefined;
}

const ANSWER_TIMEOUT_MS = 20_000;
/** A connection that comes and goes must not be spent on looking for what is not there. */
const QUIET_GAP_MS = 60_000;
/** Folders asked for in one round trip. */
const FOLDERS_AT_ONCE = 200;

// A line for each argument that is there; a link counts too, whatever it leads to.
const WHICH_EXIST = 'n=0; for d; do { [ -e "$d" ] || [ -L "$d" ]; } && echo $n; n=$((n + 1)); done; exit 0';

export function createSweep({ runtimes, deleted, isKnown, arrivals, log }: SweepDeps): Sweep {
  const lastAt = new Map<HostId, number>();
  let isClosed = false;

  async function run(hostId: HostId): Promise<number> {
    const gone = deleted.of(hostId).filter(({ id }) => !isKnown(id));
    if (gone.length === 0) return 0;
    const runtime = runtimes.for(hostId);
    const ids = new Set<string>(gone.map(({ id }) => id));
    const jobs = await withDeadline(runtime.jobs.list(), ANSWER_TIMEOUT_MS, hostId);
    const orphans = jobs.filter(({ label }) => label !== null && ids.has(label));
    await removeJobs(
      runtime,
      orphans.map(({ id }) => id),
    );
    const folders = await existing(runtime, gone);
    for (const { id, directory } of folders) await removeFolder(runtime, id, directory);
    const withSecrets = new Set([...orphans.map(({ label }) => label), ...folders.map(({ id }) => id)]);
    for (const { id } of gone) if (withSecrets.has(id)) await removeSecretFolders(runtime, id);
    return orphans.length + folders.length;
  }

  function sweepQuietly(hostId: HostId): void {
    if (isClosed || performance.now() - (lastAt.get(hostId) ?? Number.NEGATIVE_INFINITY) < QUIET_GAP_MS)
      return;
    lastAt.set(hostId, performance.now());
    run(hostId).then(
      (removed) => removed > 0 && log?.info('host.swept', { hostId, removed }),
      // The next connection, or a person, sweeps again.
      (error: unknown) => log?.debug('host.not_swept', { hostId, error }),
    );
  }

  arrivals.onArrival(sweepQuietly);
  return {
    run,
    resumeAll() {
      for (const hostId of deleted.hosts()) {
        arrivals.watch(hostId);
        if (runtimes.for(hostId).connection().state === 'connected') sweepQuietly(hostId);
      }
    },
    close() {
      isClosed = true;
    },
  };
}

async function existing(
  runtime: Runtime,
  gone: readonly DeletedWorkspace[],
): Promise<(DeletedWorkspace & { directory: string })[]> {
  const made = gone.flatMap(({ directory, ...rest }) => (directory === null ? [] : [{ ...rest, directory }]));
  const found: typeof made = [];
  for (let at = 0; at < made.length; at += FOLDERS_AT_ONCE) {
    const some = made.slice(at, at + FOLDERS_AT_ONCE);
    const args = some.map(({ directory }) => directory);
    const { stdout } = await runScript(
      runtime,
      { text: WHICH_EXIST, args },
      { timeoutMs: ANSWER_TIMEOUT_MS, lane: 'sweep' },
    );
    const there = new Set(new TextDecoder().decode(stdout).split('\n'));
    found.push(...some.filter((_, index) => there.has(String(index))));
  }
  return found;
}
