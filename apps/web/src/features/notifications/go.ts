import { readSessionId, readWorkspaceId } from '../../client/ids.ts';
import type { Pane } from '../panes/pane.ts';

/** Shows the session that a clicked notification tells of; what names none does nothing. */
export function go(place: unknown, show: (pane: Pane) => void): void {
  const { workspaceId, sessionId } = (typeof place === 'object' && place !== null ? place : {}) as Record<
    string,
    unknown
  >;
  const workspace = readWorkspaceId(workspaceId);
  const session = readSessionId(sessionId);
  if (workspace && session) show({ kind: 'agent', workspaceId: workspace, sessionId: session });
}
