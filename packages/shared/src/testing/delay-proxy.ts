/** A TCP proxy on loopback that makes a network out of it: delay, silence, a cut. */
import { connect, createServer, type Socket } from 'node:net';

export interface DelayProxyOptions {
  /** Port on 127.0.0.1 that connections go on to. */
  readonly targetPort: number;
  /** Added to a round trip; half of it each way. Default 0. */
  readonly delayMs?: number;
  /** A free one when absent. */
  readonly port?: number;
}

export interface DelayProxy {
  readonly port: number;
  /** Ends every connection now; later ones work. */
  cut(): void;
  /** Carries nothing more, and ends nothing, until `thaw`. New connections are accepted and stay silent. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

/** A running proxy. Order and bytes are kept; bandwidth is not limited. */
export async function startDelayProxy(options: DelayProxyOptions): Promise<DelayProxy> {
  const oneWayMs = (options.delayMs ?? 0) / 2;
  const lanes = new Set<Lane>();
  const sockets = new Set<Socket>();
  let frozen = false;

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const target = connect({
      port: options.targetPort,
      host: '127.0.0.1',
      allowHalfOpen: true,
      noDelay: true,
    });
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(from);
      const lane = openLane({ from, to, oneWayMs, isFrozen: () => frozen });
      lanes.add(lane);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        lanes.delete(lane);
        to.destroySoon();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');

  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: address.port,
    cut,
    freeze: () => {
      frozen = true;
    },
    thaw: () => {
      frozen = false;
      for (const lane of lanes) lane.drain();
    },
    stop: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

interface Lane {
  drain(): void;
}

interface LaneInputs {
  readonly from: Socket;
  readonly to: Socket;
  readonly oneWayMs: number;
  readonly isFrozen: () => boolean;
}

function openLane({ from, to, oneWayMs, isFrozen }: LaneInputs): Lane {
  const waiting: { readonly dueAt: number; readonly bytes: Buffer | null }[] = [];
  let timer: NodeJS.Timeout | null = null;
  const drain = () => {
    timer = null;
    while (!isFrozen() && waiting[0] && waiting[0].dueAt <= performance.now()) {
      const { bytes } = waiting.shift() as (typeof waiting)[number];
      if (bytes === null) to.end();
      else to.write(bytes);
    }
    if (!isFrozen()) plan();
  };
  const plan = () => {
    if (timer !== null || waiting[0] === undefined) return;
    // Timers can fire a little early; half a millisecond keeps that from becoming a busy loop.
    timer = setTimeout(drain, Math.max(0.5, waiting[0].dueAt - performance.now()));
  };
  const put = (bytes: Buffer | null) => {
    waiting.push({ dueAt: performance.now() + oneWayMs, bytes });
    if (oneWayMs === 0) drain();
    else plan();
  };
  from.on('data', put);
  from.on('end', () => put(null));
  return { drain };
}
