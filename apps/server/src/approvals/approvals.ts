import type {
  Approval,
  ApprovalDecision,
  ApprovalPolicy,
  ApprovalRule,
} from '@farhand/shared/model/approvals';
import type { SessionId, TurnId, WorkspaceId } from '@farhand/shared/model/ids';
import type { Session } from '@farhand/shared/model/sessions';
import type { Workspace } from '@farhand/shared/model/workspaces';
import type { ParsedInput } from '@farhand/shared/protocol/calls';
import type { ApprovalRequest } from '../agents/agent.ts';
import type { TranscriptWriter } from '../transcripts/transcripts.ts';

/** Who asks, and where its question is shown. */
export interface Asker {
  readonly session: Pick<Session, 'id' | 'agent'>;
  readonly workspace: Pick<Workspace, 'id' | 'hostId' | 'directory' | 'approvalPolicy'>;
  readonly transcript: TranscriptWriter;
}

/** Questions that block agents: durable rows, one answer each, bound to exactly what was shown. */
export interface Approvals {
  /** See `AgentApprovals.ask`. */
  ask(asker: Asker, request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalDecision>;
  /** Open ones of all sessions, oldest first. */
  open(): Approval[];
  /** As the call `approval.list`. */
  list(filter: ParsedInput<'approval.list'>): Approval[];
  /** As the call `approval.decide`; `by` is `page` or `cli`. */
  decide(input: ParsedInput<'approval.decide'>, by: string): Approval;
  /** Calls back with how many are open in a session, whenever that changes. */
  watchOpen(listener: (sessionId: SessionId, open: number) => void): () => void;
  /** Closes without an answer what is open in a session, or in one turn of it. */
  voidAll(sessionId: SessionId, reason: string, turnId?: TurnId): void;
  rules(workspaceId: WorkspaceId): ApprovalRule[];
  removeRule(workspaceId: WorkspaceId, ruleId: string): void;
  defaultPolicy(): ApprovalPolicy;
  setDefaultPolicy(policy: ApprovalPolicy): void;
  /** Resolves waiting questions as `void` and leaves their rows open for the next start. */
  close(): void;
}
