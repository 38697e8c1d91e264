import type { JobId, SessionId, TurnId, WorkspaceId } from '@farhand/shared/model/ids';
import type { TokenUsage } from '@farhand/shared/model/sessions';
import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import type { ErrorInfo } from '@farhand/shared/model/workspaces';
import type { Environment, Runtime } from '@farhand/shared/runtime/port';
import type { TaskEnd } from '../host-tasks/host-tasks.ts';
import type { Redactor } from '../secrets/redactor.ts';
import type { TranscriptWriter } from '../transcripts/transcripts.ts';

/** Why a turn's signal is aborted: a person stopped it, or the server closes and goes on with it later. */
export type Interrupt = 'stop' | 'close';

/** The next try of a model that is overloaded, for the page. */
export interface Retry {
  readonly attempt: number;
  readonly reason: string;
  readonly nextAt: string;
}

/** The workspace that a turn works in. */
interface TurnPlace {
  readonly workspaceId: WorkspaceId;
  readonly directory: string;
  readonly runtime: Runtime;
  /** Ends a job's processes. `kept` after ten seconds, and at once where the host is away: then on its return. */
  readonly stopJob: (jobId: JobId) => Promise<TaskEnd>;
}

/** What the project keeps secret, as of now: read again for each use, so that a new secret counts at once. */
export interface TurnSecrets {
  environment(): Environment;
  redactor(): Redactor;
}

/** What an adapter tells the session while it works. */
interface TurnReports {
  /** Tokens of one more answer, to be added up. */
  used(usage: TokenUsage): void;
  /** The model is overloaded and asked again then; null when it answers. */
  retrying(retry: Retry | null): void;
  /** True from when the host is out of reach until it is back. */
  contactLost(isLost: boolean): void;
  /** A file of the workspace may have changed. */
  filesChanged(): void;
}

/** One turn, given to an adapter. Its `user_message` and `turn` items are in the transcript already. */
export interface AgentTurn {
  readonly sessionId: SessionId;
  readonly turnId: TurnId;
  /** What the person wrote, secrets redacted. */
  readonly prompt: string;
  /** `provider/model`. */
  readonly model: string;
  readonly place: TurnPlace;
  readonly secrets: TurnSecrets;
  readonly transcript: TranscriptWriter;
  /** The session's items as they now are. */
  readonly readItems: () => readonly TranscriptItem[];
  /** Aborted with an `Interrupt` as the reason. */
  readonly signal: AbortSignal;
  readonly reports: TurnReports;
}

/** How an adapter's work ended. `suspended`: the server closes; the same turn is run again after its start. */
export type TurnOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'suspended' }
  | { readonly kind: 'failed'; readonly error: ErrorInfo };

/** An adapter for one kind of agent: its native events in, items of the transcript out. */
export interface Agent {
  readonly name: 'builtin';
  /**
   * Works until the agent yields. Run again with a turn that was interrupted, by a crash too, it goes on where it was.
   * After a stop nothing that it started on the host runs. What goes wrong is in the outcome.
   */
  run(turn: AgentTurn): Promise<TurnOutcome>;
}
