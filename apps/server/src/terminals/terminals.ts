/** Terminals: ptys on hosts that outlive the connection, the browser and the server. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { newId, type TerminalId, type WorkspaceId } from '@farhand/shared/model/ids';
import type { Terminal } from '@farhand/shared/model/terminals';
import type { StateFeed } from '../feed/state-feed.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Database } from '../store/database.ts';
import { withDeadline } from '../workspaces/deadline.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import { createInputQueue, type InputQueue } from './input-queue.ts';
import { createMask } from './mask.ts';
import { TerminalOutput } from './output.ts';
import { createTerminalStore } from './terminal-store.ts';
import { startWatching, type TerminalWatcher } from './watching.ts';

export type { TerminalWatcher } from './watching.ts';

export interface Terminals {
  /** Oldest first. */
  list(): Terminal[];
  /** Throws `terminal.not_found`. */
  get(id: TerminalId): Terminal;
  /** A shell in the workspace's folder. Throws `workspace.not_ready`, `terminal.unsupported`, `host.*`. */
  open(workspaceId: WorkspaceId, rows: number, cols: number): Promise<Terminal>;
  /** Ends its programs and forgets it. Throws `host.*` where the host does not answer. */
  close(id: TerminalId): Promise<void>;
  /** Forgets the workspace's terminals; their jobs go with the workspace's. */
  deleteOfWorkspace(workspaceId: WorkspaceId): Promise<void>;
  /** Resolves when the keys reached the host, each once; rejects when contact is lost. */
  input(id: TerminalId, text: string): Promise<void>;
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
}

interface Live {
  readonly output: TerminalOutput;
  readonly input: InputQueue;
}

// An account without a login shell still gets one that works.
const SHELL =
  'case ${SHELL:-} in "" | */nologin | */false) SHELL=/bin/sh; export SHELL ;; esac; exec "$SHELL"';

/** A person waits for the pane to close. */
const CLOSE_TIMEOUT_MS = 15_000;

export function createTerminals({ db, feed, workspaces, secrets }: TerminalsDeps): Terminals {
  const store = createTerminalStore(db);
  const lives = new Map<TerminalId, Live>();

  const get = (id: TerminalId): Terminal => {
    const found = store.find(id);
    if (!found) throw new FarhandError('terminal.not_found', { details: { terminalId: id } });
    return found;
  };
  const publish = (id: TerminalId) => {
    const value = store.find(id);
    if (value) feed.changed({ kind: 'terminal', value });
  };
  const live = (id: TerminalId): Live => lives.get(id) ?? begin(get(id));
  const begin = ({ id, workspaceId, jobId, exit: known }: Terminal): Live => {
    const runtime = workspaces.runtime(workspaceId);
    const mask = createMask(secrets.environment(workspaces.get(workspaceId).projectId));
    const onEnded = (exit: NonNullable<Terminal['exit']>) => {
      workspaces.refreshChanges(workspaceId);
      if (known !== null) return;
      store.setExit(id, exit);
      publish(id);
    };
    const begun = {
      output: new TerminalOutput({ runtime, jobId, mask, onEnded }),
      input: createInputQueue(runtime, jobId),
    };
    lives.set(id, begun);
    return begun;
  };
  const forget = async (id: TerminalId) => {
    const closing = lives.get(id)?.output.close();
    lives.delete(id);
    store.remove(id);
    feed.removed('terminal', id);
    await closing;
  };
  const ofWorkspace = (workspaceId: WorkspaceId) =>
    store.all().filter((one) => one.workspaceId === workspaceId);

  return {
    list: () => store.all(),
    get,
    async open(workspaceId, rows, cols) {
      const { runtime, directory, workspace } = workspaces.ready(workspaceId);
      if (!(await runtime.facts()).hasTerminal)
        throw new FarhandError('terminal.unsupported', { details: { hostId: workspace.hostId } });
      const jobId = newId('job');
      const env = secrets.environment(workspace.projectId);
      const shell = { command: { script: SHELL }, cwd: directory, env, terminal: { rows, cols } };
      await runtime.jobs.start({ ...shell, id: jobId, label: workspaceId }).catch((error: unknown) => {
        if (!FarhandError.is(error, 'file.not_found')) throw error;
        // The look finds the same and makes it the workspace's state.
        workspaces.refreshChanges(workspaceId);
        throw new FarhandError('workspace.missing', { details: { workspaceId }, cause: error });
      });
      const title = freeTitle(ofWorkspace(workspaceId));
      const opened: Terminal = {
        id: newId('terminal'),
        workspaceId,
        jobId,
        title,
        rows,
        cols,
        exit: null,
        createdAt: new Date().toISOString(),
      };
      store.insert(opened);
      publish(opened.id);
      begin(opened);
      return opened;
    },
    async close(id) {
      const { jobId, workspaceId } = get(id);
      const runtime = workspaces.runtime(workspaceId);
      await withDeadline(runtime.jobs.remove(jobId), CLOSE_TIMEOUT_MS, runtime.hostId);
      await forget(id);
    },
    async deleteOfWorkspace(workspaceId) {
      await Promise.all(ofWorkspace(workspaceId).map(({ id }) => forget(id)));
    },
    async input(id, text) {
      await live(id).input.write(text);
      // A line that was sent may be a command that changes files.
      if (text.includes('\r')) workspaces.refreshChanges(get(id).workspaceId);
    },
    async resize(id, rows, cols) {
      const { workspaceId, jobId, ...before } = get(id);
      if (before.exit !== null || (before.rows === rows && before.cols === cols)) return;
      await workspaces.runtime(workspaceId).jobs.resize(jobId, rows, cols);
      store.setSize(id, rows, cols);
      publish(id);
    },
    watch: (id, after, watcher) => startWatching(live(id).output, after, watcher),
    resumeAll() {
      // What ended is read from its host only when someone looks at it.
      for (const one of store.all()) if (one.exit === null && !lives.has(one.id)) begin(one);
    },
    async shutdown() {
      const closing = [...lives.values()].map(({ output }) => output.close());
      lives.clear();
      await Promise.all(closing);
    },
  };
}

/** `Terminal 1`, the lowest number that is free. */
function freeTitle(others: readonly Terminal[]): string {
  const taken = new Set(others.map(({ title }) => title));
  let number = 1;
  while (taken.has(`Terminal ${number}`)) number += 1;
  return `Terminal ${number}`;
}
