import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ToolCallItem } from '@farhand/shared/model/transcripts';
import type { Redactor } from '../../secrets/redactor.ts';
import type { AgentTurn } from '../agent.ts';
import { CallItem } from './call-item.ts';
import { Interrupted, throwIfInterrupted } from './interrupted.ts';
import type { ToolMessage, ToolRequest } from './messages.ts';
import { isRedacted, redactDeep } from './redact.ts';
import type { SteadyHost } from './steady-host.ts';
import { type AnyTool, type PreparedCall, ToolFailure, type ToolResult } from './tools/tool.ts';
import { toolNamed } from './tools/tools.ts';

/** Told to the model of a call that was running when the server ended. */
const UNSURE =
  'The server restarted while this ran; it may or may not have taken effect. Look before you do it again.';
/** Told of a call whose arguments were only kept with a secret left out. */
const NOT_RUN =
  'The server restarted before this ran, and its arguments held a secret that is not kept. It was not run.';
const STOPPED = 'The user stopped the turn before this ran to its end.';

interface CallRun {
  readonly turn: AgentTurn;
  readonly host: SteadyHost;
  /** The call as it is stored. */
  readonly request: ToolRequest;
  /** The arguments as the model gave them; undefined after a restart, when only the stored ones are left. */
  readonly original: unknown;
  readonly item: ToolCallItem;
}

/**
 * Runs one tool call and shows it; gives what the model is told. A person's stop gives a result too; throws
 * `Interrupted` only where the server closes.
 */
export async function runCall(run: CallRun): Promise<ToolMessage> {
  const { turn, request, item } = run;
  const redactor = turn.secrets.redactor();
  const live = new CallItem(turn.transcript, item);
  let result: ToolResult;
  try {
    result = redactDeep(await attempt(run, live), redactor);
  } catch (thrown) {
    live.dispose();
    if (!(thrown instanceof Interrupted)) throw thrown;
    if (thrown.reason === 'close') throw thrown;
    result = { text: STOPPED, state: 'stopped' };
  }
  const tool = toolNamed(request.tool);
  if (tool && tool.effect !== 'read') turn.reports.filesChanged();
  return finish(live, { request, result, redactor });
}

async function attempt(run: CallRun, live: CallItem): Promise<ToolResult> {
  const { turn, host, request, original, item } = run;
  const checked = check(request, original);
  if ('refused' in checked) return { text: checked.refused, state: 'failed' };
  const { tool, prepared } = checked;
  // One that has a job on the host is stopped by its tool, for the job has to be ended.
  if (item.jobId === null) throwIfInterrupted(turn.signal);
  const wasRunning = item.state === 'running';
  if (wasRunning && tool.effect === 'change') return { text: UNSURE, state: 'failed' };
  const isKeptWhole = original !== undefined || item.jobId !== null || !isRedacted(request.input);
  if (!isKeptWhole) return { text: NOT_RUN, state: 'failed' };
  if (!wasRunning) live.update({ state: 'running', startedAt: new Date().toISOString() });
  turn.transcript.flush();
  const { workspaceId, directory } = turn.place;
  try {
    return await prepared.run({ workspaceId, directory, host, secrets: turn.secrets, call: live });
  } catch (thrown) {
    return failed(thrown);
  }
}

function check(
  request: ToolRequest,
  original: unknown,
): { refused: string } | { tool: AnyTool; prepared: PreparedCall } {
  const tool = toolNamed(request.tool);
  if (!tool) return { refused: `There is no tool “${request.tool}”.` };
  if (request.problem !== null) return { refused: `${request.problem} The call was not run.` };
  const prepared = tool.prepare(original ?? request.input);
  if (typeof prepared === 'object') return { tool, prepared };
  return { refused: `The arguments do not fit, so the call was not run.\n${prepared}` };
}

// What a tool says went wrong is for the model; a fault of ours ends the turn.
function failed(thrown: unknown): ToolResult {
  if (thrown instanceof ToolFailure) return { text: thrown.message, state: 'failed' };
  if (!FarhandError.is(thrown) || thrown.code === 'internal.unexpected') throw thrown;
  return { text: [thrown.message, thrown.hint].filter(Boolean).join(' '), state: 'failed' };
}

interface Finished {
  readonly request: ToolRequest;
  readonly result: ToolResult;
  readonly redactor: Redactor;
}

function finish(live: CallItem, { request, result, redactor }: Finished): ToolMessage {
  const { text, images = [], view, exit = null, state = 'done' } = result;
  live.end({ state, exit, result: text, ...(view ? { view } : {}) });
  const { callId, tool } = request;
  return {
    role: 'tool',
    callId,
    tool: redactor.text(tool),
    text,
    isFailure: state !== 'done',
    images: [...images],
  };
}
