import { expect, it } from 'vitest';
import { proposalCount } from './proposal-count.ts';

const told = (...states: Parameters<typeof proposalCount>[0][number]['state'][]) =>
  proposalCount(states.map((state) => ({ state })));

it('tells what waits for the person, and of what could not be applied', () => {
  expect(told()).toBe('nothing collected yet');
  expect(told('open', 'applied', 'refused')).toBe('1 proposal to look at');
  expect(told('open', 'open')).toBe('2 proposals to look at');
  expect(told('refused', 'failed', 'applied')).toBe('2 could not be applied');
  expect(told('applied', 'discarded')).toBe('nothing left to look at');
});
