import { createHash } from 'node:crypto';
import type { Approval } from '@farhand/shared/model/approvals';

/** What a person is shown of a question before it is made, and what it belongs to. */
export type Shown = Pick<
  Approval,
  | 'sessionId'
  | 'workspaceId'
  | 'hostId'
  | 'turnId'
  | 'agent'
  | 'by'
  | 'title'
  | 'cwd'
  | 'subject'
  | 'pattern'
  | 'canEdit'
  | 'canAllowSession'
>;

/**
 * SHA-256, as hex. The turn is in it, so that an answer never counts for a later turn whose calls are numbered alike. The
 * policy's reason is not: a policy that was changed in between asks nothing else.
 */
export function hashOf(shown: Shown, agentsWhy: string | null): string {
  const { sessionId, workspaceId, hostId, turnId, agent, by, title, cwd, subject } = shown;
  const { pattern, canEdit, canAllowSession } = shown;
  const place = [sessionId, workspaceId, hostId, turnId, agent, cwd];
  const whole = [...place, title, subject, pattern, canEdit, canAllowSession, agentsWhy];
  // An agent is in it already, and what was asked before others could ask keeps its hash.
  const text = JSON.stringify(agent === null ? [...whole, by.kind, by.name] : whole);
  return createHash('sha256').update(text).digest('hex');
}
