import { FarhandError } from '../../../errors/farhand-error.ts';
import { concatBytes } from '../../bytes.ts';
import type { AttachOptions, JobStream } from '../../port.ts';
import { nonsense } from './frames.ts';

/** Queued bytes of a slow reader at which the host is told to wait with its output. */
const PAUSE_AT_BYTES = 1024 * 1024;
const GO_ON_AT_BYTES = PAUSE_AT_BYTES / 2;
/** What may come before the host has heard that; a reader with more is left, and attaches again by its offset. */
const LARGEST_QUEUE_BYTES = 16 * PAUSE_AT_BYTES;
const JOINED_BYTES = 4096;

type Item =
  | {
      readonly kind: 'output';
      readonly stream: JobStream;
      readonly offset: number;
      readonly bytes: Uint8Array;
    }
  | { readonly kind: 'missed'; readonly stream: JobStream; readonly from: number; readonly to: number }
  | { readonly kind: 'end'; readonly line: string };

export interface AttachmentDeps {
  readonly options: Pick<AttachOptions, 'onOutput' | 'onMissed'>;
  /** The next byte of each stream; moved on as bytes are given to the reader. */
  readonly next: Record<JobStream, number>;
  /** Tells the hub to wait with this one, and to go on. */
  readonly pause: (isPaused: boolean) => void;
}

/** One reader of one job: gives it the bytes in order, one piece at a time, and keeps what comes meanwhile. */
export class Attachment {
  readonly #deps: AttachmentDeps;
  /** As `next`, but of what has arrived. */
  readonly #arrived: Record<JobStream, number>;
  readonly #queue: Item[] = [];
  /** The job's status line, after all output was taken; rejects with what `fail` was given, or what the reader threw. */
  readonly ended: Promise<string>;
  #resolve: (line: string) => void = () => {};
  #reject: (error: unknown) => void = () => {};
  #queuedBytes = 0;
  #isBusy = false;
  #isPaused = false;
  #isOver = false;

  constructor(deps: AttachmentDeps) {
    this.#deps = deps;
    this.#arrived = { ...deps.next };
    this.ended = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  output(stream: JobStream, offset: number, bytes: Uint8Array): void {
    if (offset !== this.#arrived[stream]) throw nonsense(`byte ${offset} after ${this.#arrived[stream]}`);
    this.#arrived[stream] += bytes.length;
    if (!this.#isBusy) return this.#deliver({ kind: 'output', stream, offset, bytes });
    this.#keep(stream, offset, bytes);
    this.#queuedBytes += bytes.length;
    if (this.#queuedBytes > LARGEST_QUEUE_BYTES) this.fail(new FarhandError('host.connection_lost'));
    else this.#setPaused(this.#isPaused || this.#queuedBytes >= PAUSE_AT_BYTES);
  }

  missed(stream: JobStream, from: number, to: number): void {
    if (from !== this.#arrived[stream] || to <= from) throw nonsense(`missed ${from} to ${to}`);
    this.#arrived[stream] = to;
    this.#put({ kind: 'missed', stream, from, to });
  }

  end(line: string): void {
    this.#put({ kind: 'end', line });
  }

  /** Gives nothing more to the reader. */
  fail(error: unknown): void {
    this.#isOver = true;
    this.#queue.length = 0;
    this.#queuedBytes = 0;
    this.#reject(error);
  }

  // A copy, since what was lent may be a small part of a large block; small pieces are joined, so that they stay few.
  #keep(stream: JobStream, offset: number, bytes: Uint8Array): void {
    const last = this.#queue.at(-1);
    if (
      last?.kind === 'output' &&
      last.stream === stream &&
      last.bytes.length + bytes.length <= JOINED_BYTES
    ) {
      this.#queue.splice(-1, 1, { ...last, bytes: concatBytes([last.bytes, bytes]) });
    } else {
      this.#queue.push({ kind: 'output', stream, offset, bytes: bytes.slice() });
    }
  }

  #put(item: Item): void {
    if (this.#isBusy) this.#queue.push(item);
    else this.#deliver(item);
  }

  #deliver(item: Item): void {
    if (this.#isOver) return;
    try {
      const holding = this.#give(item);
      if (holding === undefined) return;
      this.#isBusy = true;
      holding.then(
        () => this.#goOn(),
        (error: unknown) => this.fail(error),
      );
    } catch (error) {
      this.fail(error);
    }
  }

  #give(item: Item): void | Promise<void> {
    const { next, options } = this.#deps;
    if (item.kind === 'end') return this.#resolve(item.line);
    if (item.kind === 'missed') {
      next[item.stream] = item.to;
      return options.onMissed?.(item.stream, item.from, item.to);
    }
    next[item.stream] = item.offset + item.bytes.length;
    return options.onOutput(item.stream, item.offset, item.bytes);
  }

  #goOn(): void {
    this.#isBusy = false;
    while (!this.#isBusy && !this.#isOver) {
      const item = this.#queue.shift();
      if (item === undefined) break;
      if (item.kind === 'output') this.#queuedBytes -= item.bytes.length;
      this.#deliver(item);
    }
    this.#setPaused(this.#isPaused && this.#queuedBytes > GO_ON_AT_BYTES);
  }

  #setPaused(isPaused: boolean): void {
    if (this.#isPaused === isPaused || this.#isOver) return;
    this.#isPaused = isPaused;
    this.#deps.pause(isPaused);
  }
}
