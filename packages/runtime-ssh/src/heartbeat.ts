/** Notices a link that carries nothing any more, sooner than ssh does, and measures the round trip. */
import type { Connection } from './connection.ts';
import type { ControlShell } from './control-shell.ts';

const INTERVAL_MS = 4_000;
/** With the interval: a frozen link is noticed within ten seconds, a loaded host is not taken for one. */
const ANSWER_TIMEOUT_MS = 5_000;
/** After the last use of a host, ssh's own keep-alive is enough. */
const IN_USE_MS = 60_000;

export interface HeartbeatDeps {
  readonly connection: Connection;
  readonly control: ControlShell;
  /** When the host was last used, by `performance.now()`; now, while something runs. */
  readonly lastUsedAt: () => number;
}

/** Beats while the host is in use, until the returned function is called. */
export function startHeartbeat({ connection, control, lastUsedAt }: HeartbeatDeps): () => void {
  let isBeating = false;
  const beat = async () => {
    const isInUse = performance.now() - lastUsedAt() < IN_USE_MS;
    if (isBeating || !isInUse || connection.state().state !== 'connected') return;
    isBeating = true;
    let giveUp: NodeJS.Timeout | undefined;
    try {
      // To start a shell may take a slow host long; to answer in one may not.
      await control.warm();
      giveUp = setTimeout(() => connection.drop(), ANSWER_TIMEOUT_MS);
      connection.setLatency(await control.measure());
    } catch {
      // The loss of the connection is told by the connection.
    } finally {
      clearTimeout(giveUp);
      isBeating = false;
    }
  };
  const unwatch = connection.watch((state) => {
    if (state.state === 'connected' && state.latencyMs === null) void beat();
  });
  const timer = setInterval(() => void beat(), INTERVAL_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    unwatch();
  };
}
