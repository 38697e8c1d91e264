import type { AgentTurn } from '../../agent.ts';
import { type Initialized, serversFor } from './conversation.ts';
import type { AcpDeps } from './deps.ts';
import { notice } from './notice.ts';

/** At a session's first turn: which MCP servers of the project its agent does not have, and why. */
export async function tellOfServers(turn: AgentTurn, agent: Initialized, deps: AcpDeps): Promise<void> {
  const items = turn.readItems();
  if (items.some((item) => item.kind === 'turn' && item.turnId !== turn.turnId)) return;
  const { leftOut } = await serversFor(deps, turn.place, agent.agentCapabilities);
  for (const { name, why } of leftOut) {
    const text = `The MCP server “${name}” was not given to the agent: ${why}`;
    // Run again after a restart, the turn has told it already.
    if (!items.some((item) => item.kind === 'notice' && item.text === text))
      turn.transcript.put(notice(turn.turnId, 'info', text));
  }
}
