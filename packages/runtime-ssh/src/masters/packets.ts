/** The framing of an OpenSSH control socket: `uint32 length`, then that many bytes. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';

/** Above any packet that ssh passes on (256 KiB) and below what could hurt us. */
export const MAX_PACKET_BYTES = 512 * 1024;

/**
 * Cuts a byte stream into packets, in whatever pieces it arrives. A packet is only valid until the next call: it may
 * be a view of the given chunk. Throws `host.connection_lost` on a length that no ssh sends.
 */
export class PacketReader {
  readonly #onPacket: (packet: Buffer) => void;
  #rest: Buffer[] = [];
  #restBytes = 0;

  constructor(onPacket: (packet: Buffer) => void) {
    this.#onPacket = onPacket;
  }

  /** Bytes held back because their packet is not complete; never more than a packet and a chunk. */
  get pendingBytes(): number {
    return this.#restBytes;
  }

  push(chunk: Buffer): void {
    const whole = this.#join(chunk);
    if (whole === null) return;
    let at = 0;
    while (whole.length - at >= 4) {
      const length = checkedLength(whole.readUInt32BE(at));
      if (whole.length - at - 4 < length) break;
      const packet = whole.subarray(at + 4, at + 4 + length);
      at += 4 + length;
      this.#onPacket(packet);
    }
    if (at < whole.length) this.#keep(whole.subarray(at));
  }

  /** What has not been read as a packet, given back for another reader. */
  takeRest(): Buffer {
    const rest = Buffer.concat(this.#rest);
    this.#rest = [];
    this.#restBytes = 0;
    return rest;
  }

  // Joins only once the packet is complete, so that a large one in small pieces is copied once.
  #join(chunk: Buffer): Buffer | null {
    if (this.#restBytes === 0) return chunk;
    this.#keep(chunk);
    if (this.#restBytes < 4) return null;
    const first = this.#rest[0] as Buffer;
    if (first.length < 4) this.#rest = [Buffer.concat(this.#rest)];
    const length = checkedLength((this.#rest[0] as Buffer).readUInt32BE(0));
    return this.#restBytes < 4 + length ? null : this.takeRest();
  }

  #keep(bytes: Buffer): void {
    this.#rest.push(bytes);
    this.#restBytes += bytes.length;
  }
}

/** `uint32 length` and the parts. */
export function packet(...parts: readonly (Buffer | number)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'number' ? uint32(part) : part)));
  return Buffer.concat([uint32(body.length), body]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

function checkedLength(length: number): number {
  if (length > 0 && length <= MAX_PACKET_BYTES) return length;
  throw new FarhandError('host.connection_lost', {
    message: `A packet of ${length} bytes came over the connection.`,
  });
}
