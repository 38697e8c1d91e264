import { lazy, Suspense, useEffect } from 'react';
import { load } from '@/client/load.ts';
import { useServerState } from '@/client/state-store.ts';
import { useIsPhone } from '@/client/use-media.ts';
import { addToBoard, type Board, takeAdded } from './boards.ts';
import { panesOf } from './layout.ts';
import { readLayout } from './layouts.ts';
import { isShownBy } from './live-panes.ts';
import { type Pane, paneId } from './pane.ts';
import { paneHost, usePaneHost } from './pane-host.ts';
import { PhonePanes } from './phone-panes.tsx';

const DockGrid = lazy(() =>
  load(() => import('./dock-grid.tsx').then((module) => ({ default: module.DockGrid }))),
);

/** The panes of a board that a person made: a grid of their own, on a phone one at a time. */
export function BoardGrid({ board }: { readonly board: Board }) {
  const isPhone = useIsPhone();
  if (isPhone) return <PhoneBoard board={board} />;
  return (
    <Suspense fallback={<div className="h-full" aria-busy="true" />}>
      <WideBoard board={board} />
    </Suspense>
  );
}

function WideBoard({ board: { id, added } }: { readonly board: Board }) {
  const host = usePaneHost();
  useEffect(() => {
    if (!host || added.length === 0) return;
    const isFirst = readLayout(`board.${id}`) === null;
    const panes = takeAdded(id);
    for (const pane of panes) host.open(pane, 'fitting');
    const [firstPane] = panes;
    if (!isFirst || !firstPane || panes.length === 1) return;
    // What comes all at once to an empty board gets places of equal size, and is read from its beginning.
    host.arrange();
    host.open(firstPane, 'fitting');
  }, [host, added, id]);
  return <DockGrid name={`board.${id}`} home={null} first={null} asked={NOTHING} />;
}

const NOTHING: readonly never[] = [];

// A phone draws no grid, so that the wide window's layout stays: what is opened here waits for it.
function PhoneBoard({ board: { id, added } }: { readonly board: Board }) {
  const state = useServerState(({ sessions, terminals, workspaces }) => ({
    sessions,
    terminals,
    workspaces,
  }));
  const layout = readLayout(`board.${id}`);
  const all = [...(layout ? panesOf(layout) : []), ...added].filter((pane) => isShownBy(state, pane));
  const own = [...new Map(all.map((pane) => [paneId(pane), pane])).values()];
  return <PhonePanes home={null} own={own} first={own[0] ?? null} />;
}

/** Puts panes on a board: at once where it is on the screen of a wide window. */
export function putOnBoard(id: string, panes: readonly Pane[], isShown: boolean): void {
  const host = isShown ? paneHost() : null;
  if (host) for (const pane of panes) host.open(pane, 'fitting');
  else addToBoard(id, panes);
}
