import type { TerminalId, WorkspaceId } from '@farhand/shared/model/ids';
import type { Terminal } from '@farhand/shared/model/terminals';
import { call } from '@/client/call.ts';

const opened = new Set<TerminalId>();

/** True once for a terminal that this page opened: nothing in it is old. */
export function isOpenedHere(id: TerminalId): boolean {
  return opened.delete(id);
}

/** Opens a terminal in a workspace, at a size that its pane corrects as soon as it is drawn. */
export async function openTerminal(workspaceId: WorkspaceId): Promise<Terminal> {
  const { terminal } = await call('terminal.open', { workspaceId, rows: 24, cols: 80 });
  opened.add(terminal.id);
  return terminal;
}
