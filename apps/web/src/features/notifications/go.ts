import { readApprovalId, readSessionId, readWorkspaceId } from '../../client/ids.ts';
import { openDialog, showWorkspace } from '../../client/view-store.ts';
import type { Pane } from '../panes/pane.ts';

/** Shows what a clicked notification tells of: its session, a question of none, or the workspace of an agent in a terminal. */
export function go(place: unknown, show: (pane: Pane) => void): void {
  const { workspaceId, sessionId, approvalId } = (
    typeof place === 'object' && place !== null ? place : {}
  ) as Record<string, unknown>;
  const workspace = readWorkspaceId(workspaceId);
  const session = readSessionId(sessionId);
  if (workspace && session) show({ kind: 'agent', workspaceId: workspace, sessionId: session });
  else if (workspace) showWorkspace(workspace);
  const approval = readApprovalId(approvalId);
  if (approval) openDialog({ kind: 'approval', approvalId: approval });
}
