import { newId } from '@farhand/shared/model/ids';
import { describe, expect, it } from 'vitest';
import { isPanelOf, parseLayout } from './layout.ts';
import { paneId, parsePane } from './pane.ts';

const workspaceId = newId('workspace');
const agent = { kind: 'agent', workspaceId, sessionId: newId('session') } as const;
const diff = { kind: 'diff', workspaceId, path: 'src/a b.ts' } as const;
const leaf = (id: string, ...views: string[]) => ({
  type: 'leaf',
  size: 400,
  data: { id, views, activeView: views[0] },
});
const panel = (pane: typeof agent | typeof diff) => ({
  id: paneId(pane),
  contentComponent: pane.kind,
  params: pane,
  title: '<b>',
});

function layout(changes: Record<string, unknown> = {}) {
  return {
    grid: {
      root: { type: 'branch', size: 600, data: [leaf('1', paneId(agent)), leaf('2', paneId(diff))] },
      width: 800,
      height: 600,
      orientation: 'HORIZONTAL',
    },
    panels: { [paneId(agent)]: panel(agent), [paneId(diff)]: panel(diff) },
    activeGroup: '2',
    ...changes,
  };
}
const parse = (value: unknown) => parseLayout(JSON.stringify(value));

describe('parseLayout', () => {
  it('takes a good layout, and only what is known of it', () => {
    const parsed = parse(layout({ floatingGroups: [{}], extra: 1 }));
    expect(Object.keys(parsed ?? {}).toSorted()).toEqual(['activeGroup', 'grid', 'panels']);
    expect(parsed?.panels[paneId(agent)]).toEqual({
      id: paneId(agent),
      contentComponent: 'agent',
      tabComponent: 'pane',
      params: agent,
      renderer: 'onlyWhenVisible',
    });
  });

  const good = layout();
  it.each([
    ['nothing', null],
    ['no object', [1]],
    [
      'a panel of no known kind',
      layout({ panels: { ...good.panels, [paneId(diff)]: { params: { ...diff, kind: 'html' } } } }),
    ],
    ['a panel under another id', layout({ panels: { ...good.panels, x: panel(agent) } })],
    [
      'a panel that stands nowhere',
      layout({ grid: { ...good.grid, root: { type: 'branch', data: [leaf('1', paneId(agent))] } } }),
    ],
    [
      'a panel that stands twice',
      layout({
        grid: {
          ...good.grid,
          root: { type: 'branch', data: [leaf('1', paneId(agent), paneId(agent)), leaf('2', paneId(diff))] },
        },
      }),
    ],
    [
      'a group without panes',
      layout({ grid: { ...good.grid, root: { type: 'branch', data: [leaf('1')] } } }),
    ],
    ['a size that is no number', layout({ grid: { ...good.grid, width: 'wide' } })],
    ['an unknown orientation', layout({ grid: { ...good.grid, orientation: 'DIAGONAL' } })],
  ])('refuses %s', (_what, value) => {
    expect(parse(value)).toBeNull();
  });

  it('refuses text that is no JSON, and a grid without end', () => {
    expect(parseLayout('{')).toBeNull();
    let root: unknown = leaf('1', paneId(agent));
    for (let depth = 0; depth < 40; depth += 1) root = { type: 'branch', data: [root] };
    expect(
      parse(layout({ grid: { ...good.grid, root }, panels: { [paneId(agent)]: panel(agent) } })),
    ).toBeNull();
  });
});

describe('isPanelOf', () => {
  it('takes the same thing again under a number, and nothing else', () => {
    const id = paneId(agent);
    expect([id, `${id}#2`, `${id}#9`].every((panel) => isPanelOf(agent, panel))).toBe(true);
    expect(
      [`${id}#1`, `${id}#22`, `${id}#`, `${id}2`, paneId(diff)].some((panel) => isPanelOf(agent, panel)),
    ).toBe(false);
  });
});

describe('parsePane', () => {
  it.each([
    { ...agent, sessionId: 'ses_x' },
    { ...diff, path: '' },
    { ...diff, path: 'x'.repeat(5000) },
    { ...agent, workspaceId: '../x' },
    'agent',
    null,
  ])('refuses %j', (value) => {
    expect(parsePane(value)).toBeNull();
  });
});
