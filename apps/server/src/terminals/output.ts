/** One attach to a terminal's job, shared by all who watch it. */
import { setTimeout as delay } from 'node:timers/promises';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { JobId } from '@farhand/shared/model/ids';
import type { Exit } from '@farhand/shared/model/terminals';
import type { JobRecord, JobStream, Runtime } from '@farhand/shared/runtime/port';
import { unlessAborted } from '../workspaces/deadline.ts';
import { followJob, overLostContact } from '../workspaces/follow-job.ts';
import { createBell } from './bell.ts';
import type { Mask, MaskStream, Piece } from './mask.ts';
import { createRing, type Ring } from './ring.ts';

export type WatchState =
  | { readonly state: 'attached' }
  /** The program runs on; we do not see it. */
  | { readonly state: 'contact_lost' }
  | { readonly state: 'ended'; readonly exit: Exit };

export interface OutputDeps {
  readonly runtime: Runtime;
  readonly jobId: JobId;
  readonly mask: Mask;
  /** True for a job that this server has just started: all that it prints is news. */
  readonly isNew?: boolean;
  /** Called with output as it is kept, covered, in order. Not `isLive`: printed before this server looked. */
  readonly onKept?: (offset: number, bytes: Uint8Array, isLive: boolean) => void;
  readonly onEnded: (exit: Exit) => void;
}

/** What a late watcher gets of the past; a screen and its scrollback are far less. */
const REPLAY_BYTES = 2 * 1024 * 1024;
/** How far the fastest watcher may be behind before the host is read more slowly. */
const LEAD_BYTES = REPLAY_BYTES / 2;
/** A watcher that stands still must not keep the end of the program from being seen. */
const LONGEST_HOLD_MS = 1000;
/** Unwatched output is still read, for its end, but slowly: some 5 MB a second. */
const UNWATCHED_BATCH_BYTES = 256 * 1024;
const UNWATCHED_PAUSE_MS = 50;
/** After this the beginning of a secret that nothing followed is shown: a person waits for the echo. */
const HOLD_BACK_MS = 250;
/** A host whose answers make no sense is asked again after this. */
const STRANGE_ANSWER_PAUSE_MS = 10_000;

/** The live output of one terminal, covered (see mask.ts). Opens at once; `close` ends the watching, not the job. */
export class TerminalOutput {
  /** Places of those who watch: the fastest one sets how quickly more is taken from the host. */
  readonly readers = new Set<{ readonly cursor: number }>();
  readonly #deps: OutputDeps;
  readonly #stop = new AbortController();
  readonly #changed = createBell();
  readonly #progress = createBell();
  readonly #following: Promise<void>;
  #ring: Ring | null = null;
  #stream: MaskStream | null = null;
  /** Offset of the next byte that the attach gives. */
  #next = 0;
  #knownEnd = 0;
  #liveFrom = 0;
  #state: WatchState | null = null;
  #flushTimer: NodeJS.Timeout | undefined;
  #unwatchedBytes = 0;

  constructor(deps: OutputDeps) {
    this.#deps = deps;
    this.#following = this.#followToTheEnd();
  }

  get runtime(): Runtime {
    return this.#deps.runtime;
  }
  get jobId(): JobId {
    return this.#deps.jobId;
  }
  get mask(): Mask {
    return this.#deps.mask;
  }
  /** Null until the host was first asked. */
  get ring(): Ring | null {
    return this.#ring;
  }
  /** Bytes that the host is known to have. */
  get knownEnd(): number {
    return this.#knownEnd;
  }
  get state(): WatchState | null {
    return this.#state;
  }

  /** Resolves when something above changed. */
  changed(): Promise<void> {
    return this.#changed.next();
  }

  /** To be called when a reader went on. */
  advanced(): void {
    this.#progress.ring();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#flushTimer);
    this.#changed.ring();
    await this.#following;
  }

  async #followToTheEnd(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        return await this.#follow();
      } catch (error) {
        // The job's folder is gone from the host: nothing more can come. Anything else says nothing about the job.
        if (FarhandError.is(error, 'job.not_found')) return this.#end({ kind: 'lost' });
        this.#setState({ state: 'contact_lost' });
        await pause(STRANGE_ANSWER_PAUSE_MS, this.#stop.signal);
      }
    }
  }

  async #follow(): Promise<void> {
    const { runtime, jobId, mask } = this.#deps;
    const signal = this.#stop.signal;
    const onContactLost = () => this.#setState({ state: 'contact_lost' });
    // With a host that is away the question lasts longer than anybody waits who closes this.
    const ask = () => unlessAborted(runtime.jobs.get(jobId), signal);
    const first = await overLostContact(runtime, ask, { signal, onContactLost });
    if (first === 'detached') return;
    if (!this.#ring && !this.#deps.isNew) this.#liveFrom = first.outBytes;
    this.#begin(first);
    this.#next = Math.max(0, (this.#ring?.end() ?? 0) - mask.reachBytes);
    this.#stream = mask.open(this.#next);
    let record: JobRecord | null = first;
    const onAttach = async () => {
      this.#begin(record ?? (await ask()));
      record = null;
    };
    const onOutput = (which: JobStream, offset: number, bytes: Uint8Array) =>
      which === 'out' ? this.#take(offset, bytes) : undefined;
    const exit = await followJob(runtime, jobId, {
      after: { out: this.#next },
      signal,
      onAttach,
      onContactLost,
      onOutput,
    });
    if (exit !== 'detached') this.#end(exit);
  }

  #begin(record: JobRecord): void {
    this.#knownEnd = Math.max(this.#knownEnd, record.outBytes);
    this.#ring ??= createRing(Math.max(0, record.outBytes - REPLAY_BYTES), REPLAY_BYTES);
    this.#setState({ state: 'attached' });
  }

  #take(offset: number, bytes: Uint8Array): Promise<void> {
    const { mask } = this.#deps;
    if (!this.#stream || offset !== this.#next) {
      // Bytes in between are gone from the host: what was held before the gap is all that comes of it.
      if (this.#stream) this.#keep(this.#stream.flush());
      this.#stream = mask.open(offset);
    }
    this.#next = offset + bytes.byteLength;
    this.#knownEnd = Math.max(this.#knownEnd, this.#next);
    this.#keep(this.#stream.push(bytes));
    clearTimeout(this.#flushTimer);
    if (this.#stream.heldBytes() > 0) this.#flushTimer = setTimeout(() => this.#flush(), HOLD_BACK_MS);
    return this.#makeRoom(bytes.byteLength);
  }

  #keep({ offset, bytes }: Piece): void {
    const ring = this.#ring;
    if (!ring || bytes.byteLength === 0) return;
    // What was read only to know if the ring begins inside a secret is no part of it.
    const skip = Math.max(0, ring.end() - offset);
    if (skip < bytes.byteLength) {
      const fresh = bytes.subarray(skip);
      ring.push(offset + skip, fresh);
      this.#deps.onKept?.(offset + skip, fresh, offset + skip >= this.#liveFrom);
    }
    this.#changed.ring();
  }

  #flush(): void {
    if (this.#stream) this.#keep(this.#stream.flush());
  }

  /** Holding this back holds back the attach, and with it the host. */
  async #makeRoom(arrivedBytes: number): Promise<void> {
    const signal = this.#stop.signal;
    if (this.readers.size === 0) {
      this.#unwatchedBytes += arrivedBytes;
      if (this.#unwatchedBytes < UNWATCHED_BATCH_BYTES) return;
      this.#unwatchedBytes = 0;
      return pause(UNWATCHED_PAUSE_MS, signal);
    }
    const until = performance.now() + LONGEST_HOLD_MS;
    while (
      this.readers.size > 0 &&
      this.#lead() > LEAD_BYTES &&
      performance.now() < until &&
      !signal.aborted
    ) {
      await this.#nextProgress(signal);
    }
  }

  async #nextProgress(signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    await Promise.race([
      this.#progress.next(),
      pause(LONGEST_HOLD_MS, AbortSignal.any([signal, stop.signal])),
    ]);
    stop.abort();
  }

  #lead(): number {
    return (this.#ring?.end() ?? 0) - Math.max(...[...this.readers].map(({ cursor }) => cursor));
  }

  #end(exit: Exit): void {
    clearTimeout(this.#flushTimer);
    this.#flush();
    this.#ring ??= createRing(0, REPLAY_BYTES);
    this.#knownEnd = this.#ring.end();
    this.#deps.onEnded(exit);
    this.#setState({ state: 'ended', exit });
  }

  #setState(state: WatchState): void {
    this.#state = state;
    this.#changed.ring();
  }
}

const pause = (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }).catch(() => {});
