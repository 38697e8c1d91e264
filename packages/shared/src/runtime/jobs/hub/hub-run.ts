import { FarhandError } from '../../../errors/farhand-error.ts';
import type { JobId } from '../../../model/ids.ts';
import type { AttachOptions, JobStream } from '../../port.ts';
import type { HostShell } from '../../shell.ts';
import { Attachment } from './attachment.ts';
import { FrameReader, type FrameSink, type HubEnd, nonsense } from './frames.ts';
import { type HubKind, hubScript } from './hub-script.ts';
import { LineQueue } from './line-queue.ts';

/** How long a hub that is told to end may take, until it is ended. */
const END_TIMEOUT_MS = 5_000;
/** A hub says little there: a failing `exec`. */
const MAX_STDERR_BYTES = 64 * 1024;

export interface AttachRequest extends Pick<AttachOptions, 'onOutput' | 'onMissed' | 'signal'> {
  readonly id: JobId;
  /** The next byte of each stream; moved on as bytes are given to the reader. */
  readonly next: Record<JobStream, number>;
  /** True where the job may not be there yet: then there is no `job.not_found`. */
  readonly isAwaited: boolean;
}

interface Place {
  readonly id: JobId;
  readonly attachment: Attachment;
  /** Nobody reads it any more, and the host has not yet said that it knows. */
  isLeft: boolean;
}

/** One hub on the host from its start to its end, and the attachments whose output it carries. */
export class HubRun implements FrameSink {
  /** Settles when nothing of it is left on the host, as far as we can know. */
  readonly ended: Promise<void>;
  readonly #lines = new LineQueue();
  readonly #reader = new FrameReader(this);
  readonly #places = new Map<number, Place>();
  readonly #abort = new AbortController();
  #lastNumber = 0;
  #error: FarhandError | null = null;
  #isOver = false;

  constructor(shell: HostShell, kind?: HubKind) {
    this.ended = this.#run(shell, kind);
  }

  /** True when it takes no more attachments. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The status line that the job ended with, or `detached`. `job.not_found`, and what ended the hub. */
  async attach({ id, next, isAwaited, signal, ...options }: AttachRequest): Promise<string> {
    this.#lastNumber += 1;
    const n = this.#lastNumber;
    const attachment = new Attachment({
      options,
      next,
      pause: (isPaused) => this.#lines.push(`${isPaused ? '=' : '>'} ${n}`),
    });
    this.#places.set(n, { id, attachment, isLeft: false });
    this.#lines.push(`${isAwaited ? 'w' : '+'} ${n} ${id} ${next.out} ${next.err}`);
    const detached = new Error('detached');
    const detach = () => attachment.fail(detached);
    signal?.addEventListener('abort', detach, { once: true });
    if (signal?.aborted) detach();
    try {
      return await attachment.ended;
    } catch (error) {
      this.#leave(n);
      if (error === detached) return 'detached';
      throw error;
    } finally {
      signal?.removeEventListener('abort', detach);
    }
  }

  /** Ends the hub; who is attached gets `error`, or `host.connection_lost`. */
  end(error?: FarhandError): void {
    this.#isOver = true;
    this.#error ??= error ?? null;
    this.#lines.end();
    // One that keeps to no protocol is not trusted to end by itself.
    if (error) return this.#abort.abort();
    const timer = setTimeout(() => this.#abort.abort(), END_TIMEOUT_MS);
    void this.ended.then(() => clearTimeout(timer));
  }

  onOutput(n: number, stream: JobStream, offset: number, bytes: Uint8Array): void {
    this.#readerOf(n)?.output(stream, offset, bytes);
  }

  onMissed(n: number, stream: JobStream, from: number, to: number): void {
    this.#readerOf(n)?.missed(stream, from, to);
  }

  onEnd(n: number, end: HubEnd): void {
    const { id, attachment } = this.#placeOf(n);
    this.#places.delete(n);
    if (end.kind === 'status') attachment.end(end.line);
    else if (end.kind === 'no_job')
      attachment.fail(new FarhandError('job.not_found', { details: { jobId: id } }));
    else attachment.fail(new FarhandError('host.connection_lost', { details: { jobId: id } }));
  }

  #readerOf(n: number): Attachment | null {
    const { attachment, isLeft } = this.#placeOf(n);
    return isLeft ? null : attachment;
  }

  #placeOf(n: number): Place {
    const place = this.#places.get(n);
    if (place === undefined) throw nonsense(`attachment ${n}`);
    return place;
  }

  #leave(n: number): void {
    const place = this.#places.get(n);
    if (place === undefined || place.isLeft) return;
    place.isLeft = true;
    this.#lines.push(`- ${n}`);
  }

  async #run(shell: HostShell, kind: HubKind | undefined): Promise<void> {
    try {
      const { outcome } = await shell.run(hubScript(kind), {
        lasting: true,
        stdin: this.#lines,
        onStdout: (bytes) => this.#read(bytes),
        maxOutputBytes: MAX_STDERR_BYTES,
        signal: this.#abort.signal,
      });
      this.#error ??= new FarhandError('host.connection_lost', { details: { outcome } });
    } catch (error) {
      this.#error ??= FarhandError.from(error);
    } finally {
      this.#isOver = true;
      this.#lines.end();
      for (const { attachment } of this.#places.values()) attachment.fail(this.#error);
      this.#places.clear();
    }
  }

  #read(bytes: Uint8Array): void {
    if (this.#error !== null) return;
    try {
      this.#reader.push(bytes);
    } catch (error) {
      this.end(FarhandError.from(error));
    }
  }
}
