import type { Socket } from 'node:net';

/** One direction of a proxied connection. */
export interface Lane {
  /** Carries on with what is due. */
  drain(): void;
  /** Lets `part` (0 up to 1) of the next bytes through and calls `done` once they are with the kernel. */
  truncate(part: number, done: () => void): void;
}

interface LaneInputs {
  readonly from: Socket;
  readonly to: Socket;
  readonly oneWayMs: () => number;
  /** While true nothing is carried. */
  readonly isHeld: () => boolean;
}

/** Carries what `from` gives to `to`: late, in order. */
export function openLane({ from, to, oneWayMs, isHeld }: LaneInputs): Lane {
  const waiting: { readonly dueAt: number; readonly bytes: Buffer | null }[] = [];
  let timer: NodeJS.Timeout | null = null;
  let truncation: { readonly part: number; readonly done: () => void } | null = null;
  let isOver = false;

  const carry = (bytes: Buffer) => {
    if (!truncation) return void to.write(bytes);
    const { part, done } = truncation;
    // What follows a hole must not be seen as if it were the next.
    isOver = true;
    waiting.length = 0;
    to.write(bytes.subarray(0, Math.floor(bytes.byteLength * part)), done);
  };
  const drain = () => {
    timer = null;
    while (!isHeld() && waiting[0] && waiting[0].dueAt <= performance.now()) {
      const { bytes } = waiting.shift() as (typeof waiting)[number];
      if (bytes === null) to.end();
      else carry(bytes);
    }
    if (!isHeld()) plan();
  };
  const plan = () => {
    if (timer !== null || waiting[0] === undefined) return;
    // Timers can fire a little early; half a millisecond keeps that from becoming a busy loop.
    timer = setTimeout(drain, Math.max(0.5, waiting[0].dueAt - performance.now()));
  };
  const put = (bytes: Buffer | null) => {
    if (isOver) return;
    // Never before what came earlier, when the delay was longer.
    const dueAt = Math.max(performance.now() + oneWayMs(), waiting.at(-1)?.dueAt ?? 0);
    waiting.push({ dueAt, bytes });
    if (oneWayMs() === 0 && waiting.length === 1) drain();
    else plan();
  };
  from.on('data', put);
  from.on('end', () => put(null));
  return {
    drain,
    truncate(part, done) {
      truncation = { part, done };
    },
  };
}
