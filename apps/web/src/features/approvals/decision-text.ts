import type { Approval, ApprovalDecision } from '@farhand/shared/model/approvals';

/** A decision in a few words, how it is drawn, and what is worth a second line. */
export interface DecisionText {
  readonly text: string;
  readonly tone: 'allowed' | 'denied' | 'void';
  /** The reason that the agent got, or the command that ran instead. */
  readonly detail: string | null;
}

const SCOPES: Readonly<Record<Extract<ApprovalDecision, { kind: 'allowed' }>['scope'], string>> = {
  once: 'Allowed once',
  session: 'Allowed for this session',
  always: 'Always allowed',
  policy: 'Allowed by the policy',
  rule: 'Allowed by a rule',
};

/** What was decided; `subject` says what about, for a plan is accepted and not allowed. */
export function decisionText(
  decision: ApprovalDecision,
  subject: Approval['subject']['kind'] = 'command',
): DecisionText {
  switch (decision.kind) {
    case 'allowed':
      return {
        text:
          decision.command === null ? allowedWord(subject, decision.scope) : 'Allowed with another command',
        tone: 'allowed',
        detail: decision.command,
      };
    case 'denied':
      return {
        text: subject === 'plan' ? 'Plan refused' : 'Denied',
        tone: 'denied',
        detail: decision.reason,
      };
    case 'answered':
      return { text: 'Answered', tone: 'allowed', detail: null };
    case 'void':
      return { text: 'Not decided', tone: 'void', detail: decision.reason };
  }
}

function allowedWord(
  subject: Approval['subject']['kind'],
  scope: Extract<ApprovalDecision, { kind: 'allowed' }>['scope'],
): string {
  if (scope === 'once' && subject === 'plan') return 'Plan accepted';
  if (scope === 'once' && subject === 'budget') return 'Went on over the budget';
  return SCOPES[scope];
}

const DECIDERS: Readonly<Record<string, string>> = { page: 'page', cli: 'command line' };

/** Who decided and when, as `page · 14:31`; empty where neither is known. */
export function deciderText(decidedBy: string | null, decidedAt: string | null): string {
  const who = decidedBy === null ? null : (DECIDERS[decidedBy] ?? decidedBy);
  return [who, decidedAt === null ? null : clockText(decidedAt)].filter((part) => part !== null).join(' · ');
}

/** `14:31` of an ISO time, in this browser's zone. */
export function clockText(at: string): string {
  const time = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(time.getHours())}:${two(time.getMinutes())}`;
}
