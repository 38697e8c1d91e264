import type { Entities } from '@/client/entities.ts';
import type { Pane } from './pane.ts';

/** Whether the server has what a pane shows. */
export function isShownBy(
  { sessions, terminals, workspaces }: Pick<Entities, 'sessions' | 'terminals' | 'workspaces'>,
  pane: Pane,
): boolean {
  if (pane.kind === 'agent') return pane.sessionId in sessions;
  if (pane.kind === 'terminal') return pane.terminalId in terminals;
  return pane.workspaceId in workspaces;
}
