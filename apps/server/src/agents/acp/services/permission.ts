import type {
  PermissionOption,
  RequestPermissionRequest,
  RequestPermissionResponse,
} from '@agentclientprotocol/sdk';
import type { ApprovalDecision } from '@farhand/shared/model/approvals';
import { proposeAsked } from './dry-run.ts';
import { badRequest } from './errors.ts';
import { isLasting, optionFor } from './permission-options.ts';
import { askedOf } from './permission-subject.ts';
import { decide, type ServiceContext } from './service-context.ts';

/**
 * `session/request_permission`: the question goes to the policy, and by it to a person. “Allow for this session” and
 * “always” stay ours: the agent gets its answer for this one time and asks again the next time, when the policy says yes
 * by itself. So one mechanism holds for all agents, and what was allowed can be taken back. The reason of a denial is in
 * `_meta.reason`; no agent has to read that, so it is also to be told with the next prompt (`takeReasons`).
 */
export async function requestPermission(
  context: ServiceContext,
  { toolCall, options }: RequestPermissionRequest,
  key: string | null,
): Promise<{ response: RequestPermissionResponse; reason: string | null }> {
  const { session, mapper, grants } = context;
  if (context.signal().aborted && context.signal().reason !== 'close')
    return { response: CANCELLED, reason: null };
  mapper.apply({ ...askedCall(toolCall, mapper), sessionUpdate: 'tool_call_update' });
  const { toolCallId } = toolCall;
  const [item, facts] = [mapper.callItem(toolCallId), mapper.callFacts(toolCallId)];
  if (!item || !facts) throw badRequest('There is no such tool call.');
  const asked = askedOf(item, facts, {
    directory: session.place.directory,
    redactor: session.secrets.redactor(),
  });
  const cwd = asked.cwd ?? session.place.directory;
  if (session.dryRun?.isOn()) {
    const text = await proposeAsked(context, session.dryRun, { asked, toolCallId, cwd });
    mapper.apply({ sessionUpdate: 'tool_call_update', toolCallId, status: 'failed' });
    return { response: answerOf({ kind: 'denied', reason: text }, options), reason: text };
  }
  const yes = optionFor(options, true);
  const decision = await decide(context, {
    key: ['permission', toolCallId.slice(0, 200), key],
    itemId: item.id,
    title: item.title,
    cwd,
    subject: asked.subject,
    effect: item.toolKind ?? 'other',
    paths: asked.paths,
    canEdit: false,
    ...(yes && isLasting(yes)
      ? { why: 'The agent offers only a yes that lasts: it will not ask again.' }
      : {}),
  });
  // Not every agent says that a call begins once it may, or has ended where it may not.
  if (decision.kind === 'allowed' || decision.kind === 'denied') {
    const status = decision.kind === 'allowed' ? 'in_progress' : 'failed';
    mapper.apply({ sessionUpdate: 'tool_call_update', toolCallId, status });
  }
  if (decision.kind === 'allowed' && yes) {
    const command = asked.command === null ? null : { text: asked.command, cwd };
    grants.add({ toolCallId, command, edits: asked.edits });
  }
  return { response: answerOf(decision, options), reason: reasonOf(decision) };
}

// The call as the question tells it, which is no news of how far it is. What it says in words of a command is about the
// question, and would stand where the command's output belongs.
function askedCall(
  toolCall: RequestPermissionRequest['toolCall'],
  mapper: ServiceContext['mapper'],
): RequestPermissionRequest['toolCall'] {
  const { status: _, content, ...told } = toolCall;
  const kind = told.kind ?? mapper.callItem(told.toolCallId)?.toolKind;
  const shown = kind === 'execute' ? content?.filter(({ type }) => type !== 'content') : content;
  return shown && shown.length > 0 ? { ...told, content: shown } : told;
}

const CANCELLED: RequestPermissionResponse = { outcome: { outcome: 'cancelled' } };

function answerOf(
  decision: ApprovalDecision,
  options: readonly PermissionOption[],
): RequestPermissionResponse {
  if (decision.kind !== 'allowed' && decision.kind !== 'denied') return CANCELLED;
  const option = optionFor(options, decision.kind === 'allowed');
  const reason = reasonOf(decision);
  const answer: RequestPermissionResponse = option
    ? { outcome: { outcome: 'selected', optionId: option.optionId } }
    : CANCELLED;
  return reason === null ? answer : { ...answer, _meta: { reason } };
}

function reasonOf(decision: ApprovalDecision): string | null {
  return decision.kind === 'denied' ? decision.reason : null;
}
