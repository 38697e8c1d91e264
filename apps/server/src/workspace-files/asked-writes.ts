import { createHash, randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Approval, ApprovalDecision } from '@farhand/shared/model/approvals';
import type { Actor } from '@farhand/shared/model/audit';
import type { ErrorInfo } from '@farhand/shared/model/workspaces';
import type { CallOutput, ParsedInput } from '@farhand/shared/protocol/calls';
import type { Approvals } from '../approvals/approvals.ts';
import type { Arrivals } from '../host-tasks/arrivals.ts';
import { isHostAway, isKnownAway } from '../host-tasks/host-away.ts';
import type { Log } from '../logging/log.ts';
import type { Database } from '../store/database.ts';
import { untilStored } from '../store/until-stored.ts';
import type { ReadyWorkspace, Workspaces } from '../workspaces/workspaces.ts';
import { bytesAt, digestOf, inside } from './place.ts';
import { writeQuestion } from './write-question.ts';
import { type AskedWrite, createWriteStore, type WriteState, type WriteStore } from './write-store.ts';

export interface AskedWritesDeps {
  readonly db: Database;
  readonly workspaces: Pick<Workspaces, 'get' | 'ready' | 'refreshChanges'>;
  readonly approvals: Pick<Approvals, 'pose' | 'ask' | 'voidKey'>;
  readonly arrivals: Pick<Arrivals, 'watch' | 'onArrival'>;
  readonly log: Pick<Log, 'warn'>;
}

/** A write that the policy has not judged yet. */
export interface WantedWrite {
  readonly ready: ReadyWorkspace;
  readonly by: Actor;
  readonly path: string;
  readonly real: string;
  readonly before: Uint8Array | null;
  readonly bytes: Uint8Array;
  readonly patch: string;
}

/** At once: each holds its content. */
const MOST_LEFT = 100;
/** A host that answers again is told at once; this is for one that was never seen to be away. */
const RETRY_MS = 30_000;
const CHANGED = 'What it asked about has changed.';

/**
 * Writes of files that a person has to allow. Durable: a server that is killed at any moment goes on with them after its
 * start, and what is written is what was shown, in the place of what was there then.
 */
export class AskedWrites {
  readonly #deps: AskedWritesDeps;
  readonly #store: WriteStore;
  readonly #closing = new AbortController();
  /** True where the host came back meanwhile: then it is tried again at once. */
  readonly #underWay = new Map<string, boolean>();
  readonly #retries = new Map<string, NodeJS.Timeout>();
  readonly #looks = new Set<() => void>();

  constructor(deps: AskedWritesDeps) {
    this.#deps = deps;
    this.#store = createWriteStore(deps.db);
    // All that wait listen for the one end.
    setMaxListeners(0, this.#closing.signal);
    deps.arrivals.onArrival((hostId) => {
      for (const one of this.#store.left())
        if (one.state === 'allowed' && one.hostId === hostId) void this.#carryOut(one.id);
    });
  }

  /** The decision where nobody has to be asked; otherwise what is asked, and will be carried out. Throws `file.too_many_writes`. */
  pose(wanted: WantedWrite): ApprovalDecision | Pick<Approval, 'id'> {
    const write = askedWriteOf(wanted);
    const { workspace } = wanted.ready;
    const same = this.#store.asking(workspace.id, write.digest);
    if (same && same.plan.before === write.plan.before) return { id: same.approvalId };
    if (same) this.#deps.approvals.voidKey(null, same.id, CHANGED);
    if (this.#store.left().length >= MOST_LEFT) throw new FarhandError('file.too_many_writes');
    // Both or none: a question without its write could be answered, and nothing would come of it.
    const posed = this.#store.transaction(() => {
      const found = this.#deps.approvals.pose(...writeQuestion(write, workspace));
      if (!('kind' in found)) this.#store.add({ ...write, approvalId: found.id }, wanted.bytes);
      return found;
    });
    if (!('kind' in posed)) this.#wait(write, wanted.ready.workspace);
    return posed;
  }

  async result(
    { approvalId, waitMs }: ParsedInput<'file.write_result'>,
    signal: AbortSignal,
  ): Promise<CallOutput<'file.write_result'>> {
    const find = () => {
      const found = this.#store.byApproval(approvalId);
      if (!found) throw new FarhandError('file.write_not_found', { details: { approvalId } });
      return found;
    };
    const isOver = () => !['asking', 'allowed'].includes(find().state);
    if (waitMs > 0 && !isOver()) await this.#change(isOver, waitMs, signal);
    const { state, workspaceId, plan, error } = find();
    return { state, workspaceId, path: plan.path, error };
  }

  /** At the server's start. */
  resumeAll(): void {
    for (const one of this.#store.left()) {
      if (one.state === 'allowed') void this.#carryOut(one.id);
      else this.#resumeAsking(one);
    }
  }

  /** Leaves what is asked to the next server. */
  close(): void {
    this.#closing.abort('close');
    for (const retry of this.#retries.values()) clearTimeout(retry);
  }

  #resumeAsking(write: AskedWrite): void {
    try {
      const workspace = this.#deps.workspaces.get(write.workspaceId);
      const posed = this.#deps.approvals.pose(...writeQuestion(write, workspace));
      if ('kind' in posed) return this.#decided(write.id, posed);
      if (posed.id !== write.approvalId) this.#store.change(write.id, { approvalId: posed.id });
      this.#wait(write, workspace);
    } catch (thrown) {
      const error = FarhandError.from(thrown);
      this.#end(write.id, 'failed', error);
      this.#deps.approvals.voidKey(null, write.id, error.message);
    }
  }

  #wait(write: Pick<AskedWrite, 'id' | 'plan'>, workspace: ReadyWorkspace['workspace']): void {
    const [asker, request] = writeQuestion(write, workspace);
    void this.#deps.approvals.ask(asker, request, this.#closing.signal).then((decision) => {
      this.#untilStored(() => this.#decided(write.id, decision));
    });
  }

  #untilStored(store: () => void): void {
    const onRefused = (error: unknown) => this.#deps.log.warn('file.not_stored', { error });
    void untilStored(store, { closing: this.#closing.signal, onRefused });
  }

  #decided(id: string, decision: ApprovalDecision): void {
    if (this.#store.get(id)?.state !== 'asking') return;
    if (decision.kind === 'allowed') {
      this.#store.change(id, { state: 'allowed' });
      void this.#carryOut(id);
    } else if (decision.kind === 'void') {
      const message = `The file was not written: ${decision.reason}`;
      this.#end(id, 'failed', new FarhandError('file.write_not_decided', { message }));
    } else this.#end(id, 'denied', deniedWrite(decision));
  }

  async #carryOut(id: string): Promise<void> {
    const write = this.#store.get(id);
    const content = this.#store.content(id);
    if (!write || !content) return;
    if (this.#underWay.has(id)) return void this.#underWay.set(id, true);
    // However often its host comes and goes, one is enough.
    clearTimeout(this.#retries.get(id));
    this.#retries.delete(id);
    this.#underWay.set(id, false);
    const failure = await this.#write(write, content).catch(FarhandError.from);
    const isBack = this.#underWay.get(id) === true;
    this.#underWay.delete(id);
    // The next server looks whether it was written.
    if (this.#closing.signal.aborted) return;
    if (failure === null) return this.#untilStored(() => this.#end(id, 'written', null));
    if (!isHostAway(failure)) return this.#untilStored(() => this.#end(id, 'failed', failure));
    if (isBack) return this.#carryOut(id);
    this.#untilStored(() => this.#store.change(id, { error: infoOf(failure) }));
    this.#retries.set(id, setTimeout(() => void this.#carryOut(id), RETRY_MS).unref());
  }

  // What was allowed is the change that was shown, not one of something else, nor elsewhere by a link.
  async #write({ workspaceId, hostId, plan }: AskedWrite, content: Uint8Array): Promise<FarhandError | null> {
    this.#deps.arrivals.watch(hostId);
    const use = { kind: 'terminal', sessionId: null, by: plan.by } as const;
    const ready = this.#deps.workspaces.ready(workspaceId, use);
    // Its connection tries by itself, or waits for a person: asking again would only hammer the host.
    if (isKnownAway(ready.runtime.connection())) return new FarhandError('host.unreachable');
    const { real } = await inside(ready, plan.path);
    const now = real === plan.real ? digestOf(await bytesAt(ready, real)) : undefined;
    // A server that was killed in between may have written it.
    if (now === plan.after) return null;
    if (now !== plan.before) return new FarhandError('file.write_changed');
    await ready.runtime.files.write(real, content);
    this.#deps.workspaces.refreshChanges(workspaceId);
    return null;
  }

  #end(id: string, state: WriteState, error: FarhandError | null): void {
    if (state === 'failed') this.#deps.log.warn('file.not_written', { write: id, error });
    this.#store.end(id, state, error && infoOf(error));
    for (const look of this.#looks) look();
  }

  #change(isOver: () => boolean, waitMs: number, signal: AbortSignal): Promise<void> {
    const either = AbortSignal.any([signal, this.#closing.signal]);
    return new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#looks.delete(look);
        either.removeEventListener('abort', done);
        resolve();
      };
      const look = () => isOver() && done();
      const timer = setTimeout(done, waitMs);
      this.#looks.add(look);
      either.addEventListener('abort', done);
      if (either.aborted) done();
    });
  }
}

/** The error of a write that a rule or a person denied. */
export function deniedWrite(decision: ApprovalDecision): FarhandError {
  const reason = 'reason' in decision ? decision.reason : null;
  return new FarhandError('file.write_denied', reason === null ? {} : { message: reason });
}

function askedWriteOf({
  ready,
  by,
  path,
  real,
  before,
  bytes,
  patch,
}: WantedWrite): Omit<AskedWrite, 'approvalId'> {
  const { workspace, directory } = ready;
  const after = digestOf(bytes) ?? '';
  const same = JSON.stringify([by, real, after]);
  return {
    id: `write:${randomUUID()}`,
    workspaceId: workspace.id,
    hostId: workspace.hostId,
    digest: createHash('sha256').update(same).digest('hex'),
    plan: { by, path, real, directory, patch, before: digestOf(before), after },
    state: 'asking',
    error: null,
  };
}

const infoOf = ({ code, message, hint, retryable }: FarhandError): ErrorInfo => ({
  code,
  message,
  hint,
  retryable,
});
