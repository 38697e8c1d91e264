/** What was asked of a host and must be done there, also when the host is away now and the server restarts before it is back. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { HostId } from '@farhand/shared/model/hosts';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { Exit } from '@farhand/shared/model/terminals';
import type { Runtimes } from '@farhand/shared/runtime/registry';
import type { Log } from '../logging/log.ts';
import type { Database } from '../store/database.ts';
import { type Arrivals, createArrivals } from './arrivals.ts';
import { carryOut } from './carry-out.ts';
import { isHostAway, isKnownAway } from './host-away.ts';
import { type HostTask, taskId } from './task.ts';
import { createTaskStore, type TaskStore } from './task-store.ts';

/** `kept`: the host is away, and it is done on its return. `missing`: there was no such job to stop. */
export type TaskEnd =
  | { readonly state: 'done'; readonly exit: Exit | null }
  | { readonly state: 'missing' }
  | { readonly state: 'kept' };

/** What became of a task that was kept. */
interface TaskListener {
  onCarriedOut?(task: HostTask, exit: Exit | null): void;
  /** Given up: no later try mends it. */
  onFailed?(task: HostTask, error: FarhandError): void;
}

export interface HostTasks {
  /**
   * Stores the task, then does it. After `withinMs` (default: as long as the host takes to answer) it is `kept` and
   * goes on. Throws, and forgets the task, where the host answered that it cannot be done.
   */
  do(task: HostTask, options?: { withinMs?: number }): Promise<TaskEnd>;
  listen(listener: TaskListener): void;
  /** True while a task of this kind about the same is not done yet. */
  isLeft(task: HostTask): boolean;
  /** Nothing of ours can be there: what is left for it is not done any more. */
  forget(hostId: HostId): void;
  /** Tells when hosts become connected. */
  readonly arrivals: Arrivals;
  /** At the server's start: does what a former server left. */
  resumeAll(): void;
  /** Leaves what is kept to the next server. */
  close(): void;
}

export interface HostTasksDeps {
  readonly db: Database;
  readonly runtimes: Pick<Runtimes, 'for'>;
  /** Called each time nothing of a workspace is left on a host, before the task is forgotten. Never throws. */
  readonly onCleared?: (place: { workspaceId: WorkspaceId; hostId: HostId }) => Promise<void>;
  readonly log?: Pick<Log, 'info' | 'warn'> | undefined;
}

interface Entry {
  readonly task: HostTask;
  /** True once somebody was told that it is kept. */
  isKept: boolean;
  attempts: number;
  /** Answers of the host that it cannot be done, or that there is no such job. */
  refusals: number;
  running: Promise<TaskEnd> | null;
  timer: NodeJS.Timeout | null;
}

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 60_000;
/** A host that answers that it cannot is asked so often: a disk may be full, a file be held. */
const MOST_REFUSALS = 6;
/** A start that was on its way when its stop came has arrived by then, or never will. */
const MOST_LOOKS = 4;

export function createHostTasks(deps: HostTasksDeps): HostTasks {
  return new KeptTasks(deps);
}

class KeptTasks implements HostTasks {
  readonly arrivals: Arrivals;
  readonly #deps: HostTasksDeps;
  readonly #store: TaskStore;
  readonly #entries = new Map<string, Entry>();
  readonly #listeners: TaskListener[] = [];
  #isClosed = false;

  constructor(deps: HostTasksDeps) {
    this.#deps = deps;
    this.#store = createTaskStore(deps.db);
    this.arrivals = createArrivals(deps.runtimes);
    this.arrivals.onArrival((hostId) => this.#retryAll(hostId));
  }

  listen(listener: TaskListener): void {
    this.#listeners.push(listener);
  }

  isLeft(task: HostTask): boolean {
    return this.#entries.has(taskId(task));
  }

  async do(task: HostTask, { withinMs }: { withinMs?: number } = {}): Promise<TaskEnd> {
    this.#store.add(task);
    const entry = this.#entry(task);
    if (isKnownAway(this.#deps.runtimes.for(task.hostId).connection())) return this.#keep(entry);
    const attempt = this.#attempt(entry);
    if (withinMs === undefined) return attempt;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), withinMs)));
    // What comes of it later is told to the listeners.
    attempt.catch(() => {});
    const end = await Promise.race([attempt, late]).finally(() => clearTimeout(timer));
    return end ?? this.#keep(entry);
  }

  forget(hostId: HostId): void {
    for (const entry of this.#entries.values()) if (entry.task.hostId === hostId) this.#forget(entry);
  }

  resumeAll(): void {
    for (const task of this.#store.all()) {
      const entry = this.#entry(task);
      entry.isKept = true;
      this.#retry(entry);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.arrivals.close();
    for (const { timer } of this.#entries.values()) if (timer) clearTimeout(timer);
    this.#entries.clear();
  }

  #entry(task: HostTask): Entry {
    const id = taskId(task);
    const known = this.#entries.get(id);
    if (known) return known;
    this.arrivals.watch(task.hostId);
    const made: Entry = { task, isKept: false, attempts: 0, refusals: 0, running: null, timer: null };
    this.#entries.set(id, made);
    return made;
  }

  #keep(entry: Entry): TaskEnd {
    entry.isKept = true;
    this.#retryLater(entry);
    return { state: 'kept' };
  }

  #attempt(entry: Entry): Promise<TaskEnd> {
    entry.running ??= this.#run(entry).finally(() => (entry.running = null));
    return entry.running;
  }

  async #run(entry: Entry): Promise<TaskEnd> {
    const { task } = entry;
    if (entry.timer) clearTimeout(entry.timer);
    entry.timer = null;
    entry.attempts += 1;
    try {
      const exit = await carryOut(this.#deps.runtimes.for(task.hostId), task);
      if (task.kind === 'clear_workspace' || task.kind === 'clear_former') await this.#deps.onCleared?.(task);
      if (!this.#isClosed) this.#carriedOut(entry, exit);
      return { state: 'done', exit };
    } catch (thrown) {
      const error = FarhandError.from(thrown);
      if (this.#isClosed) return { state: 'kept' };
      if (isHostAway(error)) return this.#keep(entry);
      entry.refusals += 1;
      if (task.kind === 'stop_job' && error.code === 'job.not_found') return this.#missing(entry);
      if (entry.isKept && entry.refusals < MOST_REFUSALS && error.code !== 'file.outside_workspace')
        return this.#keep(entry);
      this.#forget(entry);
      if (entry.isKept) for (const { onFailed } of this.#listeners) onFailed?.(task, error);
      throw error;
    }
  }

  #carriedOut(entry: Entry, exit: Exit | null): void {
    this.#forget(entry);
    if (!entry.isKept) return;
    const { kind, hostId, workspaceId } = entry.task;
    this.#deps.log?.info('host_task.carried_out', { kind, hostId, workspaceId });
    for (const { onCarriedOut } of this.#listeners) onCarriedOut?.(entry.task, exit);
  }

  #missing(entry: Entry): TaskEnd {
    if (entry.refusals < MOST_LOOKS) this.#retryLater(entry);
    else this.#carriedOut(entry, null);
    return { state: 'missing' };
  }

  #forget(entry: Entry): void {
    const { task } = entry;
    // Set while its last try was under way: what is done is not done again.
    if (entry.timer) clearTimeout(entry.timer);
    entry.timer = null;
    this.#store.remove(task);
    this.#entries.delete(taskId(task));
  }

  #retryLater(entry: Entry): void {
    if (entry.timer || this.#isClosed || this.#entries.get(taskId(entry.task)) !== entry) return;
    const backoffMs = Math.min(FIRST_RETRY_MS * 2 ** Math.min(entry.attempts, 10), LONGEST_RETRY_MS);
    entry.timer = setTimeout(
      () => {
        entry.timer = null;
        this.#retry(entry);
      },
      backoffMs * (0.75 + Math.random() / 2),
    ).unref();
  }

  #retryAll(hostId: HostId): void {
    for (const entry of this.#entries.values()) if (entry.task.hostId === hostId) this.#retry(entry);
  }

  #retry(entry: Entry): void {
    const { task } = entry;
    // Its connection tries by itself, or waits for a person: asking again here would only hammer the host.
    if (isKnownAway(this.#deps.runtimes.for(task.hostId).connection())) return this.#retryLater(entry);
    this.#attempt(entry).catch((error: unknown) => {
      const { kind, hostId, workspaceId } = task;
      this.#deps.log?.warn('host_task.given_up', { kind, hostId, workspaceId, error });
    });
  }
}
