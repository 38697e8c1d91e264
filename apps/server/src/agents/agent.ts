import type { AgentControls, AgentId, Attachment, EarlierSession } from '@farhand/shared/model/agents';
import type { Approval, ApprovalDecision, ApprovalSubject } from '@farhand/shared/model/approvals';
import type { HostId } from '@farhand/shared/model/hosts';
import type { ItemId, JobId, ProjectId, SessionId, TurnId, WorkspaceId } from '@farhand/shared/model/ids';
import type { Session, TokenUsage } from '@farhand/shared/model/sessions';
import type { Terminal } from '@farhand/shared/model/terminals';
import type { ToolKind, TranscriptItem } from '@farhand/shared/model/transcripts';
import type { ErrorInfo } from '@farhand/shared/model/workspaces';
import type { Environment, Runtime } from '@farhand/shared/runtime/port';
import type { SessionDryRun } from '../dry-run/session-dry-run.ts';
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

/** The workspace that an agent works in. */
export interface AgentPlace {
  readonly workspaceId: WorkspaceId;
  readonly projectId: ProjectId;
  readonly hostId: HostId;
  /** Absolute, on the host. */
  readonly directory: string;
  readonly runtime: Runtime;
  /** The name of the sandbox profile in which it starts things now. */
  readonly sandbox: () => string;
  /** Ends a job's processes. `kept` after ten seconds, and at once where the host is away: then on its return. */
  readonly stopJob: (jobId: JobId) => Promise<TaskEnd>;
  /** Opens a terminal in the workspace that runs this, as a login shell takes it: for installing and signing in. */
  readonly openTerminal: (title: string, command: string) => Promise<Terminal>;
}

/** What the project keeps secret, as of now: read again for each use, so that a new secret counts at once. */
export interface TurnSecrets {
  environment(): Environment;
  redactor(): Redactor;
}

/** What an agent wants to do, for the policy to judge and for a person to decide. */
export interface ApprovalRequest {
  /** The same for the same question of a session, also after a restart: the call's id. */
  readonly key: string;
  readonly turnId: TurnId;
  readonly itemId: ItemId | null;
  readonly title: string;
  /** Absolute folder; null where it has none. */
  readonly cwd: string | null;
  /** Secrets redacted. */
  readonly subject: ApprovalSubject;
  /** What it does; `plan`, `form` and `budget` subjects are always asked. */
  readonly effect: ToolKind;
  /** Files that it touches, absolute or in the workspace. */
  readonly paths: readonly string[];
  /** True where an edited command can run in place of the one shown. */
  readonly canEdit: boolean;
  /** False where the agent takes no answer that lasts; default true. */
  readonly canAllowSession?: boolean;
  /** Why, where the agent says it; the policy's reason otherwise. */
  readonly why?: string;
}

/** The one way for agents to ask a person. */
interface AgentApprovals {
  /**
   * The decision, at once where the policy has one. Asked again with its key it finds the question of before; where what
   * is shown differs from then, that one is void and this one is new. Never rejects. `void` when `signal` is aborted:
   * after a stop the question is closed, when the server closes it stays open for the next start.
   */
  ask(request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalDecision>;
}

/** What a session's programs ask a person outside of its turns, as `farhand-op` does. */
export interface SessionAsides {
  /** Since then, oldest first; an open one was not decided yet. */
  since(ms: number): Pick<Approval, 'askedAt' | 'decidedAt'>[];
  /** Calls back when one may have been asked or settled. */
  watch(listener: () => void): () => void;
}

/** What an agent tells of its session, in a turn or between turns. */
interface SessionReports {
  /** True from when the host is out of reach until it is back. */
  contactLost(isLost: boolean): void;
  /** A file of the workspace may have changed. */
  filesChanged(): void;
  /** Of the session as a whole, where the agent itself keeps count or names it. */
  session(change: Partial<Pick<Session, 'title' | 'costUsd' | 'context' | 'model'>>): void;
}

/** One session, given to an adapter; what it holds counts until the session is released. */
export interface AgentSession {
  readonly sessionId: SessionId;
  readonly agent: AgentId;
  readonly place: AgentPlace;
  readonly secrets: TurnSecrets;
  readonly transcript: TranscriptWriter;
  /** The session's items as they now are. */
  readonly readItems: () => readonly TranscriptItem[];
  readonly approvals: AgentApprovals;
  /** Absent where no program of it can ask. */
  readonly asides?: SessionAsides | undefined;
  readonly controls: {
    /** Null before the agent has told any. */
    get(): AgentControls | null;
    /** Stored, then shown. */
    set(controls: AgentControls): void;
  };
  readonly reports: SessionReports;
  /** What it wants to do is only taken down while this is on. Absent where there are no dry runs. */
  readonly dryRun?: SessionDryRun | undefined;
}

/** What an adapter tells of its turn while it works. */
interface TurnReports extends SessionReports {
  /** Tokens of one more answer, to be added up, and their price where the agent tells it. */
  used(usage: TokenUsage, costUsd?: number | null): void;
  /** The model is overloaded and asked again then; null when it answers. */
  retrying(retry: Retry | null): void;
}

/** One turn, given to an adapter. Its `user_message` and `turn` items are in the transcript already. */
export interface AgentTurn extends AgentSession {
  readonly turnId: TurnId;
  /** What the person wrote, secrets redacted. */
  readonly prompt: string;
  readonly attachments: readonly Attachment[];
  /** `provider/model` for the built-in agent; for others the turn's label. */
  readonly model: string;
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
  /**
   * Works until the agent yields. Run again with a turn that was interrupted, by a crash too, it goes on where it was.
   * After a stop nothing that it started on the host runs. What goes wrong is in the outcome.
   */
  run(turn: AgentTurn): Promise<TurnOutcome>;
  /** Makes a session ready before its first message, so that its controls are shown; goes on with the conversation `nativeId` where one is given. */
  open(session: AgentSession, nativeId: string | null): Promise<void>;
  /** Throws `session.unknown_control`. */
  setControl(session: AgentSession, control: string, value: string | boolean): Promise<void>;
  /** The terminal in which a person signs in; null where nothing is left to do. Throws `session.unknown_control`. */
  login(session: AgentSession, loginId: string): Promise<Terminal | null>;
  /** Newest first; none where the agent cannot tell. */
  earlier(place: AgentPlace, agent: AgentId, secrets: TurnSecrets): Promise<EarlierSession[]>;
  /** Lets session `to`, which has the same agent, know what `from` knows. */
  copyMemory(from: SessionId, to: SessionId): Promise<void>;
  /** Ends what the session has on the host and forgets it; where the host is away, on its return. */
  release(sessionId: SessionId): Promise<void>;
  /** Leaves everything on the hosts as it is. */
  close(): Promise<void>;
}
