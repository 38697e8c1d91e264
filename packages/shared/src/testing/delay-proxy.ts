/** A TCP proxy on loopback that makes a network out of it: delay, silence, half of a message, a cut. */
import { connect, createServer, type Socket } from 'node:net';
import { type Lane, openLane } from './proxy-lane.ts';

export interface DelayProxyOptions {
  /** Port on 127.0.0.1 that connections go on to. */
  readonly targetPort: number;
  /** Added to a round trip; half of it each way. Default 0. */
  readonly delayMs?: number;
  /** A free one when absent. */
  readonly port?: number;
}

/** `up` goes to the target, `down` comes from it. */
export type ProxyDirection = 'up' | 'down';

export interface DelayProxy {
  readonly port: number;
  /** Connections that are open now. */
  readonly connectionCount: number;
  /** Ends every connection now; later ones work. */
  cut(): void;
  /** Ends one connection, counted from the oldest and round again; nothing where there is none. */
  cutOne(index: number): void;
  /**
   * Lets a part of the next bytes of every connection through, then ends it. `part` is asked for each of them for a
   * number from 0 up to 1. Those that carry nothing for 100 ms are ended all the same.
   */
  truncate(part: () => number): void;
  /** Carries nothing more, and ends nothing, until `thaw`. New connections are accepted and stay silent. */
  freeze(): void;
  thaw(): void;
  /** As `freeze`, but only what goes this way. */
  stall(direction: ProxyDirection): void;
  unstall(direction: ProxyDirection): void;
  /** From now on; bytes on their way keep the time they have. */
  setDelay(delayMs: number): void;
  stop(): Promise<void>;
}

const TRUNCATE_WITHIN_MS = 100;

interface Link {
  readonly lanes: readonly Lane[];
  cut(): void;
}

/** A running proxy. Order and bytes are kept; bandwidth is not limited. */
export async function startDelayProxy(options: DelayProxyOptions): Promise<DelayProxy> {
  let oneWayMs = (options.delayMs ?? 0) / 2;
  const links = new Set<Link>();
  const stalled = new Set<ProxyDirection>();
  let isFrozen = false;

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const target = connect({
      port: options.targetPort,
      host: '127.0.0.1',
      allowHalfOpen: true,
      noDelay: true,
    });
    const laneOf = (direction: ProxyDirection, from: Socket, to: Socket) =>
      openLane({ from, to, oneWayMs: () => oneWayMs, isHeld: () => isFrozen || stalled.has(direction) });
    const sockets = [client, target];
    const link: Link = {
      lanes: [laneOf('up', client, target), laneOf('down', target, client)],
      cut: () => {
        for (const socket of sockets) socket.destroy();
      },
    };
    links.add(link);
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      from.on('error', () => to.destroy());
      from.on('close', () => {
        links.delete(link);
        to.destroySoon();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');

  const drain = () => {
    for (const { lanes } of links) for (const lane of lanes) lane.drain();
  };
  const cut = () => {
    for (const link of links) link.cut();
  };
  return {
    port: address.port,
    get connectionCount() {
      return links.size;
    },
    cut,
    cutOne(index) {
      if (links.size > 0) [...links][index % links.size]?.cut();
    },
    truncate(part) {
      const armed = [...links];
      for (const link of armed) for (const lane of link.lanes) lane.truncate(part(), link.cut);
      setTimeout(() => {
        for (const link of armed) link.cut();
      }, TRUNCATE_WITHIN_MS).unref();
    },
    freeze: () => {
      isFrozen = true;
    },
    thaw: () => {
      isFrozen = false;
      drain();
    },
    stall: (direction) => void stalled.add(direction),
    unstall: (direction) => {
      stalled.delete(direction);
      drain();
    },
    setDelay: (delayMs) => {
      oneWayMs = delayMs / 2;
    },
    stop: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
