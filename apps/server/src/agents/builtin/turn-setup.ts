import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { newId } from '@farhand/shared/model/ids';
import type { Models, ResolvedModel } from '../../models/models.ts';
import type { AgentTurn } from '../agent.ts';
import type { Command } from './commands/command.ts';
import { expand, readCall } from './commands/expand.ts';
import { chosenEffort, chosenProfile, publishControls } from './controls.ts';
import type { Effort } from './model/effort.ts';
import type { Profile } from './profiles/profile.ts';
import type { SteadyHost } from './steady-host.ts';
import { type AgentFiles, readAgentFiles } from './workspace-files/agent-files.ts';

/** What counts for one turn, from what the person chose and the workspace's files say. */
export interface TurnSetup {
  readonly model: ResolvedModel;
  readonly effort: Effort;
  readonly profile: Profile | null;
  /** All that there are, for sub-agents. */
  readonly profiles: readonly Profile[];
  /** The slash command that the prompt calls; null for none. */
  readonly command: Command | null;
  /** The prompt as the model is given it. */
  readonly prompt: string;
}

/** Looks at the workspace's files, shows the controls that follow from them, and tells of what is wrong with them. Throws `model.unknown`. */
export async function setUpTurn(
  turn: AgentTurn,
  host: SteadyHost,
  { models, isSubAgent }: { models: Pick<Models, 'resolve'>; isSubAgent: boolean },
): Promise<TurnSetup> {
  const files = await readAgentFiles({ directory: turn.place.directory, host });
  const controls = publishControls(turn, files);
  const call = readCall(turn.prompt);
  const command = files.commands.find(({ name }) => name === call?.name) ?? null;
  // A model wrote the prompt of a sub-agent: no word in it takes away the limits that were set for it.
  const ofCommand = isSubAgent ? null : (command?.profile ?? null);
  const { profile, problem } = profileOf(files, ofCommand ?? chosenProfile(controls));
  if (isSubAgent && problem)
    throw new FarhandError('session.unknown_control', {
      message:
        'The profile of this sub-agent is not in its workspace any more: without its limits nothing is done.',
    });
  const wanted = modelOf(models, { turn, named: command?.model ?? profile?.model ?? null });
  tell(
    turn,
    [...files.problems, problem, wanted.problem].filter((text) => text !== null),
  );
  return {
    model: wanted.model,
    effort: chosenEffort(controls),
    profile,
    profiles: files.profiles,
    command,
    prompt: command ? turn.secrets.redactor().text(expand(command.body, call?.args ?? '')) : turn.prompt,
  };
}

function profileOf(
  files: AgentFiles,
  id: string | null,
): { profile: Profile | null; problem: string | null } {
  const profile = files.profiles.find((one) => one.id === id) ?? null;
  const isLost = id !== null && profile === null;
  return { profile, problem: isLost ? `There is no profile “${id}”: the turn goes on without one.` : null };
}

function modelOf(
  models: Pick<Models, 'resolve'>,
  { turn, named }: { turn: AgentTurn; named: string | null },
): { model: ResolvedModel; problem: string | null } {
  if (named === null) return { model: models.resolve(turn.model), problem: null };
  try {
    return { model: models.resolve(named), problem: null };
  } catch (thrown) {
    if (!FarhandError.is(thrown, 'model.unknown')) throw thrown;
    const problem = `The model “${named}” of the profile or command is not set up: ${turn.model} is used.`;
    return { model: models.resolve(turn.model), problem };
  }
}

// Once for each trouble: it is there in the next turn too, and after a restart.
function tell({ readItems, transcript, turnId, secrets }: AgentTurn, problems: readonly string[]): void {
  if (problems.length === 0) return;
  const told = new Set(readItems().map((item) => (item.kind === 'notice' ? item.text : '')));
  const at = new Date().toISOString();
  for (const problem of problems.map(secrets.redactor().text)) {
    if (told.has(problem)) continue;
    transcript.put({ id: newId('item'), turnId, at, kind: 'notice', level: 'warning', text: problem });
  }
}
