import { newId } from '@farhand/shared/model/ids';
import { describe, expect, it } from 'vitest';
import { forkName } from './fork-name.ts';

const projectId = newId('project');
const named = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, { name, projectId }] as const));

describe('the name of a fork', () => {
  it.each([
    ['checkout', [], 'checkout fork'],
    ['checkout', ['checkout fork'], 'checkout fork 2'],
    ['checkout fork', ['checkout fork', 'checkout fork 2'], 'checkout fork 3'],
  ])('of %j beside %j is %j', (name, taken, made) => {
    expect(forkName({ name, projectId }, named(...taken))).toBe(made);
  });

  it('is not too long, also with a number', () => {
    const name = 'a'.repeat(64);
    const first = forkName({ name, projectId }, {});
    const second = forkName({ name, projectId }, named(first));
    expect([first.length, second.length]).toEqual([64, 64]);
    expect(second).not.toBe(first);
  });

  it('may be that of another project’s workspace', () => {
    const other = { a: { name: 'checkout fork', projectId: newId('project') } };
    expect(forkName({ name: 'checkout', projectId }, other)).toBe('checkout fork');
  });
});
