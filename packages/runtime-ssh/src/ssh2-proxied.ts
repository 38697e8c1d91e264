/**
 * The only file that knows ssh2's internals. A proxied control socket begins where an SSH connection is already
 * encrypted and authenticated, so ssh2's client is put on it with its handshake skipped: it never sends its greeting,
 * its parser goes straight to packets, and its cipher and decipher only frame. Written against ssh2 1.17;
 * `ssh2-proxied.test.ts` says clearly when another version no longer fits.
 */
/* oxlint-disable no-underscore-dangle -- ssh2 marks its internals so, and this file is about them */
import type { Socket } from 'node:net';
import { Client } from 'ssh2';
import { PacketReader } from './packets.ts';

/** What of ssh2's Protocol object is replaced or called here. */
interface Protocol {
  start: (() => void) | undefined;
  _parse: (chunk: Buffer, from: number, to: number) => number | undefined;
  _onPayload: (payload: Buffer) => unknown;
  _onWrite: (bytes: Buffer) => void;
  _cipher: unknown;
  _decipher: unknown;
  _authenticated: boolean;
  _remoteIdentRaw: Buffer | undefined;
}

const REPLACED: readonly (keyof Protocol)[] = [
  'start',
  '_parse',
  '_onPayload',
  '_onWrite',
  '_cipher',
  '_authenticated',
];

/** Message numbers of the connection layer (RFC 4254); whatever else a host sends is not for us. */
const FIRST_MESSAGE = 80;
const LAST_MESSAGE = 100;

/** An ssh2 client ready to open channels over `socket`, which must be in proxy mode with nothing read from it yet. */
export function clientOver(socket: Socket): Client {
  const client = new Client();
  // `readyTimeout` 0: there is no handshake to wait for. The name is never sent.
  client.connect({ sock: socket, username: '-', readyTimeout: 0 });
  const protocol = (client as unknown as { _protocol: Protocol })._protocol;
  const missing = REPLACED.filter((name) => protocol?.[name] === undefined);
  if (missing.length > 0) throw new Error(`ssh2 has changed: its protocol has no ${missing.join(', ')}`);

  const reader = new PacketReader((bytes) => {
    const type = bytes[1] ?? 0;
    // The first byte is the padding's length, always 0 here.
    if (type >= FIRST_MESSAGE && type <= LAST_MESSAGE) protocol._onPayload(bytes.subarray(1));
  });
  const write = protocol._onWrite;
  protocol.start = () => {};
  protocol._cipher = new FramingCipher((bytes) => write(bytes));
  protocol._decipher = { free: () => {} };
  protocol._parse = (chunk, from, to) => {
    reader.push(chunk.subarray(from, to));
    return to;
  };
  protocol._authenticated = true;
  return client;
}

class FramingCipher {
  readonly #write: (bytes: Buffer) => void;
  #isFree = false;

  constructor(write: (bytes: Buffer) => void) {
    this.#write = write;
  }

  /** ssh2 fills the payload in from byte 5 on. */
  allocPacket(payloadBytes: number): Buffer {
    const bytes = Buffer.allocUnsafe(5 + payloadBytes);
    bytes.writeUInt32BE(1 + payloadBytes, 0);
    bytes[4] = 0;
    return bytes;
  }

  encrypt(bytes: Buffer): void {
    if (!this.#isFree) this.#write(bytes);
  }

  free(): void {
    this.#isFree = true;
  }
}
