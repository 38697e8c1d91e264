/** A binary frame from the server: bytes of a terminal's output. Layout, big-endian: u32 sub, u64 offset, bytes. */
export interface OutputFrame {
  readonly sub: number;
  /** Of the first byte, counted from the terminal's start. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

const HEADER_BYTES = 12;

export function encodeOutput({ sub, offset, bytes }: OutputFrame): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES + bytes.byteLength);
  const view = new DataView(frame.buffer);
  view.setUint32(0, sub);
  view.setBigUint64(4, BigInt(offset));
  frame.set(bytes, HEADER_BYTES);
  return frame;
}

/** Null for a frame too short to be one. The bytes share memory with `frame`. */
export function decodeOutput(frame: Uint8Array): OutputFrame | null {
  if (frame.byteLength < HEADER_BYTES) return null;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  return {
    sub: view.getUint32(0),
    offset: Number(view.getBigUint64(4)),
    bytes: frame.subarray(HEADER_BYTES),
  };
}
