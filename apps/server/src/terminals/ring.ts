/** The last bytes of a stream by offset; the oldest go when the room is used up. */
export interface Ring {
  /** Offset of the oldest byte kept. */
  start(): number;
  /** Offset after the newest byte. */
  end(): number;
  /** Copies the bytes. Must begin at `end()`; a later offset drops all that is kept, since bytes between are missing. */
  push(offset: number, bytes: Uint8Array): void;
  /** At most `limit` bytes from an offset between `start()` and `end()`, often fewer; they share memory with the ring, which never writes there again. */
  slice(offset: number, limit: number): Uint8Array;
}

/**
 * Copied into blocks of this size: what came in small pieces goes out in one, and no piece keeps alive the larger buffer
 * that it arrived in.
 */
const BLOCK_BYTES = 64 * 1024;

interface Block {
  readonly offset: number;
  readonly room: Buffer;
  used: number;
}

export function createRing(start: number, roomBytes: number): Ring {
  let blocks: Block[] = [];
  let end = start;
  const first = () => Math.max(blocks[0]?.offset ?? end, end - roomBytes);
  const lastWithRoom = (): Block => {
    const last = blocks.at(-1);
    if (last && last.used < BLOCK_BYTES) return last;
    const block = { offset: end, room: Buffer.allocUnsafeSlow(BLOCK_BYTES), used: 0 };
    blocks.push(block);
    return block;
  };
  return {
    start: first,
    end: () => end,
    push(offset, bytes) {
      if (offset !== end) blocks = [];
      end = offset;
      for (let at = 0; at < bytes.byteLength; ) {
        const block = lastWithRoom();
        const piece = bytes.subarray(at, at + BLOCK_BYTES - block.used);
        block.room.set(piece, block.used);
        block.used += piece.byteLength;
        at += piece.byteLength;
        end += piece.byteLength;
      }
      while (blocks.length > 1 && end - (blocks[1]?.offset ?? end) >= roomBytes) blocks.shift();
    },
    slice(offset, limit) {
      const block = blocks[lastAtOrBefore(blocks, offset)];
      if (!block) return new Uint8Array();
      const from = offset - block.offset;
      return block.room.subarray(from, Math.min(block.used, from + limit));
    },
  };
}

function lastAtOrBefore(blocks: readonly { offset: number }[], offset: number): number {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((blocks[middle]?.offset ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
