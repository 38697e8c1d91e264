/** Bytes in and out of an open sftp handle, many requests in flight. */
import type { Sftp } from './sftp.ts';

/** What every server takes (draft-ietf-secsh-filexfer-02, section 3). */
export const PIECE_BYTES = 32 * 1024;
/** 4 MiB in flight: twice an ssh window, so that the pipe never runs dry. */
const IN_FLIGHT = 128;

export interface Range {
  readonly offset: number;
  readonly limit: number;
  /** The size the host told; the file may have changed since, or have none (as in /proc). */
  readonly sizeHint: number;
  /** Already read at `offset`; at most a piece. */
  readonly first: Buffer;
}

/** The bytes from `offset`, at most `limit`, up to the end of the file. */
export async function readRange(
  sftp: Sftp,
  handle: Buffer,
  { offset, limit, sizeHint, first }: Range,
): Promise<Uint8Array> {
  if (first.length === 0) return new Uint8Array();
  const from = offset + first.length;
  const room = limit - first.length;
  const expected = Math.max(0, Math.min(room, sizeHint - from));
  const pieces: Buffer[] = [];
  await inParallel(piecesOf(expected), async (start, index) => {
    pieces[index] = await readFully(sftp, handle, from + start, Math.min(PIECE_BYTES, expected - start));
  });
  // A piece that came short is the end: what lies behind it belongs to another moment of the file.
  const shortAt = pieces.findIndex(
    (piece, index) => piece.length < Math.min(PIECE_BYTES, expected - index * PIECE_BYTES),
  );
  const isWhole = shortAt < 0;
  // A size of 0 can be a file that tells none, as in /proc.
  const tail = isWhole && sizeHint < from ? await readToEnd(sftp, handle, from, room) : [];
  return new Uint8Array(
    Buffer.concat([first, ...(isWhole ? pieces : pieces.slice(0, shortAt + 1)), ...tail]),
  );
}

/** Puts all bytes at `offset`. */
export async function writeAll(sftp: Sftp, handle: Buffer, bytes: Buffer, offset: number): Promise<void> {
  await inParallel(piecesOf(bytes.length), (start) =>
    sftp.write(handle, bytes.subarray(start, start + PIECE_BYTES), offset + start),
  );
}

function piecesOf(totalBytes: number): number[] {
  return Array.from({ length: Math.ceil(totalBytes / PIECE_BYTES) }, (_, index) => index * PIECE_BYTES);
}

// A server may answer with less than was asked for without being at the end.
async function readFully(sftp: Sftp, handle: Buffer, position: number, length: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let done = 0; done < length; ) {
    const part = await sftp.read(handle, position + done, length - done);
    if (part.length === 0) break;
    parts.push(part);
    done += part.length;
  }
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
}

async function readToEnd(sftp: Sftp, handle: Buffer, from: number, limit: number): Promise<Buffer[]> {
  const parts: Buffer[] = [];
  for (let done = 0; done < limit; ) {
    const part = await sftp.read(handle, from + done, Math.min(PIECE_BYTES, limit - done));
    if (part.length === 0) break;
    parts.push(part);
    done += part.length;
  }
  return parts;
}

async function inParallel(
  starts: readonly number[],
  action: (start: number, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < starts.length) {
      const index = next++;
      await action(starts[index] as number, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(IN_FLIGHT, starts.length) }, lane));
}
