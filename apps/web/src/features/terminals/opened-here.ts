import type { AgentId } from '@farhand/shared/model/agents';
import type { TerminalId, WorkspaceId } from '@farhand/shared/model/ids';
import type { Terminal } from '@farhand/shared/model/terminals';
import { call } from '@/client/call.ts';

const opened = new Set<TerminalId>();

/** True once for a terminal that this page opened: nothing in it is old. */
export function isOpenedHere(id: TerminalId): boolean {
  return opened.delete(id);
}

/**
 * Opens a terminal in a workspace with a shell, or with an agent in its place, at a size that its pane corrects as soon
 * as it is drawn.
 */
export async function openTerminal(
  workspaceId: WorkspaceId,
  agent: AgentId | null = null,
): Promise<Terminal> {
  const { terminal } = await call('terminal.open', { workspaceId, rows: 24, cols: 80, agent });
  opened.add(terminal.id);
  return terminal;
}
