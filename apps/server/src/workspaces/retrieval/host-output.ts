import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Runtime } from '@farhand/shared/runtime/port';
import { hostFailure } from '../errors.ts';
import { type HostScript, runScript } from '../host-script.ts';
import { sizeText } from '../slug.ts';

/** How much and how long a host may send before it is not listened to any more. */
export interface RetrievalLimits {
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

export const DEFAULT_RETRIEVAL_LIMITS: RetrievalLimits = {
  maxBytes: 2 * 1024 ** 3,
  timeoutMs: 60 * 60_000,
};

export interface HostOutputRequest {
  readonly runtime: Runtime;
  readonly script: HostScript;
  readonly limits: RetrievalLimits;
  /** Of the workspace, for the runtime's queues. */
  readonly lane: string;
  readonly signal?: AbortSignal;
  readonly stdin?: Uint8Array;
}

/** Between the host and the reader here; a full one holds the host back. */
const BUFFER_BYTES = 1024 * 1024;

/**
 * What a script on a host prints, as it comes. A reader that stops ends the script; so do too many bytes and too long a
 * time, at once and without waiting for the host. Throws `workspace.fetch_refused`, `host.*`, and what the script's stderr says.
 */
export async function* hostOutput(request: HostOutputRequest): AsyncGenerator<Buffer> {
  const { runtime, script, limits, lane } = request;
  const stop = new AbortController();
  const pipe = new PassThrough({ highWaterMark: BUFFER_BYTES });
  // Also seen here, so that a failure before the first reading is not an unhandled one.
  pipe.on('error', () => {});
  const fail = (error: Error) => {
    pipe.destroy(error);
    stop.abort(error);
  };
  const onAbort = () => fail(request.signal?.reason ?? new DOMException('cancelled', 'AbortError'));
  request.signal?.addEventListener('abort', onAbort, { once: true });
  if (request.signal?.aborted) onAbort();
  const timer = setTimeout(() => fail(tooSlow(runtime, limits)), limits.timeoutMs);
  let sizeBytes = 0;
  const onStdout = (bytes: Uint8Array): void | Promise<void> => {
    if (pipe.destroyed) return undefined;
    sizeBytes += bytes.byteLength;
    if (sizeBytes > limits.maxBytes) return fail(tooMuch(runtime, limits));
    // Copied, because a piece may share memory with what its giver uses again.
    if (pipe.write(Buffer.from(bytes))) return undefined;
    return once(pipe, 'drain', { signal: stop.signal }).then(
      () => {},
      () => {},
    );
  };
  const { stdin } = request;
  const options = { onStdout, signal: stop.signal, lane, ...(stdin && { stdin }) };
  runScript(runtime, script, options).then(({ code, stderr }) => {
    if (code === 0) pipe.end();
    else fail(hostFailure(stderr, 'workspace.fetch_refused', `${runtime.hostId} gave nothing`));
  }, fail);
  try {
    yield* pipe as AsyncIterable<Buffer>;
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener('abort', onAbort);
    stop.abort(new DOMException('nobody reads it any more', 'AbortError'));
    pipe.destroy();
  }
}

function tooMuch({ hostId }: Runtime, { maxBytes }: RetrievalLimits): FarhandError {
  return new FarhandError('workspace.fetch_refused', {
    message: `${hostId} sent more than ${sizeText(maxBytes)}.`,
    hint: 'Nothing was taken over. Look in the workspace for large files that were committed.',
    details: { hostId, maxBytes },
  });
}

function tooSlow({ hostId }: Runtime, { timeoutMs }: RetrievalLimits): FarhandError {
  return new FarhandError('workspace.fetch_refused', {
    message: `${hostId} did not send everything within ${Math.round(timeoutMs / 1000)} s.`,
    hint: 'Nothing was taken over. Try again on a better line.',
    details: { hostId, timeoutMs },
  });
}
