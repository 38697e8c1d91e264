import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ToolCallItem } from '@farhand/shared/model/transcripts';
import type { Redactor } from '../../secrets/redactor.ts';
import type { AgentTurn } from '../agent.ts';
import { shownCall } from './answer-items.ts';
import { askFirst, editedText, withCommand } from './asking/ask-first.ts';
import { CallItem } from './call-item.ts';
import { Interrupted, throwIfInterrupted } from './interrupted.ts';
import type { ToolMessage, ToolRequest } from './messages.ts';
import { proposeCall } from './propose-call.ts';
import { isRedacted, redactDeep } from './redact.ts';
import type { SteadyHost } from './steady-host.ts';
import {
  type AnyTool,
  type PreparedCall,
  type ToolContext,
  ToolFailure,
  type ToolResult,
} from './tools/tool.ts';
import type { Toolbox } from './tools/toolbox.ts';

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
  readonly toolbox: Toolbox;
  readonly onBackground?: ToolContext['onBackground'];
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
  const { turn, toolbox, request, item } = run;
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
  const tool = toolbox.named(request.tool);
  if (tool && tool.effect !== 'read') turn.reports.filesChanged();
  return finish(live, { request, result, redactor });
}

async function attempt(run: CallRun, live: CallItem): Promise<ToolResult> {
  const { turn, host, toolbox, request, original, item } = run;
  const checked = check(run);
  if ('refused' in checked) return { text: checked.refused, state: 'failed' };
  const { tool, prepared } = checked;
  // One that has a job on the host is stopped by its tool, for the job has to be ended.
  if (item.jobId === null) throwIfInterrupted(turn.signal);
  const wasRunning = item.state === 'running';
  if (wasRunning && tool.effect === 'change') return { text: UNSURE, state: 'failed' };
  const isElsewhere = item.jobId !== null || item.childSessionId !== undefined;
  // A plan is only shown, and that without secrets in any case.
  const isKeptWhole =
    original !== undefined || isElsewhere || tool.use === 'plan' || !isRedacted(request.input);
  if (!isKeptWhole) return { text: NOT_RUN, state: 'failed' };
  const { workspaceId, directory } = turn.place;
  const background = run.onBackground ? { onBackground: run.onBackground } : {};
  const { secrets, asides } = turn;
  const context = { workspaceId, directory, host, secrets, asides, call: live, ...background };
  try {
    const input = original ?? request.input;
    const { dryRun } = turn;
    if (!wasRunning && dryRun?.isOn())
      return await proposeCall(
        {
          turn,
          dryRun,
          callId: request.callId,
          tool,
          prepared,
          input,
          onProposed: (proposal) => live.update({ proposal }),
        },
        context,
      );
    if (wasRunning) return await runEdited(run, context, editedBefore(run), { tool, prepared });
    const allowed = await askFirst({ turn, tool, item, input, context });
    const edited = allowed.isEdited ? allowed.input : null;
    const shown =
      edited === null
        ? {}
        : shownCall({ ...request, input: edited }, { redactor: turn.secrets.redactor(), toolbox });
    live.update({ ...shown, state: 'running', startedAt: new Date().toISOString() });
    turn.transcript.flush();
    const { allowedBy } = allowed;
    const allowedContext = allowedBy ? { ...context, allowedBy } : context;
    return await runEdited(run, allowedContext, edited, { tool, prepared });
  } catch (thrown) {
    return failed(thrown);
  }
}

// With the arguments that a person edited, where there are such, and then the model is told of it.
async function runEdited(
  { turn }: CallRun,
  context: ToolContext,
  edited: unknown,
  { tool, prepared }: { tool: AnyTool; prepared: PreparedCall },
): Promise<ToolResult> {
  turn.transcript.flush();
  if (edited === null) return await prepared.run(context);
  const changed = tool.prepare(edited);
  if (typeof changed === 'string')
    throw new ToolFailure(`The user edited the command, and it does not fit, so it was not run.\n${changed}`);
  const result = await changed.run(context);
  const view = changed.preview;
  const command = view?.kind === 'command' ? view.command : '';
  return { ...result, text: editedText(command) + result.text };
}

// After a restart the item says what was begun: a command that a person edited stands in its view.
function editedBefore({ turn, request, item }: CallRun): unknown {
  if (request.tool !== 'bash' || item.view?.kind !== 'command') return null;
  const { command } = item.view;
  const asked = shownCommand(request.input);
  const isSame = asked === null || turn.secrets.redactor().text(asked) === command || isRedacted(command);
  return isSame ? null : withCommand(request.input, command);
}

function shownCommand(input: unknown): string | null {
  if (typeof input !== 'object' || input === null || !('command' in input)) return null;
  return typeof input.command === 'string' ? input.command : null;
}

function check({
  toolbox,
  request,
  original,
  item,
}: CallRun): { refused: string } | { tool: AnyTool; prepared: PreparedCall } {
  const tool = toolbox.named(request.tool);
  if (!tool) return { refused: `There is no tool “${request.tool}”.` };
  // One that began when it was allowed may come to its end.
  const refusal = item.state === 'running' ? null : toolbox.refusal(request.tool);
  if (refusal !== null) return { refused: refusal };
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
