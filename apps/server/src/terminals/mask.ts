/**
 * Covers secrets in a terminal's bytes without changing their number.
 *
 * A terminal's output is addressed by its offset on the host, in the job's `out`. The browser's cursor is that same
 * number. So a covered value takes exactly the bytes that the value took: `[secret NAME]` filled up with `*`, or only
 * `*` where it does not fit. Then every offset means the same on the host, in the server's memory and in the browser,
 * after a reconnect, after a restart of the server that forgot everything, and after a change of the secrets: no gap
 * and no repeat, with nothing to be remembered. Columns stay where the program put them, too.
 */
import type { Environment } from '@farhand/shared/runtime/port';
import { createMatcher, type Matcher } from '../secrets/matcher.ts';

/** As the redactor of text: shorter values would cover half of what is printed. */
const MIN_VALUE_BYTES = 4;
const MIN_LINE_BYTES = 8;
/** The beginning of a secret that is held back at the end of a piece; less says too little to make typing lag for it. */
const MIN_HELD_BYTES = 4;

interface Word {
  readonly bytes: Buffer;
  readonly cover: Buffer;
}

export interface Mask {
  /** Bytes of the longest secret: the context needed before an offset to know if it is inside one. */
  readonly reachBytes: number;
  /** For a stream that begins at this offset. */
  open(offset: number): MaskStream;
}

export interface Piece {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export interface MaskStream {
  /** The next bytes of the stream; gives those that are settled, and holds back what may be the beginning of a secret. They may share memory with `bytes`. */
  push(bytes: Uint8Array): Piece;
  /** What is held back, in clear; if it was a beginning after all, the rest of the secret is still covered. */
  flush(): Piece;
  heldBytes(): number;
}

export function createMask(secrets: Environment): Mask {
  const words = Object.entries(secrets).flatMap(([name, value]) => wordsOf(name, value));
  const matcher = createMatcher(words.map((word) => word.bytes.toString('latin1')));
  const reachBytes = Math.max(0, ...words.map((word) => word.bytes.byteLength));
  const open = (offset: number) =>
    words.length === 0 ? openClear(offset) : openStream(matcher, words, offset);
  return { reachBytes, open };
}

// Most projects have no secrets: their output is not looked at, byte for byte, and not copied.
function openClear(start: number): MaskStream {
  let given = start;
  const give = (bytes: Uint8Array): Piece => {
    const piece = { offset: given, bytes };
    given += bytes.byteLength;
    return piece;
  };
  return { push: give, flush: () => give(new Uint8Array()), heldBytes: () => 0 };
}

// A pty prints a line feed as CR LF, and shows the lines of a long value one by one.
function wordsOf(name: string, value: string): Word[] {
  const whole = [value, value.trim(), value.trim().replaceAll(/\r?\n/g, '\r\n')].filter(
    (text) => Buffer.byteLength(text) >= MIN_VALUE_BYTES,
  );
  const lines = value
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => Buffer.byteLength(line) >= MIN_LINE_BYTES);
  return [...new Set([...whole, ...lines])].map((text) => {
    const bytes = Buffer.from(text, 'utf8');
    return { bytes, cover: coverOf(name, bytes.byteLength) };
  });
}

function coverOf(name: string, sizeBytes: number): Buffer {
  const label = `[secret ${name}]`;
  return Buffer.from(
    label.length <= sizeBytes ? label.padEnd(sizeBytes, '*') : '*'.repeat(sizeBytes),
    'latin1',
  );
}

function openStream(matcher: Matcher, words: readonly Word[], start: number): MaskStream {
  let held: Buffer = Buffer.alloc(0);
  /** Offset of the first held byte: all before it were given out. */
  let given = start;
  let state = 0;
  const give = (count: number): Piece => {
    const piece = { offset: given, bytes: held.subarray(0, count) };
    held = held.subarray(count);
    given += count;
    return piece;
  };
  const cover = (word: Word | undefined, end: number) => {
    if (!word) return;
    const begin = end - word.bytes.byteLength;
    word.cover.copy(held, Math.max(0, begin), Math.max(0, -begin));
  };
  return {
    push(bytes) {
      const from = held.byteLength;
      // A copy: the giver's memory must not change under what is held or covered.
      held = Buffer.concat([held, bytes]);
      for (let at = from; at < held.byteLength; at += 1) {
        state = matcher.next(state, bytes[at - from] ?? 0);
        if (state !== 0 && matcher.ending(state) >= 0) cover(words[matcher.ending(state)], at + 1);
      }
      const open = matcher.depth(state);
      return give(Math.max(0, held.byteLength - (open >= MIN_HELD_BYTES ? open : 0)));
    },
    flush: () => give(held.byteLength),
    heldBytes: () => held.byteLength,
  };
}
