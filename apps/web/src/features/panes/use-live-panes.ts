import type { DockviewApi } from 'dockview-react';
import { useEffect } from 'react';
import type { Entities } from '@/client/entities.ts';
import { stateStore } from '@/client/state-store.ts';
import { isShownBy } from './live-panes.ts';
import { type Pane, parsePane } from './pane.ts';

/** Closes panes whose session, terminal or workspace is gone: in the layout that was kept, or since. */
export function useLivePanes(api: DockviewApi | null): void {
  useEffect(() => {
    if (!api) return;
    closePanes(api, (pane) => stateStore.getState().isLoaded && !isShownBy(stateStore.getState(), pane));
    return stateStore.subscribe((state, before) => {
      if (isUnchanged(state, before)) return;
      // What was never known is not gone: the answer that opened it was faster than the state.
      closePanes(api, (pane) => isShownBy(before, pane) && !isShownBy(state, pane));
    });
  }, [api]);
}

function closePanes(api: DockviewApi, isGone: (pane: Pane) => boolean): void {
  for (const panel of api.panels) {
    const pane = parsePane(panel.params);
    if (!pane || isGone(pane)) panel.api.close();
  }
}

function isUnchanged(state: Entities, before: Entities): boolean {
  return (
    state.sessions === before.sessions &&
    state.terminals === before.terminals &&
    state.workspaces === before.workspaces
  );
}
