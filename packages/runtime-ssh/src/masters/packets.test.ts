import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { createRandom } from '@farhand/shared/testing/random';
import { describe, expect, it } from 'vitest';
import { MAX_PACKET_BYTES, PacketReader, packet } from './packets.ts';

describe('PacketReader', () => {
  it('gives the same packets however the bytes are cut', () => {
    const random = createRandom(20261121).below;
    for (let round = 0; round < 300; round++) {
      const sent = Array.from({ length: 1 + random(20) }, () =>
        Buffer.alloc(1 + random(random(10) === 0 ? 100_000 : 40), random(256)),
      );
      const stream = Buffer.concat(sent.map((body) => packet(body)));
      const seen: Buffer[] = [];
      const reader = new PacketReader((bytes) => seen.push(Buffer.from(bytes)));
      for (let at = 0; at < stream.length; ) {
        const end = Math.min(stream.length, at + 1 + random(random(2) === 0 ? 6 : 70_000));
        reader.push(stream.subarray(at, end));
        at = end;
      }
      expect(seen.length).toBe(sent.length);
      expect(seen.every((body, index) => body.equals(sent[index] as Buffer))).toBe(true);
      expect(reader.pendingBytes).toBe(0);
    }
  });

  it('refuses a length that no ssh sends, in one piece or in single bytes', () => {
    for (const length of [0, MAX_PACKET_BYTES + 1, 0x7fffffff, 0xffffffff]) {
      const head = Buffer.alloc(5);
      head.writeUInt32BE(length);
      expect(() => new PacketReader(() => {}).push(head)).toThrow(/packet of/);
      const slow = new PacketReader(() => {});
      expect(() => head.forEach((byte) => slow.push(Buffer.from([byte])))).toThrow(/packet of/);
    }
  });

  it('holds no more than a packet and a chunk, whatever is sent', () => {
    const random = createRandom(7).below;
    const refusals: unknown[] = [];
    let most = 0;
    for (let round = 0; round < 200; round++) {
      const reader = new PacketReader(() => {});
      try {
        for (let count = 0; count < 50; count++) {
          const noise = Buffer.from(Array.from({ length: 4 + random(4096) }, () => random(256)));
          if (random(2) === 0) noise.writeUInt32BE(random(MAX_PACKET_BYTES), 0);
          reader.push(noise);
          most = Math.max(most, reader.pendingBytes);
        }
      } catch (error) {
        refusals.push(error);
      }
    }
    expect(most).toBeLessThanOrEqual(MAX_PACKET_BYTES + 4 + 4100);
    expect(refusals.length).toBeGreaterThan(100);
    expect(refusals.every((error) => FarhandError.is(error, 'host.connection_lost'))).toBe(true);
  });
});
