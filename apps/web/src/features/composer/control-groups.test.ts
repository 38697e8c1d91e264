import type { AgentOption } from '@farhand/shared/model/agents';
import { describe, expect, it } from 'vitest';
import { byGroup, controlGroups, isPlanMode } from './control-groups.ts';

const choice = (value: string, group: string | null = null) => ({
  value,
  name: value,
  description: null,
  group,
});
const option = (id: string, category: string | null, choices = [choice('a')]): AgentOption => ({
  id,
  name: id,
  description: null,
  category,
  value: choices.length > 0 ? 'a' : true,
  choices,
});

describe('controlGroups', () => {
  const options = [
    option('verbose', null, []),
    option('reasoning_effort', 'thought_level'),
    option('m', 'model'),
    option('m2', 'model'),
  ];

  it('shows one of each known category, model first, and the rest in the menu', () => {
    const { direct, more } = controlGroups(options, false);
    expect(direct.map(({ id }) => id)).toEqual(['m', 'reasoning_effort']);
    expect(more.map(({ id }) => id)).toEqual(['verbose', 'm2']);
  });

  it('leaves the agent’s models out where the page has its own', () => {
    const { direct, more } = controlGroups(options, true);
    expect([...direct, ...more].map(({ id }) => id)).toEqual(['reasoning_effort', 'verbose']);
  });
});

describe('isPlanMode', () => {
  const modes = [
    { id: 'x1', name: 'Plan mode', description: null },
    { id: 'explain', name: 'Explain', description: null },
  ];
  it('knows it by its id or its name', () => {
    expect(isPlanMode({ modes: [], mode: 'plan' })).toBe(true);
    expect(isPlanMode({ modes: [], mode: 'read_plan' })).toBe(true);
    expect(isPlanMode({ modes, mode: 'x1' })).toBe(true);
  });
  it('takes no other for it', () => {
    expect(isPlanMode({ modes, mode: 'explain' })).toBe(false);
    expect(isPlanMode({ modes, mode: null })).toBe(false);
  });
});

describe('byGroup', () => {
  it('keeps the order of the first of each', () => {
    const groups = byGroup([choice('a', 'x'), choice('b'), choice('c', 'x')]);
    expect(groups.map(({ group, choices }) => [group, choices.map(({ value }) => value)])).toEqual([
      ['x', ['a', 'c']],
      [null, ['b']],
    ]);
  });
});
