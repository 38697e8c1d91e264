import { newId } from '@farhand/shared/model/ids';
import type { ToolCallItem } from '@farhand/shared/model/transcripts';
import type { ResolvedModel } from '../../models/models.ts';
import type { AgentTurn, TurnOutcome } from '../agent.ts';
import { AnswerItems, newCallItem, shownCall } from './answer-items.ts';
import type { Conversation } from './conversation.ts';
import { Interrupted, throwIfInterrupted } from './interrupted.ts';
import type { ToolMessage, ToolRequest } from './messages.ts';
import type { Effort } from './model/effort.ts';
import { askUntilAnswered, type ModelTiming } from './model/retry.ts';
import { type Answer, askOnce } from './model/step.ts';
import { redactDeep } from './redact.ts';
import { runCall } from './run-call.ts';
import type { SteadyHost } from './steady-host.ts';
import type { BackgroundStart } from './tools/tool.ts';
import type { Toolbox } from './tools/toolbox.ts';
import type { Upkeep } from './upkeep.ts';

/** A turn that asks the model more often than this goes in circles. */
export const MOST_STEPS = 200;
/** Reads of one answer that run at the same time. */
const MOST_AT_ONCE = 8;

export interface LoopOptions {
  readonly turn: AgentTurn;
  readonly conversation: Conversation;
  readonly model: ResolvedModel;
  readonly host: SteadyHost;
  readonly toolbox: Toolbox;
  /** As of now: it says the mode, which can change within the turn. */
  readonly system: () => string;
  readonly effort: Effort;
  readonly timing: ModelTiming;
  readonly upkeep: Upkeep;
  readonly onBackground: (job: BackgroundStart) => void;
  /** How often the model is asked in one turn before it is stopped. */
  readonly mostSteps: number;
}

/**
 * Asks the model and runs its calls until it asks for none. Every message is stored before it is acted on, so the same
 * loop begins a turn and goes on with one. Throws `Interrupted` and `FarhandError`.
 */
export async function runLoop(options: LoopOptions): Promise<TurnOutcome> {
  const { conversation, turn } = options;
  const known: KnownCalls = { originals: new Map(), items: new Map() };
  // Only a turn that is taken up again has calls from before; a long transcript takes a while to read.
  for (const item of conversation.openCalls.length > 0 ? turn.readItems() : []) {
    if (item.kind === 'tool_call' && item.turnId === turn.turnId) known.items.set(item.callId, item);
  }
  for (;;) {
    const calls = conversation.openCalls;
    if (calls.length > 0) await runCalls(options, calls, known);
    throwIfInterrupted(turn.signal);
    if (conversation.isAnswered) return { kind: 'done' };
    if (conversation.answers.length >= options.mostSteps) {
      notice(
        turn,
        `The agent was stopped after ${options.mostSteps} steps without coming to an end. Send a message to go on.`,
      );
      return { kind: 'stopped' };
    }
    const ended = await options.upkeep.beforeRequest();
    if (ended) return ended;
    const isEmpty = await ask(options, known);
    if (isEmpty) return { kind: 'done' };
  }
}

interface KnownCalls {
  /** Arguments as the model gave them: only kept in memory, for they may hold a secret. */
  readonly originals: Map<string, unknown>;
  readonly items: Map<string, ToolCallItem>;
}

// True for an answer with nothing in it.
async function ask(options: LoopOptions, { originals, items }: KnownCalls): Promise<boolean> {
  const { turn, model, timing, conversation, upkeep } = options;
  const answered = await upkeep.withRoom(() =>
    askUntilAnswered({
      ask: () => askAndShow(options),
      onRetry: turn.reports.retrying,
      signal: turn.signal,
      timing,
      gate: model.gate,
    }),
  );
  const { answer, shown } = answered;
  const redactor = turn.secrets.redactor();
  turn.reports.used(answer.usage, upkeep.costOf(answer.usage));
  for (const item of shown.keep(answer.calls)) items.set(item.callId, item);
  for (const { callId, input } of answer.calls) originals.set(callId, input);
  if (answer.end === 'length') notice(turn, 'The answer was cut at the model’s output limit.');
  if (answer.end === 'filtered') notice(turn, 'The provider held back a part of the answer.');
  const { text, calls, native } = redactDeep(
    { text: answer.text, calls: answer.calls, native: answer.native },
    redactor,
  );
  if (text === '' && calls.length === 0) return true;
  conversation.add({
    role: 'assistant',
    text,
    calls: [...calls],
    native,
    provider: model.kind,
    usage: answer.usage,
    items: shown.ids,
  });
  upkeep.answered();
  return false;
}

async function askAndShow({
  turn,
  conversation,
  model,
  toolbox,
  system,
  effort,
  timing,
}: LoopOptions): Promise<{ answer: Answer; shown: AnswerItems }> {
  const shown = new AnswerItems({
    turnId: turn.turnId,
    writer: turn.transcript,
    redactor: turn.secrets.redactor(),
    toolbox,
  });
  try {
    const { messages, callIds } = conversation;
    const { signal } = turn;
    const answer = await askOnce({
      model,
      system: system(),
      effort,
      messages,
      callIds,
      tools: toolbox.offered(),
      sink: shown,
      signal,
      stallMs: timing.stallMs,
    });
    return { answer, shown };
  } catch (thrown) {
    if (thrown instanceof Interrupted && thrown.reason === 'stop')
      keepPartial({ shown, conversation, model });
    // A closing server leaves the rest to the next start, which discards it.
    else if (!(thrown instanceof Interrupted)) shown.discard();
    throw thrown;
  }
}

function keepPartial({
  shown,
  conversation,
  model,
}: {
  shown: AnswerItems;
  conversation: Conversation;
  model: ResolvedModel;
}): void {
  shown.keepText();
  const text = shown.shownText;
  if (text === '') return;
  conversation.add({
    role: 'assistant',
    text,
    calls: [],
    native: null,
    provider: model.kind,
    items: shown.ids,
  });
}

async function runCalls(
  options: LoopOptions,
  calls: readonly ToolRequest[],
  { originals, items }: KnownCalls,
): Promise<void> {
  const { turn, host, toolbox, conversation, onBackground } = options;
  const run = (request: ToolRequest): Promise<ToolMessage> => {
    const item = items.get(request.callId) ?? lostItem(options, request);
    const original = originals.get(request.callId);
    return runCall({ turn, host, toolbox, onBackground, request, original, item });
  };
  for (const group of groupReads(calls, toolbox)) {
    for (const result of await Promise.all(group.map(run))) conversation.add(result);
    turn.transcript.flush();
  }
}

function lostItem({ turn, toolbox }: LoopOptions, request: ToolRequest): ToolCallItem {
  const { tool, callId } = request;
  const shown = shownCall(request, { redactor: turn.secrets.redactor(), toolbox });
  return { ...newCallItem(turn.turnId, callId), tool, ...shown };
}

// Calls in their order, neighbours that only read together.
function groupReads(calls: readonly ToolRequest[], toolbox: Toolbox): ToolRequest[][] {
  const groups: ToolRequest[][] = [];
  let wasRead = false;
  for (const call of calls) {
    const isRead = toolbox.named(call.tool)?.effect === 'read';
    const last = groups.at(-1);
    if (last && isRead && wasRead && last.length < MOST_AT_ONCE) last.push(call);
    else groups.push([call]);
    wasRead = isRead;
  }
  return groups;
}

function notice({ turnId, transcript }: AgentTurn, text: string): void {
  transcript.put({
    id: newId('item'),
    turnId,
    at: new Date().toISOString(),
    kind: 'notice',
    level: 'warning',
    text,
  });
}
