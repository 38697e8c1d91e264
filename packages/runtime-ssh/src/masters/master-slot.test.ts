import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Channels } from './channels.ts';
import { MasterSlot } from './master-slot.ts';

const IDLE_MS = 60_000;

function slotOf(isSpare: boolean) {
  let closed = 0;
  const close = async () => void (closed += 1);
  const slot = new MasterSlot({ channels: {} as Channels, close }, { onRoom() {}, isSpare: () => isSpare });
  return { slot, closed: () => closed };
}

describe('a master slot', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('closes a master that nothing came to use', () => {
    const { closed } = slotOf(true);
    vi.advanceTimersByTime(IDLE_MS);
    expect(closed()).toBe(1);
  });

  it('closes a spare master a while after its last session, also where that never opened', () => {
    const { slot, closed } = slotOf(true);
    slot.begin('command');
    slot.confirm();
    vi.advanceTimersByTime(2 * IDLE_MS);
    expect(closed()).toBe(0);
    slot.end('command');
    slot.begin('single');
    vi.advanceTimersByTime(2 * IDLE_MS);
    expect(closed()).toBe(0);
    slot.fail('single', false);
    vi.advanceTimersByTime(IDLE_MS);
    expect(closed()).toBe(1);
  });

  it('keeps the one that is no spare', () => {
    const { closed } = slotOf(false);
    vi.advanceTimersByTime(10 * IDLE_MS);
    expect(closed()).toBe(0);
  });
});
