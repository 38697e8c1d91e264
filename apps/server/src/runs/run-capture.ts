import type { JobStream } from '@farhand/shared/runtime/port';
import type { Redactor } from '../secrets/redactor.ts';
import type { KeptOutput } from './run-store.ts';

/** The first part of what a run prints, secrets covered. */
export interface RunCapture {
  push(stream: JobStream, bytes: Uint8Array): void;
  missed(): void;
  /** So far; what could be the beginning of a secret is held back. */
  now(): KeptOutput;
  /** All of it, once nothing more comes. */
  end(): KeptOutput;
}

const MOST_BYTES = 1024 * 1024;

export function createRunCapture(redactor: Redactor): RunCapture {
  const streams = { out: captureStream(redactor), err: captureStream(redactor) };
  let hasMissed = false;
  const now = () => ({
    stdout: streams.out.now(),
    stderr: streams.err.now(),
    isTruncated: hasMissed || streams.out.isCut() || streams.err.isCut(),
  });
  return {
    push: (stream, bytes) => streams[stream].push(bytes),
    missed: () => (hasMissed = true),
    now,
    end() {
      streams.out.end();
      streams.err.end();
      return now();
    },
  };
}

function captureStream(redactor: Redactor) {
  const redaction = redactor.bytes();
  let pieces: Uint8Array[] = [];
  let roomBytes = MOST_BYTES;
  let isCut = false;
  const keep = (bytes: Uint8Array) => {
    if (bytes.byteLength > roomBytes) isCut = true;
    // Copied, because a piece may share memory with what its giver uses again.
    if (roomBytes > 0 && bytes.byteLength > 0) pieces.push(Uint8Array.from(bytes.subarray(0, roomBytes)));
    roomBytes = Math.max(0, roomBytes - bytes.byteLength);
  };
  return {
    push: (bytes: Uint8Array) => keep(redaction.push(bytes)),
    end: () => keep(redaction.end()),
    isCut: () => isCut,
    now() {
      const whole = Buffer.concat(pieces);
      pieces = whole.byteLength === 0 ? [] : [whole];
      return whole;
    },
  };
}
