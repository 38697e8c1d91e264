import type { Actor } from '@farhand/shared/model/audit';
import type { HostId } from '@farhand/shared/model/hosts';
import type { RunId, SessionId, WorkspaceId } from '@farhand/shared/model/ids';
import type { Run } from '@farhand/shared/model/runs';
import type { CallOutput, ParsedInput } from '@farhand/shared/protocol/calls';

/** A command that a person defined by name, filled in and checked. */
export interface OperationRun {
  readonly operation: string;
  readonly description: string | null;
  /** As `run.start` takes them. */
  readonly host: string | null;
  readonly workspaceId: WorkspaceId | null;
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string | null;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** False where it runs unasked unless a rule says otherwise. */
  readonly isAsked: boolean;
  readonly by: Actor;
  /** Where it is asked from; null for one that a person starts. */
  readonly from: { readonly workspaceId: WorkspaceId; readonly sessionId: SessionId | null } | null;
}

/**
 * Commands that persons and other programs run on hosts, by the policy. Durable: a server that is killed at any moment
 * goes on with them after its start, and none runs twice.
 */
export interface Runs {
  /** As the call `run.start`. */
  start(input: ParsedInput<'run.start'>, by: Actor): Promise<Run>;
  /** The same for a named operation. `id` as chosen and kept by the caller: the same again starts nothing. */
  startOperation(id: RunId, wanted: OperationRun): Promise<Run>;
  /** As the call `run.get`; sooner where `signal` is aborted. */
  get(
    id: RunId,
    waitMs: number,
    signal?: AbortSignal,
    after?: ParsedInput<'run.get'>['after'],
  ): Promise<CallOutput<'run.get'>>;
  /** As it stands. Throws `run.not_found`. */
  find(id: RunId): Run;
  /** Newest first. */
  list(limit: number): Run[];
  /** Of those that are not over. */
  hostsInUse(): HostId[];
  /** As the call `run.cancel`. */
  cancel(id: RunId): Promise<void>;
  /** Calls back whenever the state of one has changed. */
  watch(listener: (run: Run) => void): () => void;
  /** At the server's start: those that were under way go on. */
  resumeAll(): void;
  /** Leaves what runs to the next server. */
  close(): void;
}
