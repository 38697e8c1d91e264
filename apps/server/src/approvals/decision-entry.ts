import type { Approval, ApprovalDecision } from '@farhand/shared/model/approvals';
import type { Actor } from '@farhand/shared/model/audit';
import type { AuditEntry } from '../audit/audit.ts';

/** Who decided, as it is stored with the question: `page`, `cli`, or `token deploy-bot`. */
export const deciderName = ({ kind, name }: Actor): string => (name === null ? kind : `${kind} ${name}`);

/** What is on record of a decision; `by` is who decided, or where a rule did, who asked. */
export function decisionEntry(value: Approval, by: Actor, rule: string | null = null): AuditEntry {
  const { id, hash, title, subject, cwd, hostId, workspaceId, sessionId, decision } = value;
  const isAsked = rule === null && value.decidedAt !== null;
  return {
    kind: 'decision',
    actor: by,
    hostId,
    workspaceId,
    sessionId,
    summary: `${wordOf(decision)}: ${title}`,
    facts: {
      approvalId: isAsked ? id : null,
      hash,
      decision: decision?.kind ?? null,
      scope: decision?.kind === 'allowed' ? decision.scope : null,
      rule,
      ...(decision?.kind === 'void' && { reason: decision.reason }),
      subject: subject.kind,
      command: subject.kind === 'command' ? editedOr(decision, subject.command) : null,
      cwd,
      askedBy: { ...value.by },
    },
    output: null,
  };
}

const wordOf = (decision: ApprovalDecision | null): string =>
  decision === null ? 'asked' : decision.kind === 'void' ? 'not decided' : decision.kind;

const editedOr = (decision: ApprovalDecision | null, command: string): string =>
  decision?.kind === 'allowed' && decision.command !== null ? decision.command : command;
