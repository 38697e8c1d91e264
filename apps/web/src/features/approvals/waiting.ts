import type { Approval } from '@farhand/shared/model/approvals';
import type { SessionId } from '@farhand/shared/model/ids';
import type { Session } from '@farhand/shared/model/sessions';

interface Known {
  readonly approvals: Readonly<Record<string, Approval>>;
  readonly sessions: Readonly<Record<string, Session>>;
}

// Sub-agents of sub-agents; a chain that is longer, or bites its tail, is not followed.
const DEEPEST = 8;

/** What waits for an answer in a session or in a sub-agent that works for it, oldest first. */
export function openApprovals({ approvals, sessions }: Known, sessionId: SessionId): readonly Approval[] {
  return Object.values(approvals)
    .filter((approval) => approval.decision === null && worksFor(sessions, approval.sessionId, sessionId))
    .toSorted((a, b) => a.askedAt.localeCompare(b.askedAt) || a.id.localeCompare(b.id));
}

function worksFor(sessions: Known['sessions'], from: SessionId | null, sessionId: SessionId): boolean {
  let id: SessionId | undefined = from ?? undefined;
  for (let depth = 0; id && depth < DEEPEST; depth += 1) {
    if (id === sessionId) return true;
    const parent: Session['parent'] | undefined = sessions[id]?.parent;
    id = parent?.kind === 'subagent' ? parent.sessionId : undefined;
  }
  return false;
}
