/** Notices that the network changed or that this machine slept: reasons to look at a connection at once. */
import { networkInterfaces } from 'node:os';

const INTERVAL_MS = 2_000;
/** Timers that come this much late mean sleep; a busy process is late by less. */
const SLEEP_GAP_MS = 10_000;

export interface WakeWatchOptions {
  /** True while a change of the network matters: then the interfaces are looked at. */
  readonly isRetrying: () => boolean;
  /** Other addresses than a moment ago. */
  readonly onNetworkChange: () => void;
  /** This machine slept. */
  readonly onWake: () => void;
  /** What stands for the network; the addresses of this machine when absent. */
  readonly readNetwork?: () => string;
  /** Milliseconds that go on in sleep; `Date.now` when absent. */
  readonly now?: () => number;
  readonly intervalMs?: number;
}

/** Watches until the returned function is called; does not keep the process alive. */
export function watchForWake(options: WakeWatchOptions): () => void {
  const now = options.now ?? Date.now;
  const readNetwork = options.readNetwork ?? addresses;
  let lastAt = now();
  let lastNetwork: string | null = null;
  const look = () => {
    const gapMs = now() - lastAt;
    lastAt = now();
    if (gapMs > SLEEP_GAP_MS) options.onWake();
    if (!options.isRetrying()) {
      lastNetwork = null;
      return;
    }
    const network = readNetwork();
    if (lastNetwork !== null && network !== lastNetwork) options.onNetworkChange();
    lastNetwork = network;
  };
  const timer = setInterval(look, options.intervalMs ?? INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function addresses(): string {
  return JSON.stringify(
    Object.entries(networkInterfaces()).map(([name, all]) => [name, all?.map(({ address }) => address)]),
  );
}
