import type { WorkspaceId } from '@farhand/shared/model/ids';
import { X } from 'lucide-react';
import { type MouseEvent, useEffect, useMemo } from 'react';
import { stateStore } from '@/client/state-store.ts';
import { HomeContext } from './home.ts';
import { isShownBy } from './live-panes.ts';
import { type Pane, paneId } from './pane.ts';
import { PaneContent } from './pane-content.tsx';
import { type PaneHost, setActivePane, setPaneHost, setShownPanes } from './pane-host.ts';
import { TabLabel } from './pane-tab.tsx';
import { PlaceActions } from './place-actions.tsx';
import { TabMenu } from './tab-menu.tsx';

interface SinglePaneProps {
  readonly workspaceId: WorkspaceId;
  /** Null until it is known. */
  readonly pane: Pane | null;
  /** Called with what only a grid can do: a second pane, a split, no pane at all. */
  onGrid(ask: (host: PaneHost) => void): void;
}

/**
 * The one pane that a workspace begins with. It looks as it does in the grid, whose code is a quarter of the page's
 * and is loaded when there is more to lay out.
 */
export function SinglePane({ workspaceId, pane, onGrid }: SinglePaneProps) {
  const host = useMemo(() => singleHost(pane, onGrid), [pane, onGrid]);
  // Not before its pane is known: what is to be shown first may be just that.
  useEffect(() => {
    if (!pane) return;
    const forget = setPaneHost(host);
    setActivePane(pane);
    setShownPanes([pane]);
    return forget;
  }, [pane, host]);
  useEffect(() => (pane ? whenGone(pane, host.closeActive) : undefined), [pane, host]);
  const closeByMiddleButton = (event: MouseEvent) => event.button === 1 && host.closeActive();
  if (!pane) return <div className="h-full" aria-busy="true" />;
  return (
    <HomeContext value={workspaceId}>
      <div className="flex h-full flex-col">
        <div className="single-tabs">
          <div className="single-tab">
            <TabMenu pane={pane} onClose={host.closeActive} onMaximise={host.toggleMaximised}>
              <div className="pane-tab group/tab" onAuxClick={closeByMiddleButton}>
                <TabLabel pane={pane} />
                <button
                  type="button"
                  aria-label="Close the pane"
                  className="pane-tab-close"
                  onClick={host.closeActive}
                >
                  <X className="size-3" aria-hidden />
                </button>
              </div>
            </TabMenu>
          </div>
          <PlaceActions workspaceId={pane.workspaceId} host={() => host} within={(run) => run} />
        </div>
        <div className="min-h-0 flex-1">
          <PaneContent pane={pane} isActive />
        </div>
      </div>
    </HomeContext>
  );
}

function singleHost(shown: Pane | null, onGrid: SinglePaneProps['onGrid']): PaneHost {
  return {
    open(pane, placement) {
      if (!shown || paneId(pane) !== paneId(shown)) onGrid((grid) => grid.open(pane, placement));
    },
    openAgain: (pane) => onGrid((grid) => grid.openAgain(pane)),
    split: (direction) => onGrid((grid) => grid.split(direction)),
    closeActive: () => onGrid((grid) => grid.closeActive()),
    // There is no other pane to go to, and this one fills the place already.
    focusStep: () => undefined,
    arrange: () => undefined,
    toggleMaximised: () => undefined,
  };
}

// A layout that was kept may show what is gone; what was never known is not gone, its answer was faster than the state.
function whenGone(pane: Pane, close: () => void): (() => void) | undefined {
  const now = stateStore.getState();
  if (now.isLoaded && !isShownBy(now, pane)) return void close();
  return stateStore.subscribe((state, before) => {
    if (isShownBy(before, pane) && !isShownBy(state, pane)) close();
  });
}
