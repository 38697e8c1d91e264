import { newId } from '@farhand/shared/model/ids';
import { describe, expect, it } from 'vitest';
import { evenColumns, evenLayout, LEAST_PLACE } from './even-layout.ts';
import { parseLayout } from './layout.ts';
import { type Pane, paneId } from './pane.ts';

const panes = (count: number): Pane[] =>
  Array.from({ length: count }, () => ({
    kind: 'agent',
    workspaceId: newId('workspace'),
    sessionId: newId('session'),
  }));
const WIDE = { width: 1600, height: 900 };

describe('evenColumns', () => {
  it.each([
    [1, 1],
    [2, 2],
    [4, 2],
    [6, 3],
    [9, 3],
    [12, 4],
    [24, 5],
  ])('shows %i panes of a wide window in %i columns', (count, columns) =>
    expect(evenColumns(count, WIDE)).toBe(columns),
  );

  it('makes no column too narrow to read', () => {
    expect(evenColumns(8, { width: 700, height: 900 })).toBe(2);
    expect(evenColumns(8, { width: 300, height: 900 })).toBe(1);
  });
});

describe('evenLayout', () => {
  it.each([1, 2, 5, 12, 24])('is a layout of %i panes that the grid takes', (count) => {
    const shown = panes(count);
    const layout = evenLayout(shown, WIDE);
    expect(Object.keys(parseLayout(JSON.stringify(layout))?.panels ?? {})).toEqual(shown.map(paneId));
  });

  it('is higher than what is seen where the places would be too low', () => {
    const { grid } = evenLayout(panes(24), { width: 1160, height: 760 }) ?? {};
    expect(grid?.height).toBe(8 * LEAST_PLACE.height);
    expect(grid?.root.data).toEqual(Array(8).fill(expect.objectContaining({ size: LEAST_PLACE.height })));
  });

  it('is null for no panes', () => expect(evenLayout([], WIDE)).toBeNull());
});
