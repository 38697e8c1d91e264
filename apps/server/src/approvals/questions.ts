import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type Approval, type ApprovalDecision, approvalSubject } from '@farhand/shared/model/approvals';
import { newId } from '@farhand/shared/model/ids';
import type { ApprovalRequest } from '../agents/agent.ts';
import { redactDeep } from '../agents/builtin/redact.ts';
import type { Redactor } from '../secrets/redactor.ts';
import { hashOf } from './approval-hash.ts';
import type { Asker } from './approvals.ts';
import { patternOf } from './policy/patterns.ts';
import { isAlwaysAsked } from './policy/policy.ts';

/** Beyond this nobody reads it, and it is not sent to every page. */
const LARGEST_SUBJECT = 1024 * 1024;
const LONGEST_TITLE = 300;
/** Words of a form that its agent compares. */
const KEPT: ReadonlySet<string> = new Set(['kind', 'name', 'value']);

/** The question that a request makes, not stored yet. Secrets in it are covered, whoever asks. */
export function questionOf(
  { session, workspace }: Asker,
  request: ApprovalRequest,
  redactor: Redactor,
): Approval {
  const subject = redactDeep(approvalSubject.parse(request.subject), redactor, KEPT);
  const shown = {
    sessionId: session.id,
    workspaceId: workspace.id,
    hostId: workspace.hostId,
    turnId: request.turnId,
    agent: session.agent,
    title: redactor.text(request.title.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')).slice(0, LONGEST_TITLE),
    cwd: request.cwd,
    subject,
    pattern: isAlwaysAsked(subject) ? null : patternOf(subject),
    canEdit: request.canEdit && subject.kind === 'command',
    canAllowSession: (request.canAllowSession ?? true) && !isAlwaysAsked(subject),
  };
  const why = request.why === undefined ? null : redactor.text(request.why).slice(0, LONGEST_TITLE);
  return {
    ...shown,
    id: newId('approval'),
    itemId: request.itemId,
    why: why ?? '',
    hash: hashOf(shown, why),
    askedAt: new Date().toISOString(),
    decision: null,
    decidedBy: null,
    decidedAt: null,
  };
}

/** Throws `request.too_large` for a subject that nobody could read before answering. */
export function checkSize({ subject }: Approval): void {
  if (JSON.stringify(subject).length <= LARGEST_SUBJECT) return;
  throw new FarhandError('request.too_large', {
    message: 'What the agent asks about is too large to be shown, so nobody can be asked.',
  });
}

/** The question with its answer, of now. */
export function settled(asked: Approval, decision: ApprovalDecision, decidedBy: string | null): Approval {
  return { ...asked, decision, decidedBy, decidedAt: new Date().toISOString() };
}

/** True where two answers say the same, so that the later one lost nothing. */
export function isSameDecision(a: ApprovalDecision | null, b: ApprovalDecision): boolean {
  return a !== null && canonical(a) === canonical(b);
}

// Fields of a form can come in any order.
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, entry: unknown) =>
    typeof entry === 'object' && entry !== null && !Array.isArray(entry)
      ? Object.fromEntries(Object.entries(entry).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : entry,
  );
}
