import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Approval, ApprovalDecision } from '@farhand/shared/model/approvals';
import type { Actor } from '@farhand/shared/model/audit';
import type { HostId } from '@farhand/shared/model/hosts';
import type { RunId } from '@farhand/shared/model/ids';
import type { Run } from '@farhand/shared/model/runs';
import type { ErrorInfo, Workspace } from '@farhand/shared/model/workspaces';
import type { CallOutput, ParsedInput } from '@farhand/shared/protocol/calls';
import type { Approvals } from '../approvals/approvals.ts';
import type { HostTasks } from '../host-tasks/host-tasks.ts';
import type { Log } from '../logging/log.ts';
import type { Database } from '../store/database.ts';
import { untilStored } from '../store/until-stored.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import { newOperationRun, newRun } from './new-run.ts';
import { createRunFollower, type RunEnd, type RunFollower } from './run-follower.ts';
import { createRunPlaces, type RunPlaces, type RunPlacesDeps } from './run-places.ts';
import { runQuestion } from './run-question.ts';
import { createRunStore, type KeptOutput, type RunStore, type StoredRun } from './run-store.ts';
import { createRunWatchers } from './run-watchers.ts';
import type { OperationRun, Runs } from './runs.ts';

export interface RunsDeps extends RunPlacesDeps {
  readonly db: Database;
  readonly approvals: Pick<Approvals, 'ask' | 'pose' | 'voidKey'>;
  readonly hostTasks: Pick<HostTasks, 'do'>;
  readonly workspaces: Pick<Workspaces, 'get' | 'ready'>;
  /** The host of this name; null for the default one. Throws `host.*`, and never gives another. */
  readonly resolveHost: (wanted: string | null, by: Actor) => HostId;
  readonly log?: Pick<Log, 'info' | 'warn'>;
}

/** At once, those that wait for a person too. */
const MOST_UNDER_WAY = 200;
const STOP_WITHIN_MS = 10_000;
/** Who defined the operation said where it runs, whoever asks for it. */
const PERSON: Actor = { kind: 'server', name: null };
const NOTHING: KeptOutput = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), isTruncated: false };

/** Runs over the embedded store. */
export function createRuns(deps: RunsDeps): Runs {
  const of = new RunsOfStore(deps);
  return {
    start: (input, by) => of.start(input, by),
    startOperation: (id, wanted) => of.startOperation(id, wanted),
    get: (id, waitMs, signal, after) => of.get(id, { waitMs, signal, after: after ?? null }),
    find: (id) => of.stored(id).run,
    list: (limit) => of.store.list(limit),
    hostsInUse: () => of.store.hostsInUse(),
    cancel: (id) => of.cancel(id),
    watch: (listener) => of.watchers.watchAll(listener),
    resumeAll: () => of.resumeAll(),
    close: () => of.close(),
  };
}

class RunsOfStore {
  readonly store: RunStore;
  readonly watchers = createRunWatchers();
  readonly #deps: RunsDeps;
  readonly #places: RunPlaces;
  readonly #follower: RunFollower;
  readonly #closing = new AbortController();
  /** Of those that wait for a person: aborted to withdraw the question. */
  readonly #asking = new Map<RunId, AbortController>();

  constructor(deps: RunsDeps) {
    this.#deps = deps;
    this.store = createRunStore(deps.db);
    this.#places = createRunPlaces(deps);
    this.#follower = createRunFollower({
      places: this.#places,
      hostTasks: deps.hostTasks,
      closing: this.#closing.signal,
      onStarted: (id, startedAtMs) => this.#change(id, ({ plan }) => ({ plan: { ...plan, startedAtMs } })),
      onOutput: (id) => this.watchers.tell(id),
    });
  }

  async start(input: ParsedInput<'run.start'>, by: Actor): Promise<Run> {
    const { workspaceId, host } = input;
    if (workspaceId !== null && host !== null)
      throw new FarhandError('request.invalid', { message: 'Give a host or a workspace, not both.' });
    const hostId = this.#hostOf(input, by);
    return this.#begin(newRun(input, by, { hostId, redactor: this.#places.redactor(workspaceId) }));
  }

  async startOperation(id: RunId, wanted: OperationRun): Promise<Run> {
    const before = this.store.get(id);
    if (before) return before.run;
    const redactor = this.#places.redactor(wanted.from?.workspaceId ?? wanted.workspaceId);
    const hostId = this.#hostOf(wanted, PERSON);
    const directory = wanted.workspaceId === null ? this.#deps.hostDirectory(hostId) : null;
    return this.#begin(newOperationRun(id, wanted, { hostId, redactor, directory }));
  }

  async get(
    id: RunId,
    {
      waitMs,
      signal,
      after,
    }: { waitMs: number; signal: AbortSignal | undefined; after: ParsedInput<'run.get'>['after'] },
  ): Promise<CallOutput<'run.get'>> {
    const isNews = () => {
      const { run } = this.stored(id);
      if (run.endedAt !== null) return true;
      if (after === null) return false;
      if (after.state !== null && after.state !== run.state) return true;
      const { stdout, stderr } = this.#output(run);
      return stdout.byteLength > after.stdout || stderr.byteLength > after.stderr;
    };
    await this.watchers.until(id, isNews, { waitMs, signal, closing: this.#closing.signal });
    const { run } = this.stored(id);
    const { stdout, stderr, isTruncated } = this.#output(run);
    return {
      run,
      output: {
        stdout: stdout.subarray(after?.stdout ?? 0).toString('base64'),
        stderr: stderr.subarray(after?.stderr ?? 0).toString('base64'),
        truncated: isTruncated,
      },
    };
  }

  stored(id: RunId): StoredRun {
    const stored = this.store.get(id);
    if (!stored) throw new FarhandError('run.not_found', { details: { runId: id } });
    return stored;
  }

  async cancel(id: RunId): Promise<void> {
    const { run } = this.stored(id);
    if (run.endedAt !== null) return;
    const stored = this.#change(id, ({ plan }) => ({ plan: { ...plan, isCancelled: true } }));
    const asking = this.#asking.get(id);
    if (asking) asking.abort('stop');
    else if (stored) await this.#stop(stored);
  }

  resumeAll(): void {
    for (const stored of this.store.left()) {
      if (stored.run.endedAt !== null) this.#clear(stored);
      else if (stored.run.state === 'asking') this.#resumeAsking(stored);
      else this.#goOn(stored);
    }
  }

  close(): void {
    this.#closing.abort('close');
    for (const asking of this.#asking.values()) asking.abort('close');
  }

  #hostOf({ workspaceId, host }: Pick<OperationRun, 'workspaceId' | 'host'>, by: Actor): HostId {
    if (workspaceId === null) return this.#deps.resolveHost(host, by);
    return this.#deps.workspaces.get(workspaceId).hostId;
  }

  #begin(fresh: StoredRun): Run {
    const { id } = fresh.run;
    if (this.store.left().length >= MOST_UNDER_WAY) throw new FarhandError('run.too_many');
    // What cannot be done at all is said at once, before anybody is asked.
    this.#places.of(fresh.run);
    if (!this.store.add(fresh)) return this.stored(id).run;
    this.#pose(fresh);
    return this.stored(id).run;
  }

  #resumeAsking(stored: StoredRun): void {
    if (stored.plan.isCancelled) return this.#end(stored, { state: 'cancelled', error: cancelled() });
    try {
      this.#pose(stored);
    } catch (error) {
      // It is over by that; the others are not.
      this.#deps.log?.warn('run.not_asked', { runId: stored.run.id, error });
    }
  }

  // Throws where nothing could be asked or recorded: then it is over, and nothing runs.
  #pose(stored: StoredRun): void {
    const { id } = stored.run;
    const [asker, request] = this.#questionOf(stored);
    let posed: Approval | ApprovalDecision;
    try {
      posed = this.#deps.approvals.pose(asker, request);
    } catch (thrown) {
      const error = FarhandError.from(thrown);
      this.#end(stored, { state: 'failed', error: infoOf(error) });
      // Asked before a restart: nobody is to answer what does not run any more.
      this.#deps.approvals.voidKey(stored.run.sessionId, id, error.message);
      throw error;
    }
    if ('kind' in posed) return this.#decided(id, posed);
    const { id: approvalId } = posed;
    this.#change(id, ({ run }) => ({ run: { ...run, approvalId } }));
    const asking = new AbortController();
    this.#asking.set(id, asking);
    void this.#deps.approvals.ask(asker, request, asking.signal).then((decision) => {
      this.#asking.delete(id);
      this.#untilStored(() => this.#decided(id, decision));
    });
  }

  #questionOf(stored: StoredRun): ReturnType<typeof runQuestion> {
    const { askedIn } = stored.plan;
    const workspace = askedIn === null ? null : this.#workspace(askedIn);
    // Asked from a workspace, but done elsewhere: what is in its folder says nothing there.
    const isThere = stored.run.workspaceId === askedIn;
    return runQuestion(stored, {
      workspace: workspace && !isThere ? { ...workspace, directory: null } : workspace,
      directory: this.#folderOf(stored.run, workspace),
    });
  }

  #folderOf({ workspaceId, hostId }: Run, workspace: Workspace | null): string | null {
    if (workspaceId !== null) return workspace?.directory ?? null;
    try {
      return this.#deps.hostDirectory(hostId);
    } catch {
      // It cannot be used any more, and nothing will run there.
      return null;
    }
  }

  #workspace(id: Workspace['id']): Workspace | null {
    try {
      return this.#deps.workspaces.get(id);
    } catch {
      return null;
    }
  }

  #decided(id: RunId, decision: ApprovalDecision): void {
    const stored = this.store.get(id);
    if (!stored || stored.run.state !== 'asking') return;
    if (decision.kind === 'allowed' && !stored.plan.isCancelled) {
      const { rule = null, approvalId = stored.run.approvalId } = decision;
      const jobId = this.#follower.newJob();
      const running = this.#change(id, ({ run }) => ({
        run: { ...run, state: 'running', rule, approvalId },
        jobId,
      }));
      if (running) this.#goOn(running);
      return;
    }
    this.#end(stored, refusalOf(decision, stored.plan.isCancelled));
  }

  #goOn(stored: StoredRun): void {
    const { id } = stored.run;
    void this.#follower.follow(stored).then((end) => {
      if (end === 'left') return;
      this.#untilStored(() => {
        const now = this.store.get(id);
        if (now && now.run.endedAt === null) this.#end(now, end);
      });
    });
    // A cancel that the server was killed in: it is asked for again.
    if (stored.plan.isCancelled) void this.#stop(stored);
  }

  #untilStored(store: () => void): void {
    const onRefused = (error: unknown) => this.#deps.log?.warn('run.not_stored', { error });
    void untilStored(store, { closing: this.#closing.signal, onRefused });
  }

  async #stop(stored: StoredRun): Promise<void> {
    const { run, jobId } = stored;
    if (jobId === null) return;
    const task = { kind: 'stop_job', hostId: run.hostId, workspaceId: run.workspaceId, jobId } as const;
    const stopped = await this.#deps.hostTasks
      .do({ ...task, sessionId: null }, { withinMs: STOP_WITHIN_MS })
      .catch((thrown: unknown) => FarhandError.from(thrown));
    if (stopped instanceof FarhandError) throw stopped;
    // Where the host has answered, who follows it sees its end.
    if (stopped.state === 'done') return;
    const now = this.store.get(run.id);
    if (!now || now.run.endedAt !== null) return;
    const error = cancelled(stopped.state === 'kept' ? KEPT_STOP : undefined);
    this.#follower.leave(run.id);
    this.#end(now, { state: 'cancelled', error });
  }

  #end(stored: StoredRun, end: RunEnd): void {
    const { id } = stored.run;
    const isCancelled = stored.plan.isCancelled && end.state !== 'denied';
    const run: Run = {
      ...stored.run,
      state: isCancelled ? 'cancelled' : end.state,
      exit: end.exit ?? null,
      error: isCancelled && end.state !== 'cancelled' ? cancelled() : (end.error ?? null),
      endedAt: new Date().toISOString(),
    };
    this.store.end({ ...stored, run }, end.output ?? NOTHING);
    this.#deps.log?.info('run.ended', { runId: id, hostId: run.hostId, state: run.state });
    // Before it is told: who hears of it may forget the host, with all that is left for it.
    this.#clear({ ...stored, run });
    this.watchers.tellAll(run);
  }

  // Its folder on the host goes; where the host is away, on its return.
  #clear({ run, jobId }: StoredRun): void {
    if (jobId === null) return;
    const task = { kind: 'remove_job', hostId: run.hostId, workspaceId: run.workspaceId, jobId } as const;
    this.#deps.hostTasks
      .do(task)
      .catch((error: unknown) => this.#deps.log?.warn('run.not_cleared', { runId: run.id, error }));
    this.store.cleared(run.id);
  }

  #change(id: RunId, change: (stored: StoredRun) => Partial<StoredRun>): StoredRun | null {
    const before = this.store.get(id);
    if (!before || before.run.endedAt !== null) return null;
    const after = { ...before, ...change(before) };
    this.store.put(after);
    this.watchers.tellAll(after.run);
    return after;
  }

  #output(run: Run): KeptOutput {
    return run.endedAt === null ? (this.#follower.output(run.id) ?? NOTHING) : this.store.output(run.id);
  }
}

const KEPT_STOP = 'The command was cancelled while its host is out of reach; it is ended on its return.';

const infoOf = ({ code, message, hint, retryable }: FarhandError): ErrorInfo => ({
  code,
  message,
  hint,
  retryable,
});

const cancelled = (message?: string): ErrorInfo =>
  infoOf(new FarhandError('run.cancelled', message === undefined ? {} : { message }));

function refusalOf(decision: ApprovalDecision, isCancelled: boolean): RunEnd {
  if (isCancelled) return { state: 'cancelled', error: cancelled() };
  if (decision.kind === 'denied') {
    const message = decision.reason === null ? {} : { message: `The command was denied: ${decision.reason}` };
    return { state: 'denied', error: infoOf(new FarhandError('run.denied', message)) };
  }
  const reason = decision.kind === 'void' ? { message: `The command was not run: ${decision.reason}` } : {};
  return { state: 'failed', error: infoOf(new FarhandError('run.not_decided', reason)) };
}
