import type {
  Approval,
  ApprovalDecision,
  ApprovalPolicy,
  ApprovalRule,
} from '@farhand/shared/model/approvals';
import type { Actor } from '@farhand/shared/model/audit';
import type { HostId } from '@farhand/shared/model/hosts';
import type { SessionId, TurnId, WorkspaceId } from '@farhand/shared/model/ids';
import type { Session } from '@farhand/shared/model/sessions';
import type { Workspace } from '@farhand/shared/model/workspaces';
import type { ParsedInput } from '@farhand/shared/protocol/calls';
import type { ApprovalRequest } from '../agents/agent.ts';
import type { TranscriptWriter } from '../transcripts/transcripts.ts';

type AskingWorkspace = Pick<Workspace, 'id' | 'hostId' | 'directory' | 'approvalPolicy'>;

/** An agent that asks in a turn, and where its question is shown. */
export interface AgentAsker {
  readonly session: Pick<Session, 'id' | 'agent'>;
  readonly workspace: AskingWorkspace;
  readonly transcript: TranscriptWriter;
}

/** Who asks outside of a turn: a run, a named operation, sudo. It takes no answer that lasts, and no edited command. */
export interface ProgramAsker {
  readonly session: null;
  readonly by: Actor;
  readonly hostId: HostId;
  /** Null for what happens outside of all workspaces. */
  readonly workspace: AskingWorkspace | null;
  /** The session for which it is asked, which shows that it waits; null for none. */
  readonly forSession: SessionId | null;
  /** What holds where no rule of the person's says anything. `always`: a person is asked unless a rule denies. */
  readonly preset: ApprovalPolicy | 'always';
}

/** Who asks, and where its question is shown. */
export type Asker = AgentAsker | ProgramAsker;

/** What is asked outside of a turn. */
export interface ProgramRequest
  extends Pick<ApprovalRequest, 'key' | 'title' | 'cwd' | 'subject' | 'effect' | 'paths' | 'why'> {}

/** Questions that block agents and programs: durable rows, one answer each, bound to exactly what was shown. */
export interface Approvals {
  /** See `AgentApprovals.ask`. */
  ask(asker: AgentAsker, request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalDecision>;
  ask(asker: ProgramAsker, request: ProgramRequest, signal: AbortSignal): Promise<ApprovalDecision>;
  /** The decision, or the question that now waits for one: `ask` with the same key then waits for its answer. */
  pose(asker: ProgramAsker, request: ProgramRequest): ApprovalDecision | Approval;
  /** Open ones of all sessions, oldest first. */
  open(): Approval[];
  /** As the call `approval.list`. */
  list(filter: ParsedInput<'approval.list'>): Approval[];
  /** What was asked for a session since then outside of its turns, as by its `farhand-op`; oldest first. */
  asides(sessionId: SessionId, since: string): Pick<Approval, 'askedAt' | 'decidedAt'>[];
  /** As the call `approval.decide`; `by` is `page`, `cli`, or a token. Throws `audit.unwritable`, and then nothing is decided. */
  decide(input: ParsedInput<'approval.decide'>, by: Actor | 'page' | 'cli'): Approval;
  /** Calls back with how many are open in a session, whenever that changes. */
  watchOpen(listener: (sessionId: SessionId, open: number) => void): () => void;
  /** Closes without an answer what is open in a session, or in one turn of it. */
  voidAll(sessionId: SessionId, reason: string, turnId?: TurnId): void;
  /** Closes without an answer what is open under this key, in a session or outside of all. */
  voidKey(sessionId: SessionId | null, key: string, reason: string): void;
  rules(workspaceId: WorkspaceId): ApprovalRule[];
  removeRule(workspaceId: WorkspaceId, ruleId: string): void;
  defaultPolicy(): ApprovalPolicy;
  setDefaultPolicy(policy: ApprovalPolicy): void;
  /** Resolves waiting questions as `void` and leaves their rows open for the next start. */
  close(): void;
}
