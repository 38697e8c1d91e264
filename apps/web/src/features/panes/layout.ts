import type { SerializedDockview } from 'dockview-react';
import { type Pane, paneId, parsePane, record } from './pane.ts';

type Grid = SerializedDockview['grid'];
type Node = Grid['root'];

// A grid beyond these was not made by hand; drawing it would only hang the page.
const MOST_PANES = 64;
const DEEPEST_SPLIT = 16;

/**
 * A stored layout that the grid can draw, or null. Everything is checked and written anew: a layout of an older
 * version or one that was tampered with gives the default layout, never an error.
 */
export function parseLayout(text: string | null): SerializedDockview | null {
  const stored = record(parseJson(text));
  const grid = record(stored.grid);
  const panels = parsePanels(stored.panels);
  if (!panels || !isSize(grid.width) || !isSize(grid.height)) return null;
  if (grid.orientation !== 'HORIZONTAL' && grid.orientation !== 'VERTICAL') return null;
  const placed = new Set<string>();
  const root = parseNode(grid.root, { panels, placed, depth: 0 });
  if (root?.type !== 'branch' || placed.size !== Object.keys(panels).length) return null;
  const activeGroup = typeof stored.activeGroup === 'string' ? { activeGroup: stored.activeGroup } : {};
  const orientation = grid.orientation as Grid['orientation'];
  return { grid: { root, width: grid.width, height: grid.height, orientation }, panels, ...activeGroup };
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}

const isSize = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

function parsePanels(value: unknown): SerializedDockview['panels'] | null {
  const entries = Object.entries(record(value));
  if (entries.length === 0 || entries.length > MOST_PANES) return null;
  const panels: SerializedDockview['panels'] = {};
  for (const [id, panel] of entries) {
    const pane = parsePane(record(panel).params);
    if (!pane || !isPanelOf(pane, id)) return null;
    panels[id] = {
      id,
      contentComponent: pane.kind,
      tabComponent: 'pane',
      params: pane,
      renderer: 'onlyWhenVisible',
    };
  }
  return panels;
}

/** The same thing may stand in a grid again: its further panels are numbered. */
export function isPanelOf(pane: Pane, panelId: string): boolean {
  const id = paneId(pane);
  return panelId === id || (panelId.startsWith(`${id}#`) && /^[2-9]$/.test(panelId.slice(id.length + 1)));
}

interface Walk {
  readonly panels: SerializedDockview['panels'];
  readonly placed: Set<string>;
  readonly depth: number;
}

function parseNode(value: unknown, walk: Walk): Node | null {
  const node = record(value);
  if (walk.depth > DEEPEST_SPLIT || (node.size !== undefined && !isSize(node.size))) return null;
  const size = isSize(node.size) ? { size: node.size } : {};
  if (node.type === 'leaf') {
    const data = parseGroup(node.data, walk);
    return data && { type: 'leaf', data, ...size };
  }
  if (node.type !== 'branch' || !Array.isArray(node.data) || node.data.length === 0) return null;
  const children = node.data.map((child) => parseNode(child, { ...walk, depth: walk.depth + 1 }));
  return children.some((child) => child === null)
    ? null
    : { type: 'branch', data: children as Node[], ...size };
}

function parseGroup(value: unknown, walk: Walk): Extract<Node['data'], { id: string }> | null {
  const group = record(value);
  if (typeof group.id !== 'string' || !Array.isArray(group.views) || group.views.length === 0) return null;
  const views: string[] = [];
  for (const view of group.views) {
    if (typeof view !== 'string' || !(view in walk.panels) || walk.placed.has(view)) return null;
    walk.placed.add(view);
    views.push(view);
  }
  const active =
    typeof group.activeView === 'string' && views.includes(group.activeView) ? group.activeView : views[0];
  return { id: group.id, views, ...(active !== undefined && { activeView: active }) };
}

/** The panes of a layout. */
export function panesOf({ panels }: SerializedDockview): readonly Pane[] {
  return Object.values(panels).flatMap((panel) => parsePane(panel.params) ?? []);
}
