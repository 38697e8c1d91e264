/** Terminals: ptys on hosts that outlive the connection, the browser and the server. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { AgentId } from '@farhand/shared/model/agents';
import type { Actor } from '@farhand/shared/model/audit';
import {
  newId,
  type ProjectId,
  type SessionId,
  type TerminalId,
  type WorkspaceId,
} from '@farhand/shared/model/ids';
import type { Terminal } from '@farhand/shared/model/terminals';
import type { Environment, Runtime } from '@farhand/shared/runtime/port';
import type { StateFeed } from '../feed/state-feed.ts';
import { isHostAway } from '../host-tasks/host-away.ts';
import type { HostTasks } from '../host-tasks/host-tasks.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Database } from '../store/database.ts';
import { overLostContact } from '../workspaces/follow-job.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import { type WatchedActivity, watchActivity } from './activity/watched-activity.ts';
import { createInputQueue, type InputQueue } from './input-queue.ts';
import { createLiveMask, createMask, type Mask } from './mask.ts';
import { TerminalOutput } from './output.ts';
import { Sizes } from './sizes.ts';
import { createTerminalStore } from './terminal-store.ts';
import { startWatching, type TerminalWatcher } from './watching.ts';

export type { TerminalWatcher } from './watching.ts';

const BY_SERVER: Actor = { kind: 'server', name: null };

/** What a terminal runs in place of a shell: a command as the login shell takes it. */
export interface TerminalProgram {
  readonly title: string;
  readonly command: string;
  /** The agent that it is, if it is one. */
  readonly agent: AgentId | null;
}

/** A new terminal's size, and who opens it; Farhand itself where not given. In a session's sandbox, or its workspace's. */
export interface HowOpened {
  readonly rows: number;
  readonly cols: number;
  readonly by?: Actor;
  readonly sessionId?: SessionId | null;
}

export interface Terminals {
  /** Oldest first. */
  list(): Terminal[];
  /** Throws `terminal.not_found`. */
  get(id: TerminalId): Terminal;
  /** A shell in the workspace's folder, or a program. Throws `workspace.not_ready`, `terminal.unsupported`, `host.*`. */
  open(workspaceId: WorkspaceId, how: HowOpened, program?: TerminalProgram): Promise<Terminal>;
  /** Ends its programs and forgets it; where the host is away they are ended on its return. */
  close(id: TerminalId): Promise<void>;
  /** Forgets the workspace's terminals; their jobs go with the workspace's. */
  deleteOfWorkspace(workspaceId: WorkspaceId): Promise<void>;
  /** Resolves when the keys reached the host, each once; without contact they wait. Throws `terminal.input_full`, `job.*`. */
  input(id: TerminalId, text: string): Promise<void>;
  /** The newest size counts; without contact it waits. */
  resize(id: TerminalId, rows: number, cols: number): Promise<void>;
  /** From byte `after` on, or with -1 what is worth replaying (at most 2 MiB); until the returned function is called. */
  watch(id: TerminalId, after: number, watcher: TerminalWatcher): () => void;
  /** At the server's start: looks after the terminals whose programs ran. */
  resumeAll(): void;
  /** Ends all watching; programs on hosts run on. */
  shutdown(): Promise<void>;
}

export interface TerminalsDeps {
  readonly db: Database;
  readonly feed: StateFeed;
  readonly workspaces: Pick<Workspaces, 'get' | 'ready' | 'runtime' | 'refreshChanges'>;
  readonly secrets: Secrets;
  readonly hostTasks: HostTasks;
  /** Called with every terminal's output, covered, in order; from the start of the server what is replayed comes again. */
  readonly onOutput?: (id: TerminalId, offset: number, bytes: Uint8Array) => void;
}

interface Live {
  readonly output: TerminalOutput;
  readonly input: InputQueue;
  readonly watchers: Set<TerminalWatcher>;
  readonly sizes: Sizes;
  readonly activity: WatchedActivity;
}

// An account without a login shell still gets one that works.
const SHELL =
  'case ${SHELL:-} in "" | */nologin | */false) SHELL=/bin/sh; export SHELL ;; esac; exec "$SHELL"';

/** A person waits for the pane to close. */
const CLOSE_WITHIN_MS = 15_000;

export function createTerminals(deps: TerminalsDeps): Terminals {
  const { db, feed, workspaces, secrets, hostTasks } = deps;
  const store = createTerminalStore(db);
  const lives = new Map<TerminalId, Live>();
  /** Stored, but not started yet: nobody was told of them. */
  const opening = new Set<TerminalId>();

  const get = (id: TerminalId): Terminal => {
    const found = store.find(id);
    if (!found) throw new FarhandError('terminal.not_found', { details: { terminalId: id } });
    return found;
  };
  // A redactor is made anew whenever a value changes.
  const masks = new WeakMap<object, Mask>();
  const maskOf = (projectId: ProjectId): Mask => {
    const redactor = secrets.redactor(projectId);
    const known = masks.get(redactor) ?? createMask(secrets.covered(projectId));
    masks.set(redactor, known);
    return known;
  };
  const withActivity = (stored: Terminal): Terminal => ({
    ...stored,
    activity: stored.exit === null ? (lives.get(stored.id)?.activity.current() ?? null) : null,
  });
  const publish = (id: TerminalId) => {
    const stored = store.find(id);
    if (stored) feed.changed({ kind: 'terminal', value: withActivity(stored) });
  };
  const live = (id: TerminalId): Live => lives.get(id) ?? begin(get(id));
  const begin = ({ id, workspaceId, jobId, agent, exit: known }: Terminal, isNew = false): Live => {
    const runtime = workspaces.runtime(workspaceId);
    const { projectId } = workspaces.get(workspaceId);
    const mask = createLiveMask(() => maskOf(projectId));
    const onEnded = (exit: NonNullable<Terminal['exit']>) => {
      workspaces.refreshChanges(workspaceId);
      if (known !== null) return;
      store.setExit(id, exit);
      publish(id);
    };
    const watchers = new Set<TerminalWatcher>();
    const onHeld = (bytes: number) => {
      for (const { onHeldInput } of watchers) onHeldInput?.(bytes);
    };
    const input = createInputQueue({ runtime, jobId, onHeld });
    const activity = watchActivity({
      agent,
      onChange: () => publish(id),
      // What cannot be answered is not waited for: programs that ask go on without.
      answer: (text) => void input.write(text).catch(() => {}),
    });
    const begun: Live = {
      output: new TerminalOutput({
        runtime,
        jobId,
        mask,
        onEnded,
        isNew,
        onKept(offset, bytes, isLive) {
          activity.output(bytes, isLive);
          deps.onOutput?.(id, offset, bytes);
        },
      }),
      input,
      activity,
      watchers,
      sizes: new Sizes(async (size, signal) => {
        const resize = () => runtime.jobs.resize(jobId, size.rows, size.cols);
        if ((await overLostContact(runtime, resize, { signal })) === 'detached') return;
        store.setSize(id, size.rows, size.cols);
        publish(id);
      }),
    };
    lives.set(id, begun);
    return begun;
  };
  const forget = async (id: TerminalId) => {
    const ending = lives.get(id);
    ending?.input.close(new FarhandError('terminal.not_found', { details: { terminalId: id } }));
    ending?.sizes.close();
    ending?.activity.close();
    const closing = ending?.output.close();
    lives.delete(id);
    store.remove(id);
    feed.removed('terminal', id);
    await closing;
  };
  /** A start whose answer was lost may have been one. */
  const clear = ({ workspaceId, jobId }: Terminal, error: unknown) => {
    if (!isHostAway(error)) return;
    const about = { hostId: workspaces.get(workspaceId).hostId, workspaceId, jobId };
    const cleared = hostTasks
      .do({ kind: 'stop_job', ...about, sessionId: null })
      .then(() => hostTasks.do({ kind: 'remove_job', ...about }));
    // What cannot be removed goes with the workspace.
    cleared.catch(() => {});
  };
  const ofWorkspace = (workspaceId: WorkspaceId) =>
    store.all().filter((one) => one.workspaceId === workspaceId);

  return {
    list: () =>
      store
        .all()
        .filter(({ id }) => !opening.has(id))
        .map(withActivity),
    get: (id) => withActivity(get(id)),
    async open(workspaceId, { rows, cols, by = BY_SERVER, sessionId = null }, program) {
      const use = { kind: 'terminal', sessionId, by } as const;
      const { runtime, directory, workspace } = workspaces.ready(workspaceId, use);
      if (!(await runtime.facts()).hasTerminal)
        throw new FarhandError('terminal.unsupported', { details: { hostId: workspace.hostId } });
      const opened: Terminal = {
        id: newId('terminal'),
        workspaceId,
        jobId: newId('job'),
        title: program?.title ?? freeTitle(ofWorkspace(workspaceId)),
        rows,
        cols,
        exit: null,
        agent: program?.agent ?? null,
        activity: null,
        createdAt: new Date().toISOString(),
      };
      // Stored before its job is started: a server killed in between leaves no job that nobody knows.
      store.insert(opened);
      opening.add(opened.id);
      const env = secrets.environment(workspace, 'terminal');
      await startShell(opened, { runtime, directory, env, command: program?.command ?? null })
        .catch((error: unknown) => {
          store.remove(opened.id);
          clear(opened, error);
          if (!FarhandError.is(error, 'file.not_found')) throw error;
          // The look finds the same and makes it the workspace's state.
          workspaces.refreshChanges(workspaceId);
          throw new FarhandError('workspace.missing', { details: { workspaceId }, cause: error });
        })
        .finally(() => opening.delete(opened.id));
      publish(opened.id);
      begin(opened, true);
      return opened;
    },
    async close(id) {
      const { jobId, workspaceId } = get(id);
      const { hostId } = workspaces.get(workspaceId);
      await hostTasks.do({ kind: 'remove_job', hostId, workspaceId, jobId }, { withinMs: CLOSE_WITHIN_MS });
      await forget(id);
    },
    async deleteOfWorkspace(workspaceId) {
      await Promise.all(ofWorkspace(workspaceId).map(({ id }) => forget(id)));
    },
    async input(id, text) {
      const { input, activity } = live(id);
      await input.write(text);
      if (isTyped(text)) activity.typed();
      // A line that was sent may be a command that changes files.
      if (text.includes('\r')) workspaces.refreshChanges(get(id).workspaceId);
    },
    async resize(id, rows, cols) {
      const before = get(id);
      const { sizes } = live(id);
      const isSame = before.rows === rows && before.cols === cols && !sizes.isBusy;
      if (before.exit === null && !isSame) await sizes.set({ rows, cols });
    },
    watch(id, after, watcher) {
      const { output, input, watchers } = live(id);
      watchers.add(watcher);
      const unwatch = startWatching(output, after, watcher);
      if (input.heldBytes() > 0) watcher.onHeldInput?.(input.heldBytes());
      return () => {
        watchers.delete(watcher);
        unwatch();
      };
    },
    resumeAll() {
      // What ended is read from its host only when someone looks at it.
      for (const one of store.all()) if (one.exit === null && !lives.has(one.id)) begin(one);
    },
    async shutdown() {
      const stopped = new FarhandError('host.connection_lost', { message: 'The server stops.' });
      const closing = [...lives.values()].map(({ output, input, sizes, activity }) => {
        input.close(stopped);
        sizes.close();
        activity.close();
        return output.close();
      });
      lives.clear();
      await Promise.all(closing);
    },
  };
}

interface Place {
  readonly runtime: Runtime;
  readonly directory: string;
  readonly env: Environment;
  /** Null for the shell itself. */
  readonly command: string | null;
}

async function startShell(
  { jobId, workspaceId, rows, cols }: Terminal,
  { runtime, directory, env, command }: Place,
): Promise<void> {
  const shell = { command: { script: command ?? SHELL }, cwd: directory, env, terminal: { rows, cols } };
  await runtime.jobs.start({ ...shell, id: jobId, label: workspaceId });
}

/** False for what the page's terminal itself sends: focus reports, mouse reports, answers to queries. */
const isTyped = (text: string): boolean =>
  !/^(?:\u001b\[(?:[IO]|[?>]?[\d;]*[cRnyMm])|\u001b\[<[\d;]+[Mm])+$/.test(text);

/** `Terminal 1`, the lowest number that is free. */
function freeTitle(others: readonly Terminal[]): string {
  const taken = new Set(others.map(({ title }) => title));
  let number = 1;
  while (taken.has(`Terminal ${number}`)) number += 1;
  return `Terminal ${number}`;
}
