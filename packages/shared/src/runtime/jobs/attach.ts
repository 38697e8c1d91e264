import { setTimeout as delay } from 'node:timers/promises';
import { FarhandError } from '../../errors/farhand-error.ts';
import type { JobId } from '../../model/ids.ts';
import type { Exit } from '../../model/terminals.ts';
import { newNonce } from '../bytes.ts';
import type { AttachOptions, ExecResult, JobStream } from '../port.ts';
import type { HostShell } from '../shell.ts';
import { AttachReader } from './attach-reader.ts';
import { attachScript, MISSED_STATUS, NO_JOB_STATUS } from './attach-script.ts';
import { parseOffset, parseStatus } from './replies.ts';

// Between looks at a job on a host where nothing can be written, so that its output cannot be followed live.
const LOOK_AGAIN_MS = 1000;
const AT = 'at ';

/** What comes before the watching, in the same script. */
interface Start {
  /** The script with `attach` after it. */
  readonly script: (attach: string) => string;
  /** The error for an answer that is not the beginning of the watching. */
  readonly refusal: (answer: string) => FarhandError;
}

/** `Jobs.attach`: runs the script again where bytes were dropped under it, until the job is over or `signal` comes. */
export async function attach(
  shell: HostShell,
  id: JobId,
  options: AttachOptions,
  start?: Start,
): Promise<Exit | 'detached'> {
  const next = { out: options.after?.out ?? 0, err: options.after?.err ?? 0 };
  for (;;) {
    if (options.signal?.aborted) return 'detached';
    const outcome = await new Attachment(id, options, next, start).run(shell);
    if (outcome === 'still_running') await delay(LOOK_AGAIN_MS);
    else if (outcome !== 'missed') return outcome;
  }
}

/** One run of the script; moves `next` on as bytes come. */
class Attachment {
  readonly #id: JobId;
  readonly #options: AttachOptions;
  readonly #next: Record<JobStream, number>;
  readonly #start: Start | undefined;
  readonly #nonce = newNonce();
  readonly #mark = `\x01farhand:${this.#nonce}:`;
  readonly #readers = { out: new AttachReader(this.#mark), err: new AttachReader(this.#mark) };

  constructor(id: JobId, options: AttachOptions, next: Record<JobStream, number>, start: Start | undefined) {
    this.#id = id;
    this.#options = options;
    this.#next = next;
    this.#start = start;
  }

  async run(shell: HostShell): Promise<Exit | 'detached' | 'missed' | 'still_running'> {
    const { signal } = this.#options;
    const job = { id: this.#id, nonce: this.#nonce, trailer: this.#mark };
    const script = attachScript(job, this.#next);
    const result = await shell.run(this.#start?.script(script) ?? script, {
      lasting: true,
      onStdout: (bytes) => this.#take('out', bytes),
      onStderr: (bytes) => this.#take('err', bytes),
      ...(signal === undefined ? {} : { signal }),
    });
    if (result.outcome.kind === 'cancelled') return 'detached';
    const { header } = this.#readers.out;
    if (this.#start && header !== null && !header.startsWith(AT)) throw this.#start.refusal(header);
    await this.#deliver('out', this.#readers.out.end());
    await this.#deliver('err', this.#readers.err.end());
    return this.#outcome(result);
  }

  #outcome({ outcome }: ExecResult): Exit | 'missed' | 'still_running' {
    const { status } = this.#readers.out;
    if (outcome.kind === 'exited' && outcome.code === NO_JOB_STATUS && status === null) {
      throw new FarhandError('job.not_found', { details: { jobId: this.#id } });
    }
    if (outcome.kind === 'exited' && outcome.code === MISSED_STATUS) return 'missed';
    // Whatever else ended the watching, it was not the job.
    if (status === null)
      throw new FarhandError('host.connection_lost', { details: { jobId: this.#id, outcome } });
    const state = parseStatus(status);
    return state.state === 'ended' ? state.exit : 'still_running';
  }

  #take(stream: JobStream, bytes: Uint8Array): void | Promise<void> {
    const reader = this.#readers[stream];
    const hadHeader = reader.header !== null;
    const output = reader.push(bytes);
    if (!hadHeader && reader.header !== null) this.#startAt(stream, reader.header);
    return this.#deliver(stream, output);
  }

  #startAt(stream: JobStream, header: string): void {
    const from = this.#next[stream];
    const start = header.startsWith(AT) ? parseOffset(header.slice(AT.length)) : null;
    if (start === null && this.#start) return;
    if (start === null || start < from)
      throw new FarhandError('host.shell_unusable', { details: { header } });
    this.#next[stream] = start;
    if (start > from) this.#options.onMissed?.(stream, from, start);
  }

  #deliver(stream: JobStream, bytes: Uint8Array): void | Promise<void> {
    if (bytes.length === 0) return;
    const offset = this.#next[stream];
    this.#next[stream] += bytes.length;
    return this.#options.onOutput(stream, offset, bytes);
  }
}
