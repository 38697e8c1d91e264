import { describe, expect, it } from 'vitest';
import {
  changed,
  duplicated,
  firstDrafts,
  MOST_VARIANTS,
  removed,
  variantsOf,
  withModels,
} from './variant-drafts.ts';

const two = withModels(firstDrafts('gpu-1'), ['a/one', 'a/two', 'a/three']);

describe('the rows of a comparison', () => {
  it('begin with two models where there are two', () => {
    expect(two.map(({ model }) => model)).toEqual(['a/one', 'a/two']);
    expect(withModels(firstDrafts('gpu-1'), ['a/one']).map(({ model }) => model)).toEqual(['a/one', 'a/one']);
    expect(withModels(firstDrafts('gpu-1'), []).map(({ model }) => model)).toEqual([null, null]);
  });

  it('keep a model that was chosen, and give none to an agent that has its own', () => {
    const chosen = changed(changed(firstDrafts('gpu-1'), 1, { model: 'a/two' }), 2, { agent: 'codex' });
    expect(withModels(chosen, ['a/one']).map(({ model }) => model)).toEqual(['a/two', null]);
  });

  it('are copied below the copied one, under a key of their own', () => {
    const three = duplicated(two, 1);
    expect(three.map(({ model }) => model)).toEqual(['a/one', 'a/one', 'a/two']);
    expect(new Set(three.map(({ key }) => key)).size).toBe(3);
  });

  it('are no more than the server takes', () => {
    let rows = two;
    for (let tries = 0; tries < 40; tries += 1) rows = duplicated(rows, 1);
    expect(rows).toHaveLength(MOST_VARIANTS);
  });

  it('keep the last one', () => {
    const one = removed(two, 1);
    expect(one.map(({ key }) => key)).toEqual([2]);
    expect(removed(one, 2)).toEqual(one);
  });

  it('forget the agent with the host, and only then', () => {
    const codex = changed(two, 1, { agent: 'codex' });
    expect(codex[0]?.agent).toBe('codex');
    expect(changed(codex, 1, { host: 'gpu-1' })[0]?.agent).toBe('codex');
    expect(changed(codex, 1, { host: 'gpu-2' })[0]?.agent).toBe('builtin');
  });

  it('are sent without a model where the agent has its own, and without the host that is the workspace’s', () => {
    const rows = changed(changed(two, 1, { agent: 'codex' }), 2, { host: ' gpu-2 ' });
    expect(variantsOf(rows, 'gpu-1')).toEqual([
      { agent: 'codex', model: null, host: null },
      { agent: 'builtin', model: 'a/two', host: 'gpu-2' },
    ]);
  });
});
