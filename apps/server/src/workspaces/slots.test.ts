import { describe, expect, it } from 'vitest';
import { createSlots } from './slots.ts';

describe('slots', () => {
  const { signal } = new AbortController();
  const gate = () => {
    let open = () => {};
    const promise = new Promise<void>((resolve) => (open = resolve));
    return { promise, open };
  };

  it('runs so many of one key at a time, in order, and holds up no other key', async () => {
    const slots = createSlots(2);
    const begun: string[] = [];
    const gates = [gate(), gate(), gate()];
    const runs = gates.map(({ promise }, index) =>
      slots.run('a', async () => (begun.push(`a${index}`), promise), signal),
    );
    await slots.run('b', async () => void begun.push('b'), signal);
    expect(begun).toEqual(['a0', 'a1', 'b']);
    gates[0]?.open();
    await runs[0];
    await expect.poll(() => begun).toEqual(['a0', 'a1', 'b', 'a2']);
    for (const { open } of gates) open();
    await Promise.all(runs);
  });

  it('leaves out one that was aborted while it waited, and frees the slot of one that failed', async () => {
    const slots = createSlots(1);
    const first = gate();
    const running = slots.run('a', () => first.promise, signal);
    const stop = new AbortController();
    const aborted = slots.run('a', async () => 'never', stop.signal);
    const failing = slots.run('a', () => Promise.reject(new Error('no')), signal);
    const last = slots.run('a', async () => 'last', signal);
    stop.abort(new Error('ended'));
    await expect(aborted).rejects.toThrow('ended');
    first.open();
    await expect(failing).rejects.toThrow('no');
    expect(await last).toBe('last');
    await running;
  });
});
