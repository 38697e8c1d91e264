import { afterEach, describe, expect, it } from 'vitest';
import { type WakeWatchOptions, watchForWake } from './wake-watch.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Watches a machine whose clock and network the test turns. */
function watched(isRetrying: () => boolean) {
  const machine = { now: 0, network: 'wlan0', looks: 0, changes: 0, wakes: 0 };
  const options: WakeWatchOptions = {
    isRetrying,
    onNetworkChange: () => machine.changes++,
    onWake: () => machine.wakes++,
    readNetwork: () => {
      machine.looks++;
      return machine.network;
    },
    now: () => machine.now,
    intervalMs: 1,
  };
  closers.push(watchForWake(options));
  return machine;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 1));
}

describe('watchForWake', () => {
  it('tells a change of the addresses while a connection is retried, once', async () => {
    const machine = watched(() => true);
    await until(() => machine.looks > 2);
    expect(machine.changes).toBe(0);
    machine.network = 'wlan0 tun0';
    await until(() => machine.changes > 0);
    const { looks } = machine;
    await until(() => machine.looks > looks + 2);
    expect(machine.changes).toBe(1);
  });

  it('does not look at the network of a connection that is up', async () => {
    let asked = 0;
    const machine = watched(() => ++asked < 0);
    await until(() => asked > 5);
    expect(machine.looks).toBe(0);
  });

  it('tells that the machine slept', async () => {
    const machine = watched(() => true);
    machine.now = 9_000;
    await until(() => machine.looks > 3);
    expect(machine.wakes).toBe(0);
    machine.now = 20_000;
    await until(() => machine.wakes > 0);
    expect(machine.wakes).toBe(1);
  });
});
