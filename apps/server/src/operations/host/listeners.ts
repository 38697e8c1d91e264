import { createHash } from 'node:crypto';
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
import { followJob, overLostContact } from '../../workspaces/follow-job.ts';
import { runScript } from '../../workspaces/host-script.ts';
import { createLineReader } from '../requests/request-line.ts';
import { LISTENER_SCRIPT, PREPARE_SCRIPT, SUBJECT_SCRIPT } from './listener-script.ts';
import { OP_SCRIPT } from './op-script.ts';
import {
  type OperationFolder,
  type OperationSubject,
  operationFolder,
  workspaceFolder,
} from './operation-folder.ts';

/** Where a listener listens. */
export interface ListenerPlace {
  readonly workspaceId: WorkspaceId;
  readonly hostId: HostId;
}

/** The jobs that pass on what `farhand-op` asks: one for each workspace in use, followed over lost connections. */
export interface Listeners {
  /** Once the subject's folder is there and the listener runs. Throws `host.*`, and where the host cannot have it. */
  ready(place: ListenerPlace, subject: OperationSubject): Promise<OperationFolder>;
  /** Those of before, at the server's start; one of another version is replaced. */
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
const LONGEST_STORE_PAUSE_MS = 5_000;

/** Says which scripts a listener and its `farhand-op` are of. */
const SCRIPTS = createHash('sha256').update(LISTENER_SCRIPT).update(OP_SCRIPT).digest('hex').slice(0, 16);

interface Listener {
  readonly hostId: HostId;
  /** Null until it is started, and again where that failed. */
  running: Promise<void> | null;
  readonly folders: Map<OperationSubject, Promise<OperationFolder>>;
}

export function createListeners(deps: ListenersDeps): Listeners {
  const listeners = new Map<WorkspaceId, Listener>();
  const rows = createRows(deps.db);

  const listenerOf = ({ workspaceId, hostId }: ListenerPlace): Listener => {
    const known = listeners.get(workspaceId);
    if (known?.hostId === hostId) return known;
    const listener: Listener = { hostId, running: null, folders: new Map() };
    listeners.set(workspaceId, listener);
    return listener;
  };
  const leave = ({ workspaceId }: ListenerPlace, listener: Listener) => {
    if (listeners.get(workspaceId) === listener) listeners.delete(workspaceId);
  };
  const run = (place: ListenerPlace, listener: Listener): Promise<void> =>
    (listener.running ??= start(deps, rows, place).then(
      () => void follow(place, listener).finally(() => leave(place, listener)),
      (error: unknown) => {
        listener.running = null;
        throw error;
      },
    ));

  // Until the workspace is gone or the server closes; one that was killed on its host is started anew.
  const follow = async (place: ListenerPlace, listener: Listener): Promise<void> => {
    let pauseMs = FIRST_PAUSE_MS;
    while (!deps.closing.aborted) {
      let isThere = false;
      const beganAt = performance.now();
      try {
        const end = await followOnce(deps, rows, place);
        if (end === 'detached' || !deps.isInUse(place)) return;
      } catch (thrown) {
        if (deps.closing.aborted || !deps.isInUse(place)) return;
        if (!FarhandError.is(thrown, 'job.not_found'))
          deps.log?.warn('operation_listener.failed', { ...place, error: thrown });
        // The store refused (a full disk), and it listens on: a second one would share with it what is asked.
        isThere = !FarhandError.is(thrown);
      }
      // One that listened for long is no one that ends at once.
      if (performance.now() - beganAt > LONGEST_PAUSE_MS) pauseMs = FIRST_PAUSE_MS;
      await delay(pauseMs, undefined, { signal: deps.closing }).catch(() => {});
      pauseMs = Math.min(pauseMs * 2, isThere ? LONGEST_STORE_PAUSE_MS : LONGEST_PAUSE_MS);
      if (deps.closing.aborted || !deps.isInUse(place)) return;
      if (isThere) continue;
      // Who ended it may have removed them, too.
      listener.folders.clear();
      await startAnew(place).catch((error: unknown) =>
        deps.log?.warn('operation_listener.failed', { ...place, error }),
      );
    }
  };
  const startAnew = async (place: ListenerPlace) => {
    rows.set(place, newId('job'));
    await start(deps, rows, place);
  };

  // What the one of before was told waits for this: given up, nobody would hear of it until the next session begins.
  const replace = async (place: ListenerPlace, listener: Listener): Promise<void> => {
    const runtime = deps.runtimeOf(place.hostId);
    for (let pauseMs = FIRST_PAUSE_MS; !deps.closing.aborted && deps.isInUse(place); pauseMs *= 2) {
      try {
        return void (await overLostContact(runtime, () => run(place, listener), { signal: deps.closing }));
      } catch (error) {
        deps.log?.warn('operation_listener.failed', { ...place, error });
      }
      await delay(Math.min(pauseMs, LONGEST_PAUSE_MS), undefined, { signal: deps.closing }).catch(() => {});
    }
  };

  const makeFolder = (place: ListenerPlace, listener: Listener, subject: OperationSubject) => {
    const made = run(place, listener).then(() => prepare(deps, place, subject));
    listener.folders.set(subject, made);
    made.catch(() => listener.folders.delete(subject));
    return made;
  };

  return {
    ready(place, subject) {
      const listener = listenerOf(place);
      return listener.folders.get(subject) ?? makeFolder(place, listener, subject);
    },
    resumeAll() {
      for (const place of rows.all()) {
        if (!deps.isInUse(place)) continue;
        const listener = listenerOf(place);
        if (rows.get(place)?.scripts === SCRIPTS) {
          listener.running = Promise.resolve();
          void follow(place, listener).finally(() => leave(place, listener));
          continue;
        }
        void replace(place, listener);
      }
    },
  };
}

async function start(deps: ListenersDeps, rows: Rows, place: ListenerPlace): Promise<void> {
  const { workspaceId, hostId } = place;
  const runtime = deps.runtimeOf(hostId);
  const { home } = await runtime.facts();
  if ((rows.get(place)?.scripts ?? SCRIPTS) !== SCRIPTS) await retire(deps, rows, place);
  if (deps.closing.aborted) return;
  const folder = workspaceFolder(home, workspaceId);
  await make(runtime, PREPARE_SCRIPT, folder, new TextEncoder().encode(OP_SCRIPT));
  const kept = rows.get(place);
  const id = kept?.jobId ?? newId('job');
  // Stored before it is started, so that a restarted server starts no second one.
  if (!kept) rows.set(place, id);
  const argv = ['sh', '-c', LISTENER_SCRIPT, 'farhand-op-listener', folder] as const;
  await runtime.jobs.start({ id, command: { argv }, cwd: home, label: workspaceId });
}

// One of another version: what it was told still counts, and then it goes.
async function retire(deps: ListenersDeps, rows: Rows, place: ListenerPlace): Promise<void> {
  const { jobs } = deps.runtimeOf(place.hostId);
  const kept = rows.get(place);
  if (!kept) return;
  try {
    await jobs.stop(kept.jobId);
    if ((await followOnce(deps, rows, place)) === 'detached') return;
  } catch (thrown) {
    if (!FarhandError.is(thrown, 'job.not_found')) throw thrown;
  }
  rows.set(place, newId('job'));
  // Where it stays, it goes with the workspace.
  await jobs.remove(kept.jobId).catch(() => {});
}

async function prepare(
  { runtimeOf }: ListenersDeps,
  { workspaceId, hostId }: ListenerPlace,
  subject: OperationSubject,
): Promise<OperationFolder> {
  const runtime = runtimeOf(hostId);
  const { home } = await runtime.facts();
  const folder = operationFolder(home, workspaceId, subject);
  await make(runtime, SUBJECT_SCRIPT, folder.folder);
  return folder;
}

async function make(runtime: Runtime, text: string, folder: string, stdin?: Uint8Array): Promise<void> {
  const made = await runScript(
    runtime,
    { text, args: [folder] },
    { ...(stdin && { stdin }), timeoutMs: 30_000 },
  );
  if (made.code === 0) return;
  throw new FarhandError('command.failed', {
    message: `The folder for operations could not be made on ${runtime.hostId}.`,
    details: { stderr: made.stderr.slice(-2000) },
  });
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
    get(place: ListenerPlace): { jobId: JobId; outOffset: number; scripts: string } | null {
      const row = db.select().from(operationListeners).where(of(place)).get();
      if (!row || row.hostId !== place.hostId) return null;
      return { jobId: jobIdOf.parse(row.jobId), outOffset: row.outOffset, scripts: row.scripts };
    },
    set({ workspaceId, hostId }: ListenerPlace, id: JobId): void {
      const fresh = { hostId, jobId: id, outOffset: 0, scripts: SCRIPTS };
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
