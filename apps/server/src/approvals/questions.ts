import { FarhandError } from '@farhand/shared/errors/farhand-error';
import {
  type Approval,
  type ApprovalDecision,
  type ApprovalSubject,
  approvalSubject,
} from '@farhand/shared/model/approvals';
import { newId } from '@farhand/shared/model/ids';
import type { ApprovalRequest } from '../agents/agent.ts';
import { redactDeep } from '../agents/builtin/redact.ts';
import type { Redactor } from '../secrets/redactor.ts';
import { hashOf, type Shown } from './approval-hash.ts';
import type { AgentAsker, ProgramAsker, ProgramRequest } from './approvals.ts';
import { patternOf } from './policy/patterns.ts';
import { isAlwaysAsked } from './policy/policy.ts';

/** Beyond this nobody reads it, and it is not sent to every page. */
const LARGEST_SUBJECT = 1024 * 1024;
const LONGEST_TITLE = 300;
/** Words of a form that its agent compares. */
const KEPT: ReadonlySet<string> = new Set(['kind', 'name', 'value']);

/** The question that an agent's request makes, not stored yet. Secrets in it are covered, whoever asks. */
export function questionOf(
  { session, workspace }: AgentAsker,
  request: ApprovalRequest,
  redactor: Redactor,
): Approval {
  const subject = covered(request.subject, redactor);
  const asker = {
    sessionId: session.id,
    workspaceId: workspace.id,
    hostId: workspace.hostId,
    turnId: request.turnId,
    agent: session.agent,
    by: { kind: 'agent' as const, name: session.agent },
    itemId: request.itemId,
  };
  const answers = {
    pattern: isAlwaysAsked(subject) ? null : patternOf(subject),
    canEdit: request.canEdit && subject.kind === 'command',
    canAllowSession: (request.canAllowSession ?? true) && !isAlwaysAsked(subject),
  };
  return newQuestion({ ...request, subject }, { ...asker, ...answers }, redactor);
}

/** The same of a program's request: it can be allowed once, or denied. */
export function programQuestionOf(
  { by, hostId, workspace, forSession }: ProgramAsker,
  request: ProgramRequest,
  redactor: Redactor,
): Approval {
  const asker = {
    sessionId: forSession,
    workspaceId: workspace?.id ?? null,
    hostId,
    turnId: null,
    agent: null,
    by,
    itemId: null,
  };
  const answers = { pattern: null, canEdit: false, canAllowSession: false };
  const subject = covered(request.subject, redactor);
  return newQuestion({ ...request, subject }, { ...asker, ...answers }, redactor);
}

const covered = (subject: ApprovalSubject, redactor: Redactor): ApprovalSubject =>
  redactDeep(approvalSubject.parse(subject), redactor, KEPT);

type Asking = Omit<Shown, 'title' | 'cwd' | 'subject'> & Pick<Approval, 'itemId'>;

function newQuestion(
  { title, cwd, subject, why: given }: Pick<ApprovalRequest, 'title' | 'cwd' | 'subject' | 'why'>,
  { itemId, ...asking }: Asking,
  redactor: Redactor,
): Approval {
  const shown = {
    ...asking,
    title: redactor.text(title.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')).slice(0, LONGEST_TITLE),
    cwd,
    subject,
  };
  const why = given === undefined ? null : redactor.text(given).slice(0, LONGEST_TITLE);
  return {
    ...shown,
    id: newId('approval'),
    itemId,
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
    message: 'What is asked about is too large to be shown, so nobody can be asked.',
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
