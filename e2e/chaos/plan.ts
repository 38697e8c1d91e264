import type { ProxyDirection } from '@farhand/shared/testing/delay-proxy';
import { createRandom, type Random } from '@farhand/shared/testing/random';

/** One thing that goes wrong. Times in milliseconds; `pick` chooses one of what is there, from 0 up to 1. */
export type Fault =
  /** All connections to the host end. */
  | { readonly kind: 'cut_all' }
  | { readonly kind: 'cut_one'; readonly pick: number }
  /** A part of what is on its way arrives, then the connection ends; other parts for each seed. */
  | { readonly kind: 'truncate'; readonly seed: number }
  /** Nothing arrives and nothing ends. */
  | { readonly kind: 'freeze'; readonly forMs: number }
  | { readonly kind: 'stall'; readonly direction: ProxyDirection; readonly forMs: number }
  | { readonly kind: 'delay'; readonly delayMs: number; readonly forMs: number }
  | { readonly kind: 'kill_master'; readonly pick: number }
  /** The host's own sshd ends its connections. */
  | { readonly kind: 'kill_sshd_sessions' }
  /** `kill -9` of the server, which is then started again. */
  | { readonly kind: 'kill_server' }
  /** The page's WebSocket ends. */
  | { readonly kind: 'drop_socket' };

export type FaultKind = Fault['kind'];

export interface PlannedFault {
  readonly atMs: number;
  readonly fault: Fault;
}

/** Of fifty faults so many are of a kind; a long freeze is one that the heartbeat must notice. */
const DECK: Readonly<Record<Exclude<FaultKind, 'freeze'> | 'short_freeze' | 'long_freeze', number>> = {
  cut_all: 8,
  cut_one: 9,
  truncate: 8,
  short_freeze: 5,
  long_freeze: 1,
  stall: 4,
  delay: 5,
  kill_master: 4,
  kill_sshd_sessions: 2,
  kill_server: 2,
  drop_socket: 2,
};
const CARDS = Object.entries(DECK).flatMap(([kind, count]) =>
  Array.from({ length: count }, () => kind as keyof typeof DECK),
);

/** Faults come in bursts, with time between them for a connection to be made and used. */
const BURST = { share: 0.8, shortestMs: 20, longestMs: 180 };
const PAUSE = { shortestMs: 1000, longestMs: 3000 };

/** All faults of a run with their times: the same for the same seed. */
export function planFaults(seed: number, cuts: number): PlannedFault[] {
  const random = createRandom(seed);
  const planned: PlannedFault[] = [];
  let deck: (typeof CARDS)[number][] = [];
  let atMs = 0;
  while (planned.length < cuts) {
    if (deck.length === 0) deck = random.shuffled(CARDS);
    const { shortestMs, longestMs } = random.next() < BURST.share ? BURST : PAUSE;
    atMs += random.between(shortestMs, longestMs);
    const card = deck.pop() ?? 'cut_all';
    const fault = draw(card, random);
    planned.push({ atMs: Math.round(atMs), fault });
    // Whatever else happened in it would be noticed instead.
    if (card === 'long_freeze' && fault.kind === 'freeze') atMs += fault.forMs;
  }
  return planned;
}

function draw(card: (typeof CARDS)[number], random: Random): Fault {
  switch (card) {
    case 'short_freeze':
      return { kind: 'freeze', forMs: Math.round(random.between(200, 900)) };
    case 'long_freeze':
      return { kind: 'freeze', forMs: Math.round(random.between(2000, 12_000)) };
    case 'stall':
      return {
        kind: 'stall',
        direction: random.next() < 0.5 ? 'up' : 'down',
        forMs: Math.round(random.between(200, 1200)),
      };
    case 'delay':
      return {
        kind: 'delay',
        delayMs: Math.round(random.between(20, 120)),
        forMs: Math.round(random.between(500, 2000)),
      };
    case 'cut_one':
    case 'kill_master':
      return { kind: card, pick: random.next() };
    case 'truncate':
      return { kind: card, seed: random.below(2 ** 31) };
    default:
      return { kind: card };
  }
}
