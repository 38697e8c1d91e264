import type { AgentId } from '@farhand/shared/model/agents';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { TerminalProgram } from '../../terminals/terminals.ts';
import type { Domains } from '../domains.ts';
import { actorOf, type CallsOf, done } from './table.ts';

/** Calls about terminals. */
export function terminalCalls({ terminals, workspaces, hostAgents }: Domains): CallsOf<'terminal'> {
  const programOf = async (workspaceId: WorkspaceId, agent: AgentId): Promise<TerminalProgram> => {
    const { runtime } = workspaces.ready(workspaceId);
    const { name, command } = await hostAgents.terminalCommand(agent, runtime);
    return { title: name, command, agent };
  };
  return {
    'terminal.open': async ({ workspaceId, rows, cols, agent }, caller) => {
      const program = agent === null ? undefined : await programOf(workspaceId, agent);
      return { terminal: await terminals.open(workspaceId, { rows, cols, by: actorOf(caller) }, program) };
    },
    'terminal.close': ({ terminalId }) => done(terminals.close(terminalId)),
  };
}
