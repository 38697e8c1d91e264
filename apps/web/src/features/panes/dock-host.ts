import type { DockviewApi } from 'dockview-react';
import type { PaneHost } from './pane-host.ts';
import { addPane } from './place.ts';

/** The grid of a wide window as a host of panes. */
export function dockHost(api: DockviewApi): PaneHost {
  return {
    open: (pane, placement) => addPane(api, pane, placement),
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
    },
    toggleMaximised() {
      if (api.hasMaximizedGroup()) api.exitMaximizedGroup();
      else if (api.activePanel) api.maximizeGroup(api.activePanel);
    },
  };
}
