import { setTimeout as delay } from 'node:timers/promises';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type HostId, hostId as hostIdOf } from '@farhand/shared/model/hosts';
import {
  type JobId,
  jobId as jobIdOf,
  newId,
  type WorkspaceId,
  workspaceId as workspaceIdOf,
} from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import { eq } from 'drizzle-orm';
import type { Log } from '../../logging/log.ts';
import type { Database } from '../../store/database.ts';
import { operationListeners } from '../../store/program-schema.ts';
import { followJob } from '../../workspaces/follow-job.ts';
import { runScript } from '../../workspaces/host-script.ts';
import { createLineReader } from '../requests/request-line.ts';
import { LISTENER_SCRIPT, PREPARE_SCRIPT } from './listener-script.ts';
import { OP_SCRIPT } from './op-script.ts';
import { type OperationFolder, operationFolder } from './operation-folder.ts';

/** Where a listener listens. */
export interface ListenerPlace {
  readonly workspaceId: WorkspaceId;
  readonly hostId: HostId;
}

/** The jobs that pass on what `farhand-op` asks: one for each workspace in use, followed over lost connections. */
export interface Listeners {
  /** Once the folder is there and the listener runs. Throws `host.*`, and where the host cannot have it. */
  ready(place: ListenerPlace): Promise<OperationFolder>;
  /** Those of before, at the server's start. */
  resumeAll(): void;
}

interface ListenersDeps {
  readonly db: Database;
  /** The host's own runtime: what listens is Farhand's, and runs in no sandbox. */
  readonly runtimeOf: (hostId: HostId) => Runtime;
  /** True as long as the workspace is on this host and can be worked in. */
  readonly isInUse: (place: ListenerPlace) => boolean;
  /** One line after the other; the next one waits for this one. */
  readonly onLine: (place: ListenerPlace, line: string) => Promise<void>;
  readonly closing: AbortSignal;
  readonly log?: Pick<Log, 'warn'> | undefined;
}

const MOST_LINE_BYTES = 80_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;

interface Listener {
  readonly hostId: HostId;
  readonly folder: Promise<OperationFolder>;
}

export function createListeners(deps: ListenersDeps): Listeners {
  const listeners = new Map<WorkspaceId, Listener>();
  const rows = createRows(deps.db);

  const begin = (place: ListenerPlace): Listener => {
    const folder = prepare(deps, rows, place);
    const listener = { hostId: place.hostId, folder };
    listeners.set(place.workspaceId, listener);
    folder.then(
      () => void follow(place).finally(() => leave(place, listener)),
      () => leave(place, listener),
    );
    return listener;
  };
  const leave = ({ workspaceId }: ListenerPlace, listener: Listener) => {
    if (listeners.get(workspaceId) === listener) listeners.delete(workspaceId);
  };

  // Until the workspace is gone or the server closes; one that was killed on its host is started anew.
  const follow = async (place: ListenerPlace): Promise<void> => {
    let pauseMs = FIRST_PAUSE_MS;
    while (!deps.closing.aborted) {
      try {
        const end = await followOnce(deps, rows, place);
        if (end === 'detached' || !deps.isInUse(place)) return;
      } catch (thrown) {
        if (deps.closing.aborted || !deps.isInUse(place)) return;
        if (!FarhandError.is(thrown, 'job.not_found'))
          deps.log?.warn('operation_listener.failed', { ...place, error: thrown });
      }
      await delay(pauseMs, undefined, { signal: deps.closing }).catch(() => {});
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      if (deps.closing.aborted || !deps.isInUse(place)) return;
      rows.set(place, newId('job'));
      await prepare(deps, rows, place).catch((error: unknown) =>
        deps.log?.warn('operation_listener.failed', { ...place, error }),
      );
    }
  };

  return {
    ready(place) {
      const known = listeners.get(place.workspaceId);
      return (known?.hostId === place.hostId ? known : begin(place)).folder;
    },
    resumeAll() {
      for (const place of rows.all()) {
        if (!deps.isInUse(place)) continue;
        const runtime = deps.runtimeOf(place.hostId);
        const folder = runtime.facts().then(({ home }) => operationFolder(home, place.workspaceId));
        folder.catch(() => {});
        const listener = { hostId: place.hostId, folder };
        listeners.set(place.workspaceId, listener);
        void follow(place).finally(() => leave(place, listener));
      }
    },
  };
}

async function prepare(deps: ListenersDeps, rows: Rows, place: ListenerPlace): Promise<OperationFolder> {
  const { workspaceId, hostId } = place;
  const runtime = deps.runtimeOf(hostId);
  const { home } = await runtime.facts();
  const folder = operationFolder(home, workspaceId);
  const made = await runScript(
    runtime,
    { text: PREPARE_SCRIPT, args: [folder.folder] },
    { stdin: new TextEncoder().encode(OP_SCRIPT), timeoutMs: 30_000 },
  );
  if (made.code !== 0)
    throw new FarhandError('command.failed', {
      message: `The folder for operations could not be made on ${hostId}.`,
      details: { stderr: made.stderr.slice(-2000) },
    });
  const kept = rows.get(place);
  const id = kept?.jobId ?? newId('job');
  // Stored before it is started, so that a restarted server starts no second one.
  if (!kept) rows.set(place, id);
  const argv = ['sh', '-c', LISTENER_SCRIPT, 'farhand-op-listener', folder.folder] as const;
  await runtime.jobs.start({ id, command: { argv }, cwd: home, label: workspaceId });
  return folder;
}

async function followOnce(deps: ListenersDeps, rows: Rows, place: ListenerPlace) {
  const kept = rows.get(place);
  if (!kept) throw new FarhandError('job.not_found');
  const reader = createLineReader(MOST_LINE_BYTES);
  return followJob(deps.runtimeOf(place.hostId), kept.jobId, {
    signal: deps.closing,
    after: { out: kept.outOffset },
    async onOutput(stream, offset, bytes) {
      if (stream !== 'out') return;
      for (const { line, next } of reader.push(offset, bytes)) {
        await deps.onLine(place, line);
        if (deps.closing.aborted) return;
        // After it was taken: killed in between, it is read again, and its id says that it is no other.
        rows.readTo(place, next);
      }
    },
    onMissed: reader.reset,
  });
}

type Rows = ReturnType<typeof createRows>;

function createRows(db: Database) {
  const of = ({ workspaceId }: ListenerPlace) => eq(operationListeners.workspaceId, workspaceId);
  return {
    get(place: ListenerPlace): { jobId: JobId; outOffset: number } | null {
      const row = db.select().from(operationListeners).where(of(place)).get();
      if (!row || row.hostId !== place.hostId) return null;
      return { jobId: jobIdOf.parse(row.jobId), outOffset: row.outOffset };
    },
    set({ workspaceId, hostId }: ListenerPlace, id: JobId): void {
      const fresh = { hostId, jobId: id, outOffset: 0 };
      db.insert(operationListeners)
        .values({ workspaceId, ...fresh })
        .onConflictDoUpdate({ target: operationListeners.workspaceId, set: fresh })
        .run();
    },
    readTo(place: ListenerPlace, outOffset: number): void {
      db.update(operationListeners).set({ outOffset }).where(of(place)).run();
    },
    all: (): ListenerPlace[] =>
      db
        .select()
        .from(operationListeners)
        .all()
        .map((row) => ({
          workspaceId: workspaceIdOf.parse(row.workspaceId),
          hostId: hostIdOf.parse(row.hostId),
        })),
  };
}
