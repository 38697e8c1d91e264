import type { AddPanelOptions, DockviewApi } from 'dockview-react';
import { LEAST_PLACE } from './even-layout.ts';
import { type Pane, paneId, parsePane } from './pane.ts';
import type { Placement } from './pane-host.ts';
import { firstTitle } from './pane-title.ts';

type Position = NonNullable<AddPanelOptions['position']>;
type Group = DockviewApi['groups'][number];

// Two columns of about 50 letters each; below that lines break all the time.
const TWO_COLUMNS_PX = 760;

/** Adds a pane to the grid and makes it the active one; one that is there already is only made active. */
export function addPane(
  api: DockviewApi,
  pane: Pane,
  placement: Placement,
  group?: { readonly id: string },
): void {
  const known = api.getPanel(paneId(pane));
  if (known) return known.api.setActive();
  add(api, pane, {
    id: paneId(pane),
    position: group ? { referenceGroup: group.id } : positionFor(api, pane, placement),
  });
}

/** Shows what is open already in one more pane beside the active one. */
export function addAgain(api: DockviewApi, pane: Pane): void {
  for (let count = 2; count <= 9; count += 1) {
    const id = `${paneId(pane)}#${count}`;
    if (!api.getPanel(id)) return add(api, pane, { id, position: positionFor(api, pane, 'right') });
  }
}

interface Added {
  readonly id: string;
  readonly position: Position | null;
}

function add(api: DockviewApi, pane: Pane, { id, position }: Added): void {
  const panel = {
    id,
    title: firstTitle(pane),
    component: pane.kind,
    tabComponent: 'pane',
    params: pane,
    renderer: 'onlyWhenVisible',
  } as const;
  api.addPanel(position ? { ...panel, position } : panel);
}

/** An agent joins the agents; a terminal stands at the right, below what is read there; diffs and files at the right. */
function positionFor(api: DockviewApi, pane: Pane, placement: Placement): Position | null {
  if (placement === 'beside') return { direction: 'right' };
  const empty = api.groups.find((group) => group.panels.length === 0);
  if (empty) return { referenceGroup: empty };
  if (placement === 'even') return evenPosition(api, pane);
  const active = api.activeGroup ?? api.groups[0];
  if (!active) return null;
  if (placement !== 'fitting') return { referenceGroup: active, direction: placement };
  const same = groupOf(
    api,
    pane.kind === 'agent' || pane.kind === 'terminal' ? [pane.kind] : ['diff', 'file'],
  );
  if (same) return { referenceGroup: same };
  if (pane.kind === 'agent') return { referenceGroup: active };
  const reading = groupOf(api, ['diff', 'file']);
  if (pane.kind === 'terminal' && reading) return { referenceGroup: reading, direction: 'below' };
  const terminals = groupOf(api, ['terminal']);
  if (terminals) return { referenceGroup: terminals, direction: 'above' };
  return { referenceGroup: active, direction: active.width >= TWO_COLUMNS_PX ? 'right' : 'below' };
}

// Half of the largest place, on its longer side as long as that leaves two that are wide enough; what is read joins what is read already.
function evenPosition(api: DockviewApi, pane: Pane): Position | null {
  const reading = pane.kind === 'diff' || pane.kind === 'file' ? groupOf(api, ['diff', 'file']) : undefined;
  if (reading) return { referenceGroup: reading };
  const area = ({ width, height }: Group) => width * height;
  const [largest] = api.groups.toSorted((a, b) => area(b) - area(a));
  if (!largest) return null;
  const isWide = largest.width > largest.height * 1.2 && largest.width >= 2 * LEAST_PLACE.width;
  return { referenceGroup: largest, direction: isWide ? 'right' : 'below' };
}

function groupOf(api: DockviewApi, kinds: readonly Pane['kind'][]): Group | undefined {
  const has = (group: Group) =>
    group.panels.some((panel) => kinds.includes(parsePane(panel.params)?.kind ?? 'agent'));
  const { activeGroup } = api;
  return activeGroup && has(activeGroup) ? activeGroup : api.groups.find(has);
}
