import type { ApprovalDecision } from '@farhand/shared/model/approvals';
import type { ToolCallItem } from '@farhand/shared/model/transcripts';
import type { JobSpec } from '@farhand/shared/runtime/port';
import type { AgentTurn } from '../../agent.ts';
import { throwIfInterrupted } from '../interrupted.ts';
import { bashInput } from '../tools/bash/schema.ts';
import { type AnyTool, type ToolContext, ToolFailure } from '../tools/tool.ts';
import { type CallSubject, callSubject } from './call-subject.ts';

/** A file that changes this often while a person decides will not hold still. */
const MOST_QUESTIONS = 20;

interface Asked {
  readonly turn: AgentTurn;
  readonly tool: AnyTool;
  readonly item: Pick<ToolCallItem, 'id' | 'callId'>;
  /** What the tool is given, as it will be. */
  readonly input: unknown;
  readonly context: ToolContext;
}

/** The input with which the call may run; `isEdited` where a person wrote another command. */
interface Allowed {
  readonly input: unknown;
  readonly isEdited: boolean;
  /** By whose word. */
  readonly allowedBy: JobSpec['allowedBy'];
}

/**
 * Asks before a call runs, where its tool changes something. Throws `ToolFailure` with what the model is told where it
 * may not run, `Interrupted`, and what the tool itself throws where the call cannot work.
 */
export async function askFirst(asked: Asked): Promise<Allowed> {
  const { turn, tool, input, context } = asked;
  let shown = await callSubject(tool, input, context);
  for (let count = 0; count < MOST_QUESTIONS; count += 1) {
    if (shown === null) return { input, isEdited: false, allowedBy: undefined };
    const decision = await ask(asked, shown);
    throwIfInterrupted(turn.signal);
    if (decision.kind !== 'allowed') throw new ToolFailure(refusalOf(decision));
    const { approvalId = null, rule = null } = decision;
    const allowedBy = { approvalId, rule };
    if (decision.command !== null)
      return { input: withCommand(input, decision.command), isEdited: true, allowedBy };
    if (shown.subject.kind !== 'edit') return { input, isEdited: false, allowedBy };
    const now = await callSubject(tool, input, context);
    if (JSON.stringify(now) === JSON.stringify(shown)) return { input, isEdited: false, allowedBy };
    // The file has changed since: a yes to the other diff is no yes to this one.
    shown = now;
  }
  throw new ToolFailure('The file kept changing while the user was asked. It was not changed.');
}

/** The same arguments with another command. Throws `ToolFailure` where the tool takes none. */
export function withCommand(input: unknown, command: string): unknown {
  const parsed = bashInput.safeParse(input);
  if (!parsed.success) throw new ToolFailure('The edited command could not be taken. It was not run.');
  // What the model said that its own command does may not hold for this one.
  const { description: _, ...rest } = parsed.data;
  return { ...rest, command };
}

/** Told to the model before what an edited command gave. */
export const editedText = (command: string): string =>
  `The user edited the command before it ran. What ran is:\n${command}\n\nWhat it gave:\n`;

function ask({ turn, item, context }: Asked, shown: CallSubject): Promise<ApprovalDecision> {
  const redactor = turn.secrets.redactor();
  const { subject, title, effect, paths, canEdit } = shown;
  const request = {
    key: item.callId,
    turnId: turn.turnId,
    itemId: item.id,
    title: redactor.text(title),
    cwd: context.directory,
    // Redacted where it is stored, too; here so that no other reader can forget it.
    subject: coveredSubject(subject, redactor.text),
    effect,
    paths,
    canEdit,
  };
  return turn.approvals.ask(request, turn.signal);
}

function coveredSubject(
  subject: CallSubject['subject'],
  cover: (text: string) => string,
): CallSubject['subject'] {
  if (subject.kind === 'command') return { ...subject, command: cover(subject.command) };
  if (subject.kind === 'tool') return { ...subject, input: cover(subject.input) };
  if (subject.kind !== 'edit') return subject;
  const files = subject.files.map(({ path, patch }) => ({ path: cover(path), patch: cover(patch) }));
  return { ...subject, files };
}

function refusalOf(decision: Exclude<ApprovalDecision, { kind: 'allowed' }>): string {
  if (decision.kind === 'denied')
    return decision.reason === null
      ? 'The user denied this, so it was not run. Do not try it in another way; ask what to do instead, or go on without it.'
      : `The user denied this, so it was not run. The user says: ${decision.reason}`;
  const reason = decision.kind === 'void' ? ` (${decision.reason})` : '';
  return `Nobody allowed this${reason}, so it was not run.`;
}
