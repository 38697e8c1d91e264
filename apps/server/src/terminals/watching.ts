/** One watcher of a terminal: its own place in the output, its own speed. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Exit } from '@farhand/shared/model/terminals';
import { isContactLost } from '../workspaces/follow-job.ts';
import type { TerminalOutput, WatchState } from './output.ts';

export interface TerminalWatcher {
  /** In order, without gap or repeat; a returned promise holds back more for this watcher only. */
  onOutput(offset: number, bytes: Uint8Array): void | Promise<void>;
  /** Bytes `from` up to `to` are gone from the host; output goes on at `to`. */
  onMissed(from: number, to: number): void;
  /** `ended` comes after all output; `contact_lost` says nothing about the program. */
  onState(state: WatchState['state'], exit: Exit | null): void;
  /** How many bytes of keys wait for a host that is away; 0 once they reached it, or were refused. */
  onHeldInput?(bytes: number): void;
}

/** One binary frame; small enough that a keystroke's echo on the same socket does not wait for it. */
const PIECE_BYTES = 64 * 1024;
const CATCH_UP_BYTES = 1024 * 1024;
const CATCH_UP_RETRY_MS = 1000;

/** Watches from byte `after` on, or from what is worth replaying for -1, until the returned function is called. */
export function startWatching(output: TerminalOutput, after: number, watcher: TerminalWatcher): () => void {
  const watching = new Watching(output, watcher);
  // An error of the watcher itself ends its watching: nobody is left to be told.
  watching.run(after).catch(() => watching.stop());
  return () => watching.stop();
}

class Watching {
  cursor = 0;
  readonly #output: TerminalOutput;
  readonly #watcher: TerminalWatcher;
  readonly #stop = new AbortController();
  #told: WatchState['state'] | null = null;

  constructor(output: TerminalOutput, watcher: TerminalWatcher) {
    this.#output = output;
    this.#watcher = watcher;
  }

  stop(): void {
    this.#stop.abort();
    this.#output.readers.delete(this);
    this.#output.advanced();
  }

  async run(after: number): Promise<void> {
    if (!(await this.#untilKnown())) return;
    this.cursor = after < 0 ? this.#replayStart() : Math.min(after, this.#output.knownEnd);
    this.#output.readers.add(this);
    while (!this.#stop.signal.aborted) {
      this.#tellContact();
      const { ring, state } = this.#output;
      if (!ring) return;
      if (this.cursor < ring.start()) await this.#catchUp(ring.start());
      else if (this.cursor < ring.end()) await this.#give(ring.slice(this.cursor, PIECE_BYTES));
      else if (state?.state === 'ended') return this.#tellEnd(state.exit);
      else await this.#output.changed();
    }
  }

  async #untilKnown(): Promise<boolean> {
    while (!this.#output.ring && !this.#stop.signal.aborted) {
      this.#tellContact();
      await this.#output.changed();
    }
    return !this.#stop.signal.aborted;
  }

  /** The oldest byte kept, or the first line after it where the beginning is cut: half an escape sequence draws garbage. */
  #replayStart(): number {
    const start = this.#output.ring?.start() ?? 0;
    if (start === 0) return 0;
    const lineFeed = this.#output.ring?.slice(start, PIECE_BYTES).indexOf(0x0a) ?? -1;
    return lineFeed < 0 ? start : start + lineFeed + 1;
  }

  async #give(bytes: Uint8Array): Promise<void> {
    const offset = this.cursor;
    this.cursor += bytes.byteLength;
    await this.#watcher.onOutput(offset, bytes);
    this.#output.advanced();
  }

  /** Reads from the host what the others have long seen, so that they need not wait for this one. */
  async #catchUp(ringStart: number): Promise<void> {
    const { runtime, jobId, mask } = this.#output;
    const from = Math.max(0, this.cursor - mask.reachBytes);
    try {
      const read = await runtime.jobs.read(jobId, 'out', from, CATCH_UP_BYTES + mask.reachBytes);
      const stream = mask.open(read.offset);
      const settled = stream.push(read.bytes);
      if (read.bytes.byteLength === 0 || read.offset > this.cursor)
        this.#miss(read.bytes.byteLength === 0 ? ringStart : read.offset);
      const before = this.cursor;
      await this.#giveFrom(settled.offset, settled.bytes);
      if (this.cursor > before) return;
      // Only the beginning of a secret came: what is held is all there is to give.
      const rest = stream.flush();
      await this.#giveFrom(rest.offset, rest.bytes);
    } catch (error) {
      if (!isContactLost(error)) return this.#miss(ringStart);
      await delay(CATCH_UP_RETRY_MS, undefined, { signal: this.#stop.signal }).catch(() => {});
    }
  }

  async #giveFrom(offset: number, bytes: Uint8Array): Promise<void> {
    let at = Math.max(0, this.cursor - offset);
    while (at < bytes.byteLength && !this.#stop.signal.aborted) {
      const piece = bytes.subarray(at, at + PIECE_BYTES);
      at += piece.byteLength;
      await this.#give(piece);
    }
  }

  #miss(to: number): void {
    if (to <= this.cursor) return;
    this.#watcher.onMissed(this.cursor, to);
    this.cursor = to;
  }

  #tellContact(): void {
    const state = this.#output.state?.state;
    if (!state || state === 'ended' || state === this.#told) return;
    this.#told = state;
    this.#watcher.onState(state, null);
  }

  #tellEnd(exit: Exit): void {
    this.#watcher.onState('ended', exit);
    this.stop();
  }
}
