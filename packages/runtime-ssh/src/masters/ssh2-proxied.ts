/**
 * The only file that knows ssh2's internals. A proxied control socket begins where an SSH connection is already
 * encrypted and authenticated, so ssh2's client is put on it with its handshake skipped: it never sends its greeting,
 * its parser goes straight to packets, and its cipher and decipher only frame. Written against ssh2 1.17;
 * `ssh2-proxied.test.ts` says clearly when another version no longer fits.
 */
/* oxlint-disable no-underscore-dangle -- ssh2 marks its internals so, and this file is about them */
import type { Socket } from 'node:net';
import { Client, type ClientChannel } from 'ssh2';
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

interface OpenChannel {
  readonly outgoing: { readonly id: number; readonly state: string };
  readonly _callbacks: ((hasFailed: boolean) => void)[];
  readonly _client: {
    readonly _protocol: { env(id: number, name: string, value: string, wantReply: true): void };
  };
}

/** True where a request may still be sent: sshd ends the connection for one on a channel that we have closed. */
export function isAskable(channel: ClientChannel): boolean {
  return (channel as unknown as OpenChannel).outgoing.state === 'open';
}

/**
 * Asks for something on an open channel that a host has to answer and that changes nothing (a variable, after the
 * program has started): the answer comes from its sshd and costs no session. A global request would, in proxy mode, not
 * be passed on by ssh.
 */
export function askChannel(channel: ClientChannel): Promise<void> {
  return new Promise((resolve, reject) => {
    const { outgoing, _callbacks: callbacks, _client: client } = channel as unknown as OpenChannel;
    channel.once('close', reject);
    callbacks.push(() => {
      channel.removeListener('close', reject);
      resolve();
    });
    client._protocol.env(outgoing.id, 'FARHAND_PING', '', true);
  });
}

/** All that came from the other side so far. */
export function receivedBytes(client: Client): number {
  return (client as unknown as { _sock?: Socket })._sock?.bytesRead ?? 0;
}

type Refused = (protocol: unknown, methods: string[], isPartial: boolean) => void;

/**
 * Tells each refusal of a way to sign in, with what the host still takes; to be called after `connect`. ssh2 hides it
 * where an agent signs: a host that wants a key and then a password would never be asked for the password.
 */
export function watchRefusals(client: Client, listener: (methods: readonly string[]) => void): void {
  type Inside = { _protocol?: { _handlers?: { USERAUTH_FAILURE?: Refused } } };
  const handlers = (client as unknown as Inside)._protocol?._handlers;
  const original = handlers?.USERAUTH_FAILURE;
  if (handlers === undefined || original === undefined)
    throw new Error('ssh2 has changed: it has no USERAUTH_FAILURE');
  handlers.USERAUTH_FAILURE = (protocol, methods, isPartial) => {
    listener(methods);
    original(protocol, methods, isPartial);
  };
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
