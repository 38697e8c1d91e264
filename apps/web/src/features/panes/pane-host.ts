import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { showWorkspace, viewStore } from '@/client/view-store.ts';
import { type Pane, paneId } from './pane.ts';

/**
 * Where a pane that is not open yet goes: where its kind belongs, split off the active one, into a column of its own
 * beside all others, or into half of the largest place.
 */
export type Placement = 'fitting' | 'right' | 'below' | 'beside' | 'even';

/** The grid or, on a phone, the strip of panes that is on the screen. */
export interface PaneHost {
  open(pane: Pane, placement: Placement): void;
  /** Shows what is open already in one more pane, beside the active one. */
  openAgain(pane: Pane): void;
  /** Lays all panes out in places of equal size. */
  arrange(): void;
  /** Makes an empty place beside the active pane, where the person chooses what it shows. */
  split(direction: 'right' | 'below'): void;
  closeActive(): void;
  focusStep(step: 1 | -1): void;
  toggleMaximised(): void;
  /** Goes to the pane if it is there; false where it is not, or where that is not done. */
  focus?(pane: Pane): boolean;
}

interface Panes {
  readonly host: PaneHost | null;
  /** The pane that keys go to. */
  readonly active: Pane | null;
  /** All that stand in the grid, also in tabs behind others. */
  readonly shown: readonly Pane[];
}

const panes = createStore<Panes>(() => ({ host: null, active: null, shown: [] }));

// Shown as soon as panes of their workspace are on the screen.
let awaited: readonly { readonly pane: Pane; readonly placement: Placement }[] = [];

/**
 * Shows something in a pane of the window; goes to its pane where there is one. Where the panes are still being loaded
 * it is shown with them.
 */
export function openPane(pane: Pane, placement: Placement = 'fitting'): void {
  const { host } = panes.getState();
  if (host) host.open(pane, placement);
  else awaited = [...awaited, { pane, placement }];
}

/** Shows a pane among those of its own workspace, which is brought to the screen. */
export function showPane(pane: Pane): void {
  // On a board that shows it already, it is gone to there.
  if (viewStore.getState().boardId !== null && panes.getState().host?.focus?.(pane)) return;
  showInWorkspace(pane);
}

/** Shows a pane among those of its workspace, whatever else shows it. */
export function showInWorkspace(pane: Pane): void {
  const isHere = viewStore.getState().workspaceId === pane.workspaceId;
  const canOpen = isHere && panes.getState().host !== null;
  if (!canOpen) awaited = [{ pane, placement: 'fitting' }];
  showWorkspace(pane.workspaceId);
  if (canOpen) openPane(pane);
}

/** The host on the screen, for commands. */
export const paneHost = (): PaneHost | null => panes.getState().host;

/** Registers the host that is mounted; until the returned function is called. */
export function setPaneHost(host: PaneHost): () => void {
  panes.setState({ host });
  const waiting = awaited;
  awaited = [];
  for (const { pane, placement } of waiting)
    if (viewStore.getState().workspaceId === pane.workspaceId) host.open(pane, placement);
  return () => {
    if (panes.getState().host === host) panes.setState({ host: null, active: null, shown: [] });
  };
}

/** The pane that keys go to, for code outside React. */
export const activePane = (): Pane | null => panes.getState().active;

/** Says which pane keys go to. */
export function setActivePane(active: Pane | null): void {
  const before = panes.getState().active;
  if ((before && paneId(before)) !== (active && paneId(active))) panes.setState({ active });
}

/** Says which panes stand in the grid. */
export function setShownPanes(shown: readonly Pane[]): void {
  const before = panes.getState().shown;
  const isSame =
    before.length === shown.length && shown.every((pane, at) => paneId(pane) === paneIdAt(before, at));
  if (!isSame) panes.setState({ shown });
}

const paneIdAt = (list: readonly Pane[], at: number) => {
  const pane = list[at];
  return pane && paneId(pane);
};

/** The panes that stand in the grid on the screen. */
export const useShownPanes = (): readonly Pane[] => useStore(panes, (state) => state.shown);

/** The host on the screen, for components. */
export const usePaneHost = (): PaneHost | null => useStore(panes, (state) => state.host);

export const useActivePane = (): Pane | null => useStore(panes, (state) => state.active);
