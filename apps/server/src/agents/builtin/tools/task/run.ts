import { newId } from '@farhand/shared/model/ids';
import type { AgentTurn } from '../../../agent.ts';
import { untilInterrupted } from '../../interrupted.ts';
import { modeOf } from '../../modes.ts';
import type { SubAgentResult, SubAgentSpec, SubAgents } from '../../sub-agents.ts';
import type { TurnSetup } from '../../turn-setup.ts';
import { cutMiddle } from '../cut.ts';
import { type Tool, type ToolContext, ToolFailure, type ToolResult } from '../tool.ts';
import { isWithin } from '../toolbox.ts';
import { commitsSince, headOf } from './commits.ts';
import { type TaskInput, taskInput } from './schema.ts';

/** Of the sub-agent's last words, in characters. */
const KEPT = { head: 12 * 1024, tail: 4 * 1024 };
const MOST_LISTED = 100;

interface TaskDeps {
  readonly turn: AgentTurn;
  readonly subAgents: SubAgents;
  readonly setup: Pick<TurnSetup, 'effort' | 'profile' | 'profiles'>;
}

/** A sub-agent with a session of its own does a part of the work; its last words are the result. */
export function task({ turn, subAgents, setup }: TaskDeps): Tool<TaskInput> {
  return {
    name: 'task',
    description: describe(setup, subAgents),
    input: taskInput,
    // It works in its own session, which is found again: running the call again waits for it.
    effect: 'read',
    use: 'look',
    title: ({ description }) => description,
    preview: ({ prompt }) => ({ kind: 'markdown', text: prompt }),
    async run(input, context) {
      const { call } = context;
      const child = call.childSessionId ?? newId('session');
      // One that is under way goes on, whatever has changed since.
      if (!call.childSessionId) check(input, { turn, subAgents, setup });
      const base = await baseCommit(context);
      // Stored before it is made, so that a restarted server finds it.
      if (!call.childSessionId) call.setChild(child);
      try {
        await untilInterrupted(turn.signal, () =>
          subAgents.start(child, specOf(input, { turn, subAgents, setup }), turn.signal),
        );
        const result = await untilInterrupted(turn.signal, () => subAgents.result(child, turn.signal));
        return await told(result, base, context);
      } catch (thrown) {
        // The server's close leaves it as it is: the next start waits for it again.
        if (turn.signal.reason !== 'close') await subAgents.stop(child);
        throw thrown;
      }
    },
  };
}

function describe({ profiles }: Pick<TurnSetup, 'profiles'>, { canIsolate }: SubAgents): string {
  const known = profiles.map(({ id, description }) => `${id}${description ? ` (${description})` : ''}`);
  return [
    'Lets a sub-agent with a context of its own do one part of the work, and gives its last message.',
    'Use it for searches that read much and for parts that do not depend on one another; several calls in one answer run together.',
    canIsolate ? '' : 'Isolated is not possible here.',
    known.length > 0 ? `Profiles: ${known.join('; ').slice(0, 4000)}.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

function check({ profile, isolated }: TaskInput, { turn, subAgents, setup }: TaskDeps): void {
  const wanted = setup.profiles.find(({ id }) => id === profile);
  if (profile !== undefined && !wanted) {
    const known = setup.profiles.map(({ id }) => id).join(', ') || 'there are none';
    throw new ToolFailure(`There is no profile “${profile}”. Profiles: ${known}.`);
  }
  const limits = setup.profile?.tools;
  if (wanted && limits && !isWithin(wanted.tools, limits))
    throw new ToolFailure(
      `The profile “${profile}” allows tools that your own profile “${setup.profile?.id}” does not. Leave it out, or choose another one.`,
    );
  if (isolated && modeOf(turn.controls.get()) === 'plan')
    throw new ToolFailure(
      'Plan mode only reads, and a fork of the workspace is something new: leave out isolated.',
    );
  if (isolated && !subAgents.canIsolate) throw new ToolFailure('No fork of the workspace can be made here.');
}

function specOf(
  { description, prompt, profile, isolated = false }: TaskInput,
  { turn, setup }: TaskDeps,
): SubAgentSpec {
  return {
    parent: turn.sessionId,
    description,
    prompt,
    // What limits this agent limits those that it begins.
    profile: profile ?? (setup.profile?.tools ? setup.profile.id : null),
    isIsolated: isolated,
    mode: modeOf(turn.controls.get()),
    model: turn.model,
    effort: setup.effort,
  };
}

// Where the workspace stood when the call began: kept in what the call shows, for a restart.
async function baseCommit(context: ToolContext): Promise<string | null> {
  const { call } = context;
  const kept = /^Begins at commit ([0-9a-f]{40,64})\.$/m.exec(call.shownOutput)?.[1];
  if (kept || call.childSessionId) return kept ?? null;
  const head = await headOf(context);
  if (head) call.output(`Begins at commit ${head}.\n`);
  return head;
}

async function told(
  { text, state, files, directory, workspace }: SubAgentResult,
  base: string | null,
  context: ToolContext,
): Promise<ToolResult> {
  const commits = base && directory ? await commitsSince(base, { ...context, directory }) : [];
  const parts = [
    STATE_TEXT[state],
    cutMiddle(text, KEPT, (omitted) => `[… ${omitted} characters left out …]`),
    workspace === null
      ? ''
      : `It worked in the fork “${workspace}” (${directory}); its changes are only there.`,
    list('Files that it changed', files),
    list('Commits since it began', commits),
  ];
  return { text: parts.filter(Boolean).join('\n\n'), state: state === 'done' ? 'done' : 'failed' };
}

const STATE_TEXT: Readonly<Record<SubAgentResult['state'], string>> = {
  done: '',
  failed: 'The sub-agent failed.',
  stopped: 'The sub-agent was stopped before it was done.',
};

function list(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  const more = lines.length > MOST_LISTED ? [`… and ${lines.length - MOST_LISTED} more`] : [];
  const shown = [...lines.slice(0, MOST_LISTED), ...more];
  return [`${title}:`, ...shown.map((line) => `- ${line}`)].join('\n');
}
