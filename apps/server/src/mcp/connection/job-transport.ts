import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { JobSpec, Runtime } from '@farhand/shared/runtime/port';
import { type JSONRPCMessage, parseJSONRPCMessage, type Transport } from '@modelcontextprotocol/client';
import { exitText } from '../../agents/builtin/tools/bash/view.ts';
import { followJob, overLostContact } from '../../workspaces/follow-job.ts';
import { Lines } from './lines.ts';

/** A longer message ends the server: it is held in memory whole. */
const LONGEST_MESSAGE = 16 * 1024 * 1024;
/** Programs print a banner to stdout now and then; one that only prints is no server. */
const MOST_GARBAGE = 200;
const SAID_BYTES = 2000;
/** Each question of a server is answered, if only by a refusal: one that asks on and on without reading would fill the memory. */
const MOST_UNSENT = 1000;
const WRITE_BYTES = 256 * 1024;

/** The protocol over the input and output of a job on the host, one JSON message a line. Contact that is lost is waited for. */
export class JobTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #runtime: Runtime;
  readonly #spec: JobSpec;
  readonly #lines = new Lines(LONGEST_MESSAGE);
  readonly #ended = new AbortController();
  #written = 0;
  #writing: Promise<unknown> = Promise.resolve();
  #unsent = 0;
  #garbage = 0;
  #said = '';
  #end: string | null = null;
  #heardAt = 0;

  constructor(runtime: Runtime, spec: JobSpec) {
    this.#runtime = runtime;
    this.#spec = spec;
  }

  /** How it came to its end, with what it wrote to stderr: foreign text, not redacted. Null while it runs, and where it was ended from here. */
  get end(): string | null {
    if (this.#end === null) return null;
    return this.#said.trim() === '' ? this.#end : `${this.#end}; it said: ${this.#said.trim()}`;
  }

  /** When the last message came, as `Date.now()`. */
  get heardAt(): number {
    return this.#heardAt;
  }

  async start(): Promise<void> {
    const { jobs } = this.#runtime;
    // What a former server left, or what crashed: nobody knows how far its conversation was.
    await jobs.remove(this.#spec.id);
    if (this.#ended.signal.aborted) return;
    await jobs.start({ ...this.#spec, input: true });
    void this.#follow();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#unsent >= MOST_UNSENT) this.#abandon('it asks faster than it can be answered');
    const bytes = new TextEncoder().encode(`${JSON.stringify(message)}\n`);
    this.#unsent += 1;
    const sent = this.#writing.then(() => this.#write(bytes)).finally(() => (this.#unsent -= 1));
    this.#writing = sent.catch(() => {});
    await sent;
  }

  /** Ends the program too. */
  async close(): Promise<void> {
    this.#finish(null);
    // One that cannot be removed now is removed by the next start, or goes with its workspace.
    await this.#runtime.jobs.remove(this.#spec.id).catch(() => {});
  }

  /** Leaves the program as it is. */
  detach(): void {
    this.#finish(null);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    const { signal } = this.#ended;
    for (let at = 0; at < bytes.length; at += WRITE_BYTES) {
      const piece = bytes.subarray(at, at + WRITE_BYTES);
      const write = () => this.#runtime.jobs.write(this.#spec.id, this.#written, piece);
      if (signal.aborted || (await overLostContact(this.#runtime, write, { signal })) === 'detached')
        throw new FarhandError('job.not_found');
      this.#written += piece.length;
    }
  }

  async #follow(): Promise<void> {
    const errors = new TextDecoder();
    try {
      const exit = await followJob(this.#runtime, this.#spec.id, {
        signal: this.#ended.signal,
        onOutput: (stream, _offset, bytes) => {
          if (stream === 'out') return this.#read(bytes);
          this.#said = (this.#said + errors.decode(bytes, { stream: true })).slice(-SAID_BYTES);
        },
        onMissed: (stream) => {
          if (stream === 'out') this.#abandon('its output came faster than it could be read');
        },
      });
      this.#finish(exit === 'detached' ? null : exitText(exit));
    } catch (thrown) {
      this.#finish(FarhandError.from(thrown).message);
    }
  }

  #read(bytes: Uint8Array): void {
    if (this.#ended.signal.aborted) return;
    const lines = this.#lines.push(bytes);
    if (lines === 'too_long') return this.#abandon('a message of more than 16 MiB came from it');
    for (const line of lines) this.#take(line);
  }

  #take(line: string): void {
    if (line.trim() === '') return;
    let message: JSONRPCMessage;
    try {
      message = parseJSONRPCMessage(JSON.parse(line));
    } catch {
      this.#garbage += 1;
      if (this.#garbage > MOST_GARBAGE) this.#abandon('it prints what is no message of the protocol');
      return;
    }
    this.#heardAt = Date.now();
    this.onmessage?.(message);
  }

  // What it says cannot be read on: the next use starts it anew.
  #abandon(why: string): void {
    this.#finish(why);
    this.#runtime.jobs.remove(this.#spec.id).catch(() => {});
  }

  #finish(how: string | null): void {
    if (this.#ended.signal.aborted) return;
    this.#end = how;
    this.#ended.abort();
    this.onclose?.();
  }
}
