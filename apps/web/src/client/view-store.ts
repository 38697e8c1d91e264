import type { HostId } from '@farhand/shared/model/hosts';
import type { ProjectId, WorkspaceId } from '@farhand/shared/model/ids';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { readWorkspaceId } from './ids.ts';
import { createStoredStore, storedObject } from './stored.ts';

export type SettingsPart = 'models' | 'secrets' | 'appearance';

/** The one dialog that is open over the window. */
export type OpenDialog =
  | { readonly kind: 'new_workspace'; readonly projectId?: ProjectId }
  | { readonly kind: 'delete_workspace'; readonly workspaceId: WorkspaceId }
  | { readonly kind: 'answer_host'; readonly hostId: HostId }
  | { readonly kind: 'palette'; readonly query: string }
  | { readonly kind: 'settings'; readonly part: SettingsPart; readonly projectId?: ProjectId }
  | { readonly kind: 'keys' };

interface View {
  readonly workspaceId: WorkspaceId | null;
  readonly dialog: OpenDialog | null;
}

function readAddress(): WorkspaceId | null {
  if (typeof location === 'undefined') return null;
  return readWorkspaceId(new URLSearchParams(location.search).get('w'));
}

/** What this tab shows: the workspace, which the address names also (`?w=`), and the open dialog. */
export const viewStore = createStore<View>(() => ({ workspaceId: readAddress(), dialog: null }));

export function useView<Part>(select: (view: View) => Part): Part {
  return useStore(viewStore, select);
}

/** Follows the browser's back and forward; called once, when the page starts. */
export function startViewStore(): void {
  window.addEventListener('popstate', () => viewStore.setState({ workspaceId: readAddress(), dialog: null }));
}

/** Shows a workspace, or with null the list; the browser's back button returns. */
export function showWorkspace(id: WorkspaceId | null): void {
  if (viewStore.getState().workspaceId !== id) {
    history.pushState(null, '', id === null ? location.pathname : `?w=${id}`);
  }
  viewStore.setState({ workspaceId: id, dialog: null });
}

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
