import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { concatBytes } from '@farhand/shared/runtime/bytes';
import { LIBRARY } from '@farhand/shared/runtime/library';
import type { ExecOutcome, ExecResult } from '@farhand/shared/runtime/port';
import { quote } from '@farhand/shared/runtime/quote';
import type { RunOptions } from '@farhand/shared/runtime/shell';
import { spawnError } from './errors.ts';
import { endGroup } from './process-group.ts';

const DEFAULT_MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
const GRACE_MS = 2000;
const LEFTOVER_GRACE_MS = 500;
// A process that left the group may still hold the output open; what it wrote until then is waited for.
const LINGER_MS = 300;

type Reason = { readonly kind: 'cancelled' | 'timed_out' } | { readonly error: unknown };
type Take = ((bytes: Uint8Array) => void | Promise<void>) | undefined;

/** One `sh` from its start until its process group is gone. */
export class Run {
  readonly #options: RunOptions;
  readonly #place: { readonly cwd: string; readonly env: Record<string, string> };
  #child: ChildProcess | null = null;
  #reason: Reason | null = null;
  #ending: Promise<void> | null = null;

  constructor(options: RunOptions, place: { cwd: string; env: Record<string, string> }) {
    this.#options = options;
    this.#place = place;
  }

  async start(script: string): Promise<ExecResult> {
    const { stdin, signal, timeoutMs } = this.#options;
    const child = this.#spawn();
    const exited = exitOf(child);
    // Also where there are no streams for want of descriptors, and what follows throws.
    exited.catch(() => {});
    feed(child.stdin, [new TextEncoder().encode(shellText(script, stdin !== undefined))]);
    if (stdin !== undefined) feed(child.stdio[3] as Writable, stdin instanceof Uint8Array ? [stdin] : stdin);
    const output = Promise.all([
      this.#collect(child.stdout, this.#options.onStdout),
      this.#collect(child.stderr, this.#options.onStderr),
    ]);
    const cancel = () => void this.end({ kind: 'cancelled' });
    signal?.addEventListener('abort', cancel, { once: true });
    const timer =
      timeoutMs === undefined ? undefined : setTimeout(() => void this.end({ kind: 'timed_out' }), timeoutMs);
    try {
      const outcome = await exited;
      await (this.#ending ?? endGroup(child.pid, LEFTOVER_GRACE_MS));
      const [stdout, stderr] = await withLinger(output, child);
      return { outcome: this.#outcome(outcome), stdout, stderr };
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** Ends the process group for `reason`; the first reason counts. */
  end(reason: Reason): Promise<void> {
    this.#reason ??= reason;
    // Without a reader the streams would keep a program from ending that waits to write.
    this.#ending ??= endGroup(this.#child?.pid, GRACE_MS);
    return this.#ending;
  }

  #spawn(): ChildProcess {
    const stdio = [
      'pipe',
      'pipe',
      'pipe',
      ...(this.#options.stdin === undefined ? [] : ['pipe' as const]),
    ] as const;
    this.#child = spawn('/bin/sh', [], { ...this.#place, detached: true, stdio: [...stdio] });
    return this.#child;
  }

  // Reading one piece after the other is what holds the program back while a callback is at work.
  async #collect(source: Readable | null, take: Take): Promise<Uint8Array> {
    const { maxOutputBytes = DEFAULT_MAX_OUTPUT_BYTES } = this.#options;
    const pieces: Uint8Array[] = [];
    let total = 0;
    try {
      for await (const bytes of source ?? []) {
        if (this.#reason !== null && 'error' in this.#reason) continue;
        if (take) {
          await take(bytes);
        } else {
          total += bytes.length;
          if (total > maxOutputBytes)
            throw new FarhandError('command.output_too_large', { details: { maxOutputBytes } });
          pieces.push(bytes);
        }
      }
    } catch (error) {
      if (source?.destroyed && isClosedEarly(error)) return concatBytes(pieces);
      void this.end({ error });
      source?.resume();
    }
    return concatBytes(pieces);
  }

  #outcome(outcome: ExecOutcome): ExecOutcome {
    if (this.#reason === null) return outcome;
    if ('error' in this.#reason) throw this.#reason.error;
    return this.#reason;
  }
}

// One compound command, so that sh has read all of it before its stdin becomes the program's. The text is on a
// descriptor of its own because it may hold secrets and be longer than an argument can be.
function shellText(script: string, hasInput: boolean): string {
  return `{ exec ${hasInput ? '<&3 3<&-' : '</dev/null'}; eval ${quote(LIBRARY + script)}\nexit; }\n`;
}

function exitOf(child: ChildProcess): Promise<ExecOutcome> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(spawnError(cause)));
    child.once('exit', (code, signal) => resolve(outcomeOf(code, signal)));
  });
}

/** How a process ended, where a status above 128 is what a shell gives for a signal. */
export function outcomeOf(code: number | null, signal: string | null): ExecOutcome {
  if (signal !== null) return { kind: 'signaled', signal };
  const status = code ?? 0;
  const named = Object.entries(constants.signals).find(([, number]) => number === status - 128);
  return named ? { kind: 'signaled', signal: named[0] } : { kind: 'exited', code: status };
}

// A program may end without reading all that it is given; that is no failure. Node also reads from a descriptor above
// 2, so that the reset can come after everything is written, when `pipeline` no longer listens.
function feed(target: Writable | null, source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): void {
  if (!target) return;
  target.on('error', () => {});
  void pipeline(Readable.from(source, { objectMode: false }), target).catch(() => target.destroy());
}

async function withLinger<T>(output: Promise<T>, child: ChildProcess): Promise<T> {
  const timer = setTimeout(() => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, LINGER_MS);
  try {
    return await output;
  } finally {
    clearTimeout(timer);
  }
}

function isClosedEarly(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
