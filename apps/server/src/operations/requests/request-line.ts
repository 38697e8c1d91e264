import { type OperationSubject, operationSubject } from '../host/operation-folder.ts';

/** One line of the listener, as far as it has the form of one; nothing in it is believed yet. */
export interface RequestLine {
  /** `ask` for an operation, `cancel` it, or `taken`: its answer was read. */
  readonly kind: 'ask' | 'cancel' | 'taken';
  /** By whose folder it came; null from a listener of the version that had one folder for all. */
  readonly subject: OperationSubject | null;
  readonly id: string;
  /** By the host's clock, in seconds since the epoch. */
  readonly atS: number;
  readonly token: string;
  /** Null where they are no words. */
  readonly words: readonly string[] | null;
}

const FORM =
  /^(?:([a-z]{2,3}_[a-z2-7]{20}) )?([acq])([0-9a-f]{20}) (\d{1,12}) ([a-z0-9_.]{1,200})((?: x(?:[0-9a-f]{2})*)*)\s*$/;
const KINDS = { a: 'taken', c: 'cancel', q: 'ask' } as const;
const MOST_WORDS = 200;

/** Null for what is none, and so gets no answer either. */
export function readRequestLine(line: string): RequestLine | null {
  const [, by, letter, id, at, token, words] = FORM.exec(line) ?? [];
  if (letter === undefined || id === undefined || at === undefined || token === undefined) return null;
  const kind = KINDS[letter as keyof typeof KINDS];
  const subject = by === undefined ? null : operationSubject.safeParse(by).data;
  if (subject === undefined) return null;
  return { kind, subject, id, atS: Number(at), token, words: readHexWords(words ?? '') };
}

function readHexWords(text: string): string[] | null {
  const words = text.split(' ').filter((word) => word !== '');
  if (words.length > MOST_WORDS) return null;
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    return words.map((word) => decoder.decode(Buffer.from(word.slice(1), 'hex')));
  } catch {
    return null;
  }
}

/** Cuts a stream of bytes into lines; a line that is too long is dropped, and no more of it is kept. */
export function createLineReader(mostBytes: number): {
  /** Whole lines, each with the offset at which the next one begins. */
  push(offset: number, bytes: Uint8Array): { line: string; next: number }[];
  /** Bytes are missing: what was begun is no line any more. */
  reset(): void;
} {
  let begun: Buffer = Buffer.alloc(0);
  let isDropping = false;
  return {
    push(offset, bytes) {
      const lines: { line: string; next: number }[] = [];
      const piece = Buffer.from(bytes);
      let from = 0;
      for (let at = piece.indexOf(10); at !== -1; at = piece.indexOf(10, from)) {
        const whole = Buffer.concat([begun, piece.subarray(from, at)]);
        const isLong = isDropping || whole.byteLength > mostBytes;
        lines.push({ line: isLong ? '' : whole.toString('latin1'), next: offset + at + 1 });
        begun = Buffer.alloc(0);
        isDropping = false;
        from = at + 1;
      }
      const rest = piece.subarray(from);
      if (begun.byteLength + rest.byteLength > mostBytes) {
        isDropping = true;
        begun = Buffer.alloc(0);
      } else if (!isDropping) begun = Buffer.concat([begun, rest]);
      return lines;
    },
    reset() {
      begun = Buffer.alloc(0);
      isDropping = false;
    },
  };
}
