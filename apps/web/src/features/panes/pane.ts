import type { SessionId, TerminalId, WorkspaceId } from '@farhand/shared/model/ids';
import { readSessionId, readTerminalId, readWorkspaceId } from '../../client/ids.ts';

/** What a pane shows. Panes of several workspaces may stand in one grid. */
export type Pane =
  | { readonly kind: 'agent'; readonly workspaceId: WorkspaceId; readonly sessionId: SessionId }
  | { readonly kind: 'terminal'; readonly workspaceId: WorkspaceId; readonly terminalId: TerminalId }
  | { readonly kind: 'diff'; readonly workspaceId: WorkspaceId; readonly path: string }
  | { readonly kind: 'file'; readonly workspaceId: WorkspaceId; readonly path: string };

/** One pane per thing shown: opening it again goes to the pane that is there. */
export function paneId(pane: Pane): string {
  switch (pane.kind) {
    case 'agent':
      return pane.sessionId;
    case 'terminal':
      return pane.terminalId;
    case 'diff':
    case 'file':
      return `${pane.kind}:${pane.workspaceId}:${pane.path}`;
  }
}

// The longest path that Linux takes.
const PATH_LIMIT = 4096;

/** A pane out of stored JSON; null where it is not one. */
export function parsePane(value: unknown): Pane | null {
  const { kind, ...rest } = record(value);
  const workspace = readWorkspaceId(rest.workspaceId);
  if (!workspace) return null;
  if (kind === 'agent') {
    const session = readSessionId(rest.sessionId);
    return session ? { kind, workspaceId: workspace, sessionId: session } : null;
  }
  if (kind === 'terminal') {
    const terminal = readTerminalId(rest.terminalId);
    return terminal ? { kind, workspaceId: workspace, terminalId: terminal } : null;
  }
  if ((kind !== 'diff' && kind !== 'file') || typeof rest.path !== 'string') return null;
  return rest.path !== '' && rest.path.length <= PATH_LIMIT
    ? { kind, workspaceId: workspace, path: rest.path }
    : null;
}

/** `value` as an object whose members are not known; empty where it is none. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
