import type { HostId } from '@farhand/shared/model/hosts';
import { newId } from '@farhand/shared/model/ids';
import type { Entity } from '@farhand/shared/protocol/frames';
import { describe, expect, it } from 'vitest';
import { applyChanged, applyRemoved, applySnapshot, EMPTY_ENTITIES } from './entities.ts';

const project = (name: string, id = newId('project')): Entity & { kind: 'project' } => ({
  kind: 'project',
  value: { id, name, path: '/p', url: null, defaultBranch: 'main', createdAt: '', lastUsedAt: '' },
});
const host: Entity = {
  kind: 'host',
  value: {
    id: 'gpu-1' as HostId,
    label: 'gpu-1',
    source: 'typed',
    connection: { state: 'idle' },
    method: 'master',
    chosenMethod: null,
    sessionLimit: null,
    agentLimit: null,
    warnings: [],
    record: null,
    recordProblem: null,
    isDefault: false,
    learned: null,
  },
};

describe('entities', () => {
  it('leaves tables alone that a change is not about', () => {
    const before = applyChanged(EMPTY_ENTITIES, project('shop'));
    const after = applyChanged(before, host);
    expect(after.projects).toBe(before.projects);
    expect(after.hosts).toHaveProperty('gpu-1');
  });

  it('is the same object after a change that says nothing new', () => {
    const before = applyChanged(EMPTY_ENTITIES, host);
    expect(applyChanged(before, structuredClone(host))).toBe(before);
    expect(applyRemoved(before, 'workspace', newId('workspace'))).toBe(before);
  });

  it('takes out what was removed', () => {
    const shop = project('shop');
    const before = applyChanged(EMPTY_ENTITIES, shop);
    expect(applyRemoved(before, 'project', shop.value.id).projects).toEqual({});
  });

  it('holds exactly the snapshot, with the known objects where nothing changed', () => {
    const kept = project('kept');
    const gone = project('gone');
    const renamed = project('old');
    const before = [kept, gone, renamed].reduce(applyChanged, EMPTY_ENTITIES);
    const after = applySnapshot(before, [structuredClone(kept), project('new', renamed.value.id)]);
    expect(Object.values(after.projects).map(({ name }) => name)).toEqual(['kept', 'new']);
    expect(after.projects[kept.value.id]).toBe(before.projects[kept.value.id]);
  });
});
