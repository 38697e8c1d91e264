import { describe, expect, it } from 'vitest';
import { Lanes } from './lanes.ts';

const any = () => true;

describe('Lanes', () => {
  it('serves the lanes in turn, each in its own order', () => {
    const lanes = new Lanes<string>();
    for (const item of ['a1', 'a2', 'a3', 'b1', 'b2', 'c1']) lanes.push(item.charAt(0), item);
    expect(Array.from({ length: 6 }, () => lanes.shift(any))).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
    expect(lanes.shift(any)).toBeUndefined();
  });

  it('passes over a lane that may not run, and keeps its turn', () => {
    const lanes = new Lanes<string>();
    for (const item of ['a1', 'a2', 'b1', 'b2']) lanes.push(item.charAt(0), item);
    expect(lanes.shift((lane) => lane !== 'a')).toBe('b1');
    expect(lanes.hasRunnable((lane) => lane === 'c')).toBe(false);
    expect(lanes.shift(any)).toBe('a1');
  });

  it('forgets what is removed and gives up the rest', () => {
    const lanes = new Lanes<string>();
    for (const item of ['a1', 'a2', 'b1']) lanes.push(item.charAt(0), item);
    lanes.remove('a', 'a1');
    lanes.remove('b', 'b1');
    lanes.remove('b', 'b1');
    expect(lanes.size).toBe(1);
    expect(lanes.takeAll()).toEqual(['a2']);
    expect(lanes.size).toBe(0);
  });
});
