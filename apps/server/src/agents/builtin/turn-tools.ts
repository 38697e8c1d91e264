import type { AgentTurn } from '../agent.ts';
import type { FolderAdvice } from './folder-advice.ts';
import { modeOf } from './modes.ts';
import { DEEPEST_SUB_AGENT, type SubAgents } from './sub-agents.ts';
import { exitPlan } from './tools/exit-plan/run.ts';
import { task } from './tools/task/run.ts';
import { type AnyTool, anyTool } from './tools/tool.ts';
import { createToolbox, type Toolbox } from './tools/toolbox.ts';
import { TOOLS } from './tools/tools.ts';
import type { TurnSetup } from './turn-setup.ts';

/** Tools whose `path` is a file that is read or changed. */
const OF_FILES: ReadonlySet<string> = new Set(['read_file', 'edit_file', 'write_file']);

interface TurnToolsOptions {
  readonly turn: AgentTurn;
  readonly setup: TurnSetup;
  readonly advice: FolderAdvice;
  readonly subAgents: SubAgents | null;
  /** Of elsewhere, as MCP servers. */
  readonly others: readonly AnyTool[];
}

/** The tools of one turn, with the limits of its mode and profile. */
export function turnTools({ turn, setup, advice, subAgents, others }: TurnToolsOptions): Toolbox {
  const depth = subAgents?.depth(turn.sessionId) ?? 0;
  const own = TOOLS.map((tool) => (OF_FILES.has(tool.name) ? advice.around(tool) : tool));
  // The plan of a sub-agent is for the agent that asked for it, not for a person.
  const plan = depth === 0 ? [anyTool(exitPlan(turn))] : [];
  const below = subAgents && depth < DEEPEST_SUB_AGENT ? [anyTool(task({ turn, subAgents, setup }))] : [];
  return createToolbox({
    tools: [...own, ...below, ...plan, ...others],
    mode: () => modeOf(turn.controls.get()),
    profile: setup.profile,
  });
}
