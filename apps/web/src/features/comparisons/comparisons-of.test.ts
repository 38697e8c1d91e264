import type { Comparison } from '@farhand/shared/model/comparisons';
import { newId } from '@farhand/shared/model/ids';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { describe, expect, it } from 'vitest';
import { comparisonsOf, comparisonsWithout } from './comparisons-of.ts';

const projectId = newId('project');
// What is not read here is left out.
const workspace = (state: Workspace['state'], of = projectId) =>
  ({ id: newId('workspace'), projectId: of, state }) as Workspace;
const comparison = (source: Workspace, forks: readonly Workspace[], createdAt: string) =>
  ({
    id: newId('comparison'),
    workspaceId: source.id,
    variants: forks.map(({ id }) => ({ workspaceId: id })),
    createdAt,
  }) as Comparison;
const byId = <One extends { readonly id: string }>(...all: One[]) =>
  Object.fromEntries(all.map((one) => [one.id, one]));

const source = workspace('ready');
const fork = workspace('ready');
const late = comparison(source, [fork], '2026-11-21T10:00:01.000Z');
const early = comparison(source, [fork], '2026-11-21T10:00:00.000Z');
const comparisons = byId(late, early);

describe('comparisons in the list', () => {
  it('stand under the workspace that was forked, oldest first', () => {
    const known = { comparisons, workspaces: byId(source, fork) };
    expect(comparisonsOf(known, source.id)).toEqual([early, late]);
    expect(comparisonsOf(known, fork.id)).toEqual([]);
    expect(comparisonsWithout(known, projectId)).toEqual([]);
  });

  it('stand under the project where the workspace is archived or gone', () => {
    const archived = { ...source, state: 'archived' as const };
    expect(comparisonsWithout({ comparisons, workspaces: byId(archived, fork) }, projectId)).toHaveLength(2);
    expect(comparisonsWithout({ comparisons, workspaces: byId(fork) }, projectId)).toHaveLength(2);
    expect(comparisonsWithout({ comparisons, workspaces: byId(fork) }, newId('project'))).toEqual([]);
    expect(comparisonsWithout({ comparisons, workspaces: {} }, projectId)).toEqual([]);
  });
});
