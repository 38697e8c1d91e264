import type { DockviewApi } from 'dockview-react';
import { reveal, seenSize } from './dock-viewport.tsx';
import { evenLayout } from './even-layout.ts';
import { paneId, parsePane } from './pane.ts';
import type { PaneHost } from './pane-host.ts';
import { addAgain, addPane } from './place.ts';

/** The grid of a wide window as a host of panes. On a board a new pane gets its own place, not one among its kind. */
export function dockHost(api: DockviewApi, isBoard: boolean): PaneHost {
  return {
    open(pane, placement) {
      addPane(api, pane, isBoard && placement === 'fitting' ? 'even' : placement);
      reveal(api);
    },
    openAgain(pane) {
      addAgain(api, pane);
      reveal(api);
    },
    arrange() {
      const panes = api.panels.flatMap((panel) => parsePane(panel.params) ?? []);
      // The same thing that stands there again is shown once from now on.
      const unique = [...new Map(panes.map((pane) => [paneId(pane), pane])).values()];
      const layout = evenLayout(unique, seenSize(api));
      if (!layout) return;
      const active = parsePane(api.activePanel?.params);
      api.fromJSON(layout);
      if (active) api.getPanel(paneId(active))?.api.setActive();
    },
    split(direction) {
      const { activeGroup } = api;
      if (!activeGroup || activeGroup.panels.length === 0) return;
      if (api.hasMaximizedGroup()) api.exitMaximizedGroup();
      api.addGroup({ referenceGroup: activeGroup, direction }).focus();
    },
    closeActive() {
      const { activeGroup, activePanel } = api;
      if (activePanel) activePanel.api.close();
      else if (activeGroup && api.groups.length > 1) api.removeGroup(activeGroup);
    },
    focusStep(step) {
      if (step > 0) api.activateNext({ includePanel: true });
      else api.activatePrevious({ includePanel: true });
      api.focus();
      reveal(api);
    },
    toggleMaximised() {
      if (api.hasMaximizedGroup()) api.exitMaximizedGroup();
      else {
        const panel = api.activePanel ?? api.panels[0];
        if (panel) api.maximizeGroup(panel);
      }
    },
  };
}
