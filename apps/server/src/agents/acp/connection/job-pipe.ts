import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Exit } from '@farhand/shared/model/terminals';
import type { JobSpec } from '@farhand/shared/runtime/port';
import { Interrupted } from '../../builtin/interrupted.ts';
import type { SteadyHost } from '../../builtin/steady-host.ts';
import { type Line, LineSplitter } from './line-splitter.ts';
import type { SessionRecord } from './session-record.ts';
import { Tail } from './tail.ts';

/** What protocol messages may be at most, in bytes. */
const LARGEST_MESSAGE = 64 * 1024 * 1024;
/** What is kept of an agent's stderr, for errors. */
const TAIL_LENGTH = 8 * 1024;
/** One write to the agent's input; a message may be more. */
const WRITE_LENGTH = 1024 * 1024;
/** A store that refuses is asked again after this. */
const SAVE_AGAIN_MS = 1000;

interface JobPipeOptions {
  readonly host: SteadyHost;
  readonly record: SessionRecord;
  /** Starts the program; null for one that was seen to run. */
  readonly spec: JobSpec | null;
  readonly start: number;
  readonly onLine: (line: Line) => Promise<void>;
  /** Bytes up to `to` were dropped before they were read. */
  readonly onLost: (to: number) => void;
  /** Some of what waited was written. */
  readonly onWritten: () => void;
  /** What waits cannot be written, though the program may run on. */
  readonly onStuck: (why: FarhandError) => void;
}

/** The agent's program as a job: its lines out, ours in, over lost contact and restarts of the server. */
export class JobPipe {
  readonly tail = new Tail(TAIL_LENGTH);
  readonly #options: JobPipeOptions;
  readonly #lines: LineSplitter;
  #err: number;
  readonly #errText = new TextDecoder();
  #reading: Promise<void> = Promise.resolve();
  #isPumping = false;

  constructor(options: JobPipeOptions) {
    this.#options = options;
    this.#lines = new LineSplitter(options.start, LARGEST_MESSAGE);
    this.#err = Math.max(0, options.record.state.errOffset - TAIL_LENGTH);
  }

  /** How the program ended, after all that it wrote was read. Throws `Interrupted`, and why it cannot be started. */
  async run(): Promise<Exit> {
    const { host, record } = this.#options;
    record.save();
    const ending = host.do((runtime) => this.#attach(runtime));
    this.pump();
    const exit = await ending;
    await this.#reading;
    if (exit === 'detached') throw new Interrupted('close');
    return exit;
  }

  /** Writes what waits to the agent, in order; each piece is stored before it is sent. */
  pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    this.#write().then(
      () => {
        this.#isPumping = false;
        // What came while the last look was under way.
        const { job, outbox } = this.#options.record.state;
        if (job && outbox.length > 0 && !this.#options.host.signal.aborted) this.pump();
      },
      (error: unknown) => {
        // A program that is gone reads nothing: its end is told by `run`.
        const isGone = FarhandError.is(error, 'job.not_found', 'job.no_input');
        if (!isGone && !(error instanceof Interrupted)) this.#options.onStuck(FarhandError.from(error));
      },
    );
  }

  async #attach(runtime: SteadyHost['runtime']): Promise<Exit | 'detached'> {
    const { host, record, spec } = this.#options;
    await this.#reading;
    const { job } = record.state;
    if (!job) throw new FarhandError('job.not_found');
    return await runtime.jobs.attach(job.id, {
      ...(job.hasStarted || !spec ? {} : { start: spec }),
      after: { out: this.#lines.at, err: this.#err },
      signal: host.signal,
      onOutput: (stream, offset, bytes) => {
        this.#seen();
        if (stream === 'err') return this.#takeError(offset, bytes);
        this.#reading = this.#reading.then(() => this.#takeOutput(bytes));
        return this.#reading;
      },
      onMissed: (stream, _from, to) => {
        if (stream === 'err') return;
        this.#reading = this.#reading.then(() => {
          this.#lines.skip(to);
          this.#options.onLost(to);
        });
      },
    });
  }

  #seen(): void {
    const { job } = this.#options.record.state;
    if (job && !job.hasStarted) this.#options.record.change({ job: { ...job, hasStarted: true } });
  }

  #takeError(offset: number, bytes: Uint8Array): void {
    this.#err = offset + bytes.length;
    // A character may lie across two pieces.
    this.tail.add(this.#errText.decode(bytes, { stream: true }));
    this.#options.record.change({ errOffset: this.#err });
  }

  async #takeOutput(bytes: Uint8Array): Promise<void> {
    for (const line of this.#lines.push(bytes)) {
      if (this.#options.host.signal.aborted) return;
      await this.#options.onLine(line);
    }
  }

  async #write(): Promise<void> {
    const { host, record } = this.#options;
    for (;;) {
      await this.#save();
      if (record.state.outbox.length === 0 || host.signal.aborted) return;
      const { job, outbox, inOffset } = record.state;
      if (!job) return;
      const lines = firstLines(outbox);
      const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
      await this.#put(job.id, inOffset, bytes);
      record.change({ outbox: record.state.outbox.slice(lines.length), inOffset: inOffset + bytes.length });
      this.#options.onWritten();
    }
  }

  // The start may be on its way yet.
  async #put(id: JobSpec['id'], offset: number, bytes: Uint8Array): Promise<void> {
    const { host, record } = this.#options;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await host.do((runtime) => runtime.jobs.write(id, offset, bytes));
      } catch (thrown) {
        const isEarly = FarhandError.is(thrown, 'job.not_found', 'job.no_input') && attempt < 100;
        if (!isEarly || record.state.job?.id !== id) throw thrown;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  async #save(): Promise<void> {
    for (;;) {
      try {
        return this.#options.record.save();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, SAVE_AGAIN_MS).unref());
        if (this.#options.host.signal.aborted) return;
      }
    }
  }
}

function firstLines(outbox: readonly string[]): string[] {
  let length = 0;
  const count = outbox.findIndex((line) => (length += line.length) > WRITE_LENGTH);
  return outbox.slice(0, count < 0 ? outbox.length : Math.max(1, count));
}
