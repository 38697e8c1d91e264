import type { SerializedDockview } from 'dockview-react';
import { type Pane, paneId } from './pane.ts';

/** In px. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * The least place on a board, in px: narrower a line of a transcript breaks at every third word, lower there
 * is no room for a composer and a few lines. A board that needs more than the window scrolls.
 */
export const LEAST_PLACE: Size = { width: 320, height: 280 };
/** As wide as high is not even to the eye: text wants width. */
const WANTED_RATIO = 1.25;

/** How many columns show `count` panes as evenly as the width allows: places a little wider than high. */
export function evenColumns(count: number, { width, height }: Size): number {
  const most = Math.max(1, Math.min(count, Math.floor(width / LEAST_PLACE.width)));
  let best = 1;
  for (let columns = 2; columns <= most; columns += 1)
    if (strain(count, columns, { width, height }) < strain(count, best, { width, height })) best = columns;
  return best;
}

// How far a place is from the wanted shape, and how much of the grid stays empty.
function strain(count: number, columns: number, { width, height }: Size): number {
  const rows = Math.ceil(count / columns);
  const ratio = width / columns / (height / rows);
  const empty = (rows * columns - count) / (rows * columns);
  return Math.abs(Math.log(ratio / WANTED_RATIO)) + 1.5 * empty;
}

/** The panes in rows of equal places, as a layout for a grid seen in `size`, which may be higher; null for none. */
export function evenLayout(panes: readonly Pane[], size: Size): SerializedDockview | null {
  if (panes.length === 0) return null;
  const columns = evenColumns(panes.length, size);
  const rows = Math.ceil(panes.length / columns);
  const rowHeight = Math.max(LEAST_PLACE.height, Math.floor(size.height / rows));
  const data = Array.from({ length: rows }, (_, row) => {
    const own = panes.slice(row * columns, (row + 1) * columns);
    return {
      type: 'branch' as const,
      size: rowHeight,
      data: own.map((pane, column) => ({
        type: 'leaf' as const,
        size: Math.floor(size.width / own.length),
        data: {
          id: `even-${row * columns + column + 1}`,
          views: [paneId(pane)],
          activeView: paneId(pane),
        },
      })),
    };
  });
  type Grid = SerializedDockview['grid'];
  return {
    grid: {
      root: { type: 'branch', data, size: size.width } as Grid['root'],
      width: size.width,
      height: rowHeight * rows,
      orientation: 'VERTICAL' as Grid['orientation'],
    },
    activeGroup: 'even-1',
    panels: Object.fromEntries(
      panes.map((pane) => [
        paneId(pane),
        {
          id: paneId(pane),
          contentComponent: pane.kind,
          tabComponent: 'pane',
          params: pane,
          renderer: 'onlyWhenVisible' as const,
        },
      ]),
    ),
  };
}
