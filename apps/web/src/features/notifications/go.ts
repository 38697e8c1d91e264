import { readSessionId, readWorkspaceId } from '../../client/ids.ts';
import { showWorkspace } from '../../client/view-store.ts';
import type { Pane } from '../panes/pane.ts';

/** Shows what a clicked notification tells of: its session, or the workspace of an agent in a terminal. */
export function go(place: unknown, show: (pane: Pane) => void): void {
  const { workspaceId, sessionId } = (typeof place === 'object' && place !== null ? place : {}) as Record<
    string,
    unknown
  >;
  const workspace = readWorkspaceId(workspaceId);
  const session = readSessionId(sessionId);
  if (workspace && session) show({ kind: 'agent', workspaceId: workspace, sessionId: session });
  else if (workspace) showWorkspace(workspace);
}
