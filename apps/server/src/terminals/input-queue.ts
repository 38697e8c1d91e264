/** Keys on their way to a terminal's job: in order, each once, also over a connection that is lost in between. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { JobId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import { isKnownAway } from '../host-tasks/host-away.ts';
import { overLostContact } from '../workspaces/follow-job.ts';

export interface InputQueue {
  /**
   * Resolves when the bytes are in the job's input, which for a host that is away is on its return. Rejects where they
   * never will be: `terminal.input_full` above 64 KiB that wait, `job.*`, and what the queue was closed with.
   */
  write(text: string): Promise<void>;
  /** Bytes that wait for a host that is away; 0 while there is contact. */
  heldBytes(): number;
  /** Refuses what waits, and all that comes. */
  close(error: FarhandError): void;
}

export interface InputQueueOptions {
  readonly runtime: Runtime;
  readonly jobId: JobId;
  /** Called when `heldBytes` changed. */
  readonly onHeld?: (bytes: number) => void;
}

interface Waiting {
  readonly bytes: Uint8Array;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** Nobody types more than this without seeing any of it; a paste that large is better refused than done later. */
const MOST_HELD_BYTES = 64 * 1024;

/** What is typed while a write is under way goes with the next one. */
export function createInputQueue(options: InputQueueOptions): InputQueue {
  return new HostInput(options);
}

class HostInput implements InputQueue {
  readonly #options: InputQueueOptions;
  readonly #closing = new AbortController();
  #closedWith: FarhandError | null = null;
  #waiting: Waiting[] = [];
  #isWriting = false;
  #queuedBytes = 0;
  #isHeld = false;
  #toldBytes = 0;
  /**
   * Where the next byte goes. Null when not known, at first and after a restart: then the host is asked, so that what a
   * former server wrote is neither repeated nor written over. A write whose answer was lost is known to be at its own
   * place, and is put there again.
   */
  #offset: number | null = null;

  constructor(options: InputQueueOptions) {
    this.#options = options;
  }

  heldBytes(): number {
    return this.#isHeld ? this.#queuedBytes : 0;
  }

  write(text: string): Promise<void> {
    if (this.#closedWith) return Promise.reject(this.#closedWith);
    const bytes = Buffer.from(text, 'utf8');
    this.#holdIfAway();
    if (this.#isHeld && this.#queuedBytes + bytes.byteLength > MOST_HELD_BYTES)
      return Promise.reject(new FarhandError('terminal.input_full'));
    return new Promise((done, failed) => {
      this.#waiting.push({ bytes, done, failed });
      this.#queuedBytes += bytes.byteLength;
      this.#tell();
      if (!this.#isWriting) void this.#drain();
    });
  }

  close(error: FarhandError): void {
    this.#closedWith = error;
    this.#closing.abort();
    this.#refuse(this.#waiting, error);
    this.#waiting = [];
  }

  async #drain(): Promise<void> {
    this.#isWriting = true;
    // A write may wait for long inside the runtime, as for a person's answer: that it does is only told so.
    const unwatch = this.#options.runtime.watchConnection(() => {
      this.#holdIfAway();
      this.#tell();
    });
    while (this.#waiting.length > 0) {
      this.#holdIfAway();
      this.#tell();
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#send(Buffer.concat(batch.map((one) => one.bytes)));
        this.#settled(batch);
        for (const { done } of batch) done();
      } catch (error) {
        // What was typed after it was typed without knowing: it is refused as well, or the order would be broken.
        this.#refuse([...batch, ...this.#waiting], this.#closedWith ?? error);
        this.#waiting = [];
      }
    }
    unwatch();
    // In the same breath as the last look at what waits: what is written a moment later must start anew.
    this.#isWriting = false;
  }

  async #send(bytes: Uint8Array): Promise<void> {
    const { runtime, jobId } = this.#options;
    const at = this.#offset ?? (await this.#reach(() => runtime.jobs.get(jobId))).inBytes;
    this.#offset = null;
    await this.#reach(() => runtime.jobs.write(jobId, at, bytes));
    this.#offset = at + bytes.byteLength;
  }

  async #reach<Result>(ask: () => Promise<Result>): Promise<Result> {
    const result = await overLostContact(this.#options.runtime, ask, {
      signal: this.#closing.signal,
      onContactLost: () => {
        this.#isHeld = true;
        this.#tell();
      },
    });
    // Only once it is closed, which has its own error.
    if (result === 'detached') throw this.#closedWith;
    return result;
  }

  #holdIfAway(): void {
    if (isKnownAway(this.#options.runtime.connection())) this.#isHeld = true;
  }

  #settled(batch: readonly Waiting[]): void {
    this.#isHeld = false;
    this.#queuedBytes -= batch.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
    this.#tell();
  }

  #refuse(batch: readonly Waiting[], error: unknown): void {
    this.#settled(batch);
    for (const { failed } of batch) failed(error);
  }

  #tell(): void {
    const held = this.heldBytes();
    if (held === this.#toldBytes) return;
    this.#toldBytes = held;
    this.#options.onHeld?.(held);
  }
}
