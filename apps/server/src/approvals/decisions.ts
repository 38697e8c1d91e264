import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Approval, ApprovalDecision } from '@farhand/shared/model/approvals';
import type { ParsedInput } from '@farhand/shared/protocol/calls';
import type { Redactor } from '../secrets/redactor.ts';
import { checkValues } from './form-values.ts';
import { exactPattern } from './policy/policy.ts';
import type { NewRule } from './rule-store.ts';

type Answer = ParsedInput<'approval.decide'>['decision'];

/** What a person's answer to this question means. Throws `request.invalid` where it cannot be given to it. */
export function decisionOf(asked: Approval, answer: Answer, redactor: Redactor): ApprovalDecision {
  if (answer.kind === 'deny') {
    const reason = answer.reason?.trim() ?? '';
    return { kind: 'denied', reason: reason === '' ? null : redactor.text(reason) };
  }
  const { subject } = asked;
  if (answer.kind === 'allow') {
    if (subject.kind === 'form') throw refused('This is a form: fill it in, or deny it.');
    checkScope(asked, answer);
    const command = editedCommand(asked, answer.command, redactor);
    return { kind: 'allowed', scope: answer.scope, command, approvalId: asked.id };
  }
  if (subject.kind !== 'form') throw refused('This is not a form: allow it or deny it.');
  checkValues(subject.fields, answer.values);
  return { kind: 'answered', values: answer.values };
}

/** What to keep of an answer that lasts: exactly the pattern that was shown, and for a session without one just this. */
export function ruleOf(asked: Approval, decision: ApprovalDecision): NewRule | null {
  const { workspaceId, sessionId, pattern } = asked;
  // Outside of a workspace nothing lasts: no pattern is offered, and no session.
  if (decision.kind !== 'allowed' || workspaceId === null) return null;
  if (decision.scope === 'session')
    return { workspaceId, sessionId, pattern: pattern ?? exactPattern(asked) };
  if (decision.scope !== 'always' || pattern === null) return null;
  return { workspaceId, sessionId: null, pattern };
}

function checkScope(asked: Approval, { scope, command }: Extract<Answer, { kind: 'allow' }>): void {
  if (scope === 'once') return;
  if (asked.agent === null) throw refused('No agent asks this, so it can only be allowed once.');
  if (asked.subject.kind === 'plan' || asked.subject.kind === 'budget')
    throw refused('This can only be allowed once.');
  if (!asked.canAllowSession) throw refused('The agent takes no answer here that lasts.');
  if (command !== undefined)
    throw refused('An edited command can only be allowed once: the pattern shown is of the other one.');
  if (scope === 'always' && asked.pattern === null)
    throw refused(
      'No pattern says this, so it cannot be allowed for always: allow it once, or for the session.',
    );
}

function editedCommand(asked: Approval, command: string | undefined, redactor: Redactor): string | null {
  if (command === undefined) return null;
  const { subject, canEdit } = asked;
  if (!canEdit || subject.kind !== 'command') throw refused('This cannot be edited.');
  if (command.trim() === '' || command.includes('\0'))
    throw refused('The edited command is empty or not text.');
  if (command === subject.command) return null;
  // What runs and what is recorded are the same text, and a secret is in no record.
  if (redactor.text(command) !== command)
    throw refused('The edited command holds the value of a secret. Write $ and its name instead.');
  if (/\[secret [A-Za-z_][A-Za-z0-9_]*\]/.test(command))
    throw refused('“[secret …]” stands for a value that is not shown. Write $ and its name instead.');
  return command;
}

const refused = (message: string) => new FarhandError('request.invalid', { message });
