import { FarhandError } from '../../../errors/farhand-error.ts';
import type { JobStream } from '../../port.ts';
import { parseOffset } from '../replies.ts';

/** The hub's longest piece of a stream. */
const LARGEST_PIECE_BYTES = 65_536;
const LONGEST_HEADER_BYTES = 128;
const NEWLINE = 0x0a;

/** What a hub tells of the attachment `n`; PROTOCOL.md beside this file. */
export interface FrameSink {
  /** A part of a piece, as it arrives; `bytes` is only lent. */
  onOutput(n: number, stream: JobStream, offset: number, bytes: Uint8Array): void;
  onMissed(n: number, stream: JobStream, from: number, to: number): void;
  /** Nothing of `n` follows: it ended with this status line, there is no such job, it was detached, or cannot be read. */
  onEnd(n: number, end: HubEnd): void;
}

export type HubEnd =
  | { readonly kind: 'status'; readonly line: string }
  | { readonly kind: 'no_job' | 'detached' | 'failed' };

/**
 * Takes a hub's stdout apart, in whatever pieces it comes. Bytes of a job are counted, never searched, so nothing that a
 * program prints is taken for a frame. Keeps at most one header. Throws `host.shell_unusable` for what no hub of ours
 * prints.
 */
export class FrameReader {
  readonly #sink: FrameSink;
  #header = '';
  #piece: { n: number; stream: JobStream; offset: number; left: number } | null = null;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) at = this.#piece === null ? this.#readHeader(bytes, at) : this.#pass(bytes, at);
  }

  #readHeader(bytes: Uint8Array, at: number): number {
    const end = bytes.indexOf(NEWLINE, at);
    const stop = end < 0 ? bytes.length : end;
    if (stop - at + this.#header.length > LONGEST_HEADER_BYTES) throw nonsense('a header without end');
    for (let i = at; i < stop; i += 1) this.#header += String.fromCharCode(bytes[i] ?? 0);
    if (end < 0) return stop;
    const header = this.#header;
    this.#header = '';
    this.#take(header);
    return end + 1;
  }

  #pass(bytes: Uint8Array, at: number): number {
    const piece = this.#piece;
    if (piece === null) return at;
    const part = bytes.subarray(at, at + piece.left);
    const { offset } = piece;
    piece.offset += part.length;
    piece.left -= part.length;
    if (piece.left === 0) this.#piece = null;
    this.#sink.onOutput(piece.n, piece.stream, offset, part);
    return at + part.length;
  }

  #take(header: string): void {
    const [type, number = '', ...rest] = header.split(' ');
    // The greeting, which only people and tests read.
    if (type === 'h') return;
    const n = parseOffset(number);
    if (n === null) throw nonsense(header);
    if (type === 'd' || type === 'm') this.#takeRange(header, type, n, rest);
    else this.#sink.onEnd(n, readEnd(header, type, rest));
  }

  #takeRange(
    header: string,
    type: 'd' | 'm',
    n: number,
    [stream, first = '', second = '', ...more]: string[],
  ) {
    const from = parseOffset(first);
    const to = parseOffset(second);
    if ((stream !== 'out' && stream !== 'err') || from === null || to === null || more.length > 0)
      throw nonsense(header);
    if (type === 'm') return this.#sink.onMissed(n, stream, from, to);
    if (to < 1 || to > LARGEST_PIECE_BYTES) throw nonsense(header);
    this.#piece = { n, stream, offset: from, left: to };
  }
}

function readEnd(header: string, type: string | undefined, rest: readonly string[]): HubEnd {
  if (type === 'e' && rest.length > 0) return { kind: 'status', line: rest.join(' ') };
  if (rest.length === 0) {
    if (type === 'n') return { kind: 'no_job' };
    if (type === 'x') return { kind: 'detached' };
    if (type === 'f') return { kind: 'failed' };
  }
  throw nonsense(header);
}

/** The error for a hub that does not keep to its protocol. */
export function nonsense(what: string): FarhandError {
  return new FarhandError('host.shell_unusable', {
    message: 'What the host sends of its jobs’ output makes no sense.',
    details: { what: what.slice(0, LONGEST_HEADER_BYTES).replaceAll(/[^\x20-\x7e]/g, '?') },
  });
}
