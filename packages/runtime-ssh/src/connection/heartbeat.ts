/** Notices a link that carries nothing any more, sooner than ssh does, and measures the round trip. */
import type { Connection } from '../connection.ts';
import type { MasterSlot } from '../masters/master-slot.ts';
import type { ControlShell } from '../shells/control-shell.ts';

const INTERVAL_MS = 3_000;
/** With the interval: a frozen link is noticed within ten seconds, a loaded host is not taken for one. */
const SILENCE_MS = 5_000;

export interface HeartbeatDeps {
  readonly connection: Connection;
  readonly control: ControlShell;
}

export interface Heartbeat {
  /** Beats now, whatever the interval. */
  beat(): void;
  stop(): void;
}

/**
 * Asks the host's sshd on every master by a request that costs no session; a master that brings neither the answer nor
 * anything else for `SILENCE_MS` is ended. What is busy with much output or input answers late but is not silent.
 */
export function startHeartbeat({ connection, control }: HeartbeatDeps): Heartbeat {
  const beating = new Set<MasterSlot>();
  const beat = () => {
    if (connection.state().state !== 'connected') return;
    for (const slot of connection.masters.slots) {
      if (beating.has(slot)) continue;
      beating.add(slot);
      void ping(slot).then((latencyMs) => {
        beating.delete(slot);
        if (latencyMs === null) void slot.master.close();
        else if (latencyMs !== 0 && connection.masters.slots[0] === slot) connection.setLatency(latencyMs);
      });
    }
  };
  const unwatch = connection.watch((state) => {
    // The shell that ends commands is there before it is needed; only then is there something to ask on.
    if (state.state === 'connected' && state.latencyMs === null) control.warm().then(beat, () => {});
  });
  const timer = setInterval(beat, INTERVAL_MS);
  timer.unref();
  return {
    beat,
    stop: () => {
      clearInterval(timer);
      unwatch();
    },
  };
}

/** The round trip in milliseconds; 0 where there was nothing to ask on, null where the host was silent for too long. */
async function ping({ master, sessions }: MasterSlot): Promise<number | null> {
  if (sessions === 0) return 0;
  const from = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<null>((resolve) => {
    let received = master.channels.received();
    const listen = () => {
      timer = setTimeout(() => {
        if (received === master.channels.received()) return resolve(null);
        received = master.channels.received();
        listen();
      }, SILENCE_MS);
    };
    listen();
  });
  const answer = master.channels.ping().then((isAnswered) => (isAnswered ? performance.now() - from : 0));
  try {
    return await Promise.race([answer, silence]);
  } finally {
    clearTimeout(timer);
  }
}
