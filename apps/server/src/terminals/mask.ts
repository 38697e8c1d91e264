/**
 * Covers secrets in a terminal's bytes without changing their number.
 *
 * A terminal's output is addressed by its offset on the host, in the job's `out`. The browser's cursor is that same
 * number. So a covered value takes exactly the bytes that the value took: `[secret NAME]` filled up with `*`, or only
 * `*` where it does not fit. Then every offset means the same on the host, in the server's memory and in the browser,
 * after a reconnect, after a restart of the server that forgot everything, and after a change of the secrets: no gap
 * and no repeat, with nothing to be remembered. Columns stay where the program put them, too.
 */
import { type CoveredValue, coveredWords } from '../secrets/covered-words.ts';
import { isBlank } from '../secrets/encoded-letters.ts';
import { compileWords, Finder, type FinderTable, type Found, type Word } from '../secrets/finder.ts';

/** The beginning of a secret that is held back at the end of a piece; less says too little to make typing lag for it. */
const MIN_HELD_BYTES = 4;
/** Base64 over several lines is longer than its letters by the breaks, which are at least a line apart. */
const BREAKS_FACTOR = 1.5;

interface LabelledWord extends Word {
  readonly name: string;
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

export function createMask(values: readonly CoveredValue[]): Mask {
  const words = values.flatMap(wordsOf);
  if (words.length === 0) return { reachBytes: 0, open: openClear };
  const table = compileWords(words);
  const longest = words.reduce((most, { text }) => Math.max(most, text.length), 0);
  return {
    reachBytes: Math.ceil(longest * BREAKS_FACTOR),
    open: (offset) => openStream(table, words, offset),
  };
}

/**
 * The mask of the moment: a stream takes the one that counts from its next bytes on. What is held then is looked at anew.
 * `current` gives the same mask as long as nothing changed.
 */
export function createLiveMask(current: () => Mask): Mask {
  return {
    get reachBytes() {
      return current().reachBytes;
    },
    open(offset) {
      let mask = current();
      let stream = mask.open(offset);
      return {
        push(bytes) {
          const now = current();
          if (now === mask) return stream.push(bytes);
          mask = now;
          const held = stream.flush();
          stream = mask.open(held.offset);
          const [first, second] = [stream.push(held.bytes), stream.push(bytes)];
          return { offset: first.offset, bytes: Buffer.concat([first.bytes, second.bytes]) };
        },
        flush: () => stream.flush(),
        heldBytes: () => stream.heldBytes(),
      };
    },
  };
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

function wordsOf({ name, bytes }: CoveredValue): LabelledWord[] {
  const { plain, encoded } = coveredWords(bytes);
  return [
    ...plain.map((text) => ({ name, text, isEncoded: false })),
    ...encoded.map((text) => ({ name, text, isEncoded: true })),
  ];
}

function coverOf(name: string, sizeBytes: number): Buffer {
  const label = `[secret ${name}]`;
  return Buffer.from(
    label.length <= sizeBytes ? label.padEnd(sizeBytes, '*') : '*'.repeat(sizeBytes),
    'latin1',
  );
}

function openStream(table: FinderTable, words: readonly LabelledWord[], start: number): MaskStream {
  const finder = new Finder(table);
  let held: Buffer = Buffer.alloc(0);
  /** As they came: what is covered is still looked at. */
  let letters = '';
  /** Offset of the first held byte: all before it were given out. */
  let given = start;
  const give = (count: number): Piece => {
    const piece = { offset: given, bytes: held.subarray(0, count) };
    held = held.subarray(count);
    letters = letters.slice(count);
    given += count;
    return piece;
  };
  const cover = ({ word, start: begin, end }: Found) => {
    const { name = '', isEncoded = false } = words[word] ?? {};
    const shown = coverOf(name, end - begin);
    for (let at = Math.max(0, begin); at < end; at += 1) {
      // Lines stay lines.
      if (!isEncoded || !isBlank(letters.charCodeAt(at))) held[at] = shown[at - begin] ?? 0;
    }
  };
  return {
    push(bytes) {
      const from = held.byteLength;
      // A copy: the giver's memory must not change under what is held or covered.
      held = Buffer.concat([held, bytes]);
      letters += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
      finder.take(letters, from, cover);
      const open = held.byteLength - finder.openFrom(letters);
      return give(Math.max(0, held.byteLength - (open >= MIN_HELD_BYTES ? open : 0)));
    },
    flush: () => give(held.byteLength),
    heldBytes: () => held.byteLength,
  };
}
