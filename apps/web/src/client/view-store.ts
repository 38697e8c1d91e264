import type { HostId } from '@farhand/shared/model/hosts';
import type { ApprovalId, ComparisonId, ProjectId, SessionId, WorkspaceId } from '@farhand/shared/model/ids';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { readComparisonId, readSessionId, readWorkspaceId } from './ids.ts';
import { createStoredStore, storedObject } from './stored.ts';

export type SettingsPart =
  | 'models'
  | 'hosts'
  | 'tokens'
  | 'agents'
  | 'approvals'
  | 'policy'
  | 'operations'
  | 'budgets'
  | 'sandbox'
  | 'secrets'
  | 'mcp'
  | 'notifications'
  | 'appearance';

/** The one dialog that is open over the window. */
export type OpenDialog =
  | { readonly kind: 'new_workspace'; readonly projectId?: ProjectId }
  | { readonly kind: 'delete_workspace'; readonly workspaceId: WorkspaceId }
  | { readonly kind: 'compare'; readonly workspaceId: WorkspaceId; readonly prompt?: string }
  | { readonly kind: 'fork_workspace'; readonly workspaceId: WorkspaceId; readonly sessionId?: SessionId }
  | { readonly kind: 'move_workspace'; readonly workspaceId: WorkspaceId }
  | { readonly kind: 'answer_host'; readonly hostId: HostId }
  | { readonly kind: 'palette'; readonly query: string }
  | { readonly kind: 'approval'; readonly approvalId: ApprovalId }
  /** Names a new board, or chooses one; a board that is there is renamed. */
  | { readonly kind: 'board'; readonly choice: BoardChoice }
  | { readonly kind: 'settings'; readonly part: SettingsPart; readonly projectId?: ProjectId }
  | { readonly kind: 'keys' };

/** What is done to boards: one is made, renamed, or gets the sessions of a workspace or one pane (as JSON). */
export type BoardChoice =
  | { readonly do: 'make' }
  | { readonly do: 'rename'; readonly boardId: string }
  | { readonly do: 'add_workspace'; readonly workspaceId: WorkspaceId }
  | { readonly do: 'add_pane'; readonly pane: string };

/** What the main area shows: at most one of these is not null. */
interface Place {
  readonly workspaceId: WorkspaceId | null;
  readonly comparisonId: ComparisonId | null;
  /** A grid of panes of any workspaces. */
  readonly boardId: string | null;
  /** The audit log. */
  readonly isAudit: boolean;
}

interface View extends Place {
  readonly dialog: OpenDialog | null;
}

const NOWHERE: Place = { workspaceId: null, comparisonId: null, boardId: null, isAudit: false };

/** What a board may be called in an address and in the name of a preference. */
export const BOARD_ID = /^[a-z0-9][a-z0-9-]{0,39}$/;

function readAddress(): Place {
  if (typeof location === 'undefined') return NOWHERE;
  const asked = new URLSearchParams(location.search);
  if (asked.get('view') === 'audit') return { ...NOWHERE, isAudit: true };
  const board = asked.get('b') ?? '';
  if (BOARD_ID.test(board)) return { ...NOWHERE, boardId: board };
  const comparisonId = readComparisonId(asked.get('c'));
  if (comparisonId) return { ...NOWHERE, comparisonId };
  return { ...NOWHERE, workspaceId: readWorkspaceId(asked.get('w')) };
}

/** The session that the address asks for beside its workspace, as a notification does (`&s=`). */
export const addressedSession = (): SessionId | null =>
  typeof location === 'undefined' ? null : readSessionId(new URLSearchParams(location.search).get('s'));

/** What this tab shows, which the address names also (`?w=`, `?b=`, `?c=`, `?view=audit`), and the open dialog. */
export const viewStore = createStore<View>(() => ({ ...readAddress(), dialog: null }));

export function useView<Part>(select: (view: View) => Part): Part {
  return useStore(viewStore, select);
}

/** Follows the browser's back and forward; called once, when the page starts. */
export function startViewStore(): void {
  window.addEventListener('popstate', () => viewStore.setState({ ...readAddress(), dialog: null }));
}

function show(place: Place, address: string): void {
  const now = viewStore.getState();
  const isThere =
    now.workspaceId === place.workspaceId &&
    now.comparisonId === place.comparisonId &&
    now.boardId === place.boardId &&
    now.isAudit === place.isAudit;
  if (!isThere) history.pushState(null, '', address);
  viewStore.setState({ ...place, dialog: null });
}

/** Shows a workspace, or with null the list; the browser's back button returns. */
export const showWorkspace = (id: WorkspaceId | null): void =>
  show({ ...NOWHERE, workspaceId: id }, id === null ? location.pathname : `?w=${id}`);

/** Shows a comparison. */
export const showComparison = (id: ComparisonId): void => show({ ...NOWHERE, comparisonId: id }, `?c=${id}`);

/** Shows a board. */
export const showBoard = (id: string): void => show({ ...NOWHERE, boardId: id }, `?b=${id}`);

/** Shows the audit log. */
export const showAudit = (): void => show({ ...NOWHERE, isAudit: true }, '?view=audit');

export const openDialog = (dialog: OpenDialog): void => viewStore.setState({ dialog });
export const closeDialog = (): void => viewStore.setState({ dialog: null });

interface WindowLayout {
  readonly isSidebarOpen: boolean;
  readonly isInspectorOpen: boolean;
  readonly foldedProjects: readonly string[];
}

/** How the window is laid out in this browser; remembered. */
export const layoutStore = createStoredStore<WindowLayout>('layout', (stored) => {
  const { isSidebarOpen, isInspectorOpen, foldedProjects } = storedObject(stored);
  return {
    isSidebarOpen: isSidebarOpen !== false,
    isInspectorOpen: isInspectorOpen !== false,
    foldedProjects: Array.isArray(foldedProjects) ? foldedProjects.map(String) : [],
  };
});

export function useLayout<Part>(select: (layout: WindowLayout) => Part): Part {
  return useStore(layoutStore, select);
}

export const toggleSidebar = (): void =>
  layoutStore.setState((layout) => ({ ...layout, isSidebarOpen: !layout.isSidebarOpen }));
export const toggleInspector = (): void =>
  layoutStore.setState((layout) => ({ ...layout, isInspectorOpen: !layout.isInspectorOpen }));

/** Folds a project's workspaces in the sidebar, or opens them again. */
export function toggleProject(id: string): void {
  layoutStore.setState((layout) => ({
    ...layout,
    foldedProjects: layout.foldedProjects.includes(id)
      ? layout.foldedProjects.filter((folded) => folded !== id)
      : [...layout.foldedProjects, id],
  }));
}
