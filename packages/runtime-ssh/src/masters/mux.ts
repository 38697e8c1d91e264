/** OpenSSH's mux protocol (PROTOCOL.mux), as much of it as turns a control socket into an SSH connection layer. */
import { connect, type Socket } from 'node:net';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { PacketReader, packet } from './packets.ts';

const MUX_MSG_HELLO = 0x00000001;
const MUX_C_PROXY = 0x1000000f;
const MUX_S_PROXY = 0x8000000f;
const MUX_VERSION = 4;
const REQUEST_ID = 0;
const ANSWER_TIMEOUT_MS = 10_000;

/**
 * The control socket in proxy mode: from here on both sides send `uint32 length, byte 0, payload` in clear. Rejects
 * with the socket's own error where nobody listens there, `host.ssh_failed` where the answer is not what ssh says.
 */
export async function openProxy(socketPath: string): Promise<Socket> {
  const socket = connect(socketPath);
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(unexpected('no answer')), ANSWER_TIMEOUT_MS);
      const steps = [checkHello, checkProxy];
      const reader = new PacketReader((bytes) => {
        steps.shift()?.(bytes);
        if (steps.length > 0) return;
        clearTimeout(timer);
        // Until somebody listens an error is no less than its end.
        socket
          .removeAllListeners()
          .on('error', () => {})
          .pause();
        resolve();
      });
      socket.on('connect', () => {
        socket.write(packet(MUX_MSG_HELLO, MUX_VERSION));
        socket.write(packet(MUX_C_PROXY, REQUEST_ID));
      });
      socket.on('data', (chunk) => {
        try {
          reader.push(chunk);
          // Nothing follows the answer before we ask for a channel.
          if (steps.length === 0 && reader.pendingBytes > 0) throw unexpected('more than the answer');
        } catch (error) {
          reject(error);
        }
      });
      socket.on('error', reject);
      socket.on('close', () => reject(unexpected('closed')));
    });
  } catch (error) {
    socket.removeAllListeners();
    socket.on('error', () => {});
    socket.destroy();
    throw error;
  }
  return socket;
}

function checkHello(bytes: Buffer): void {
  if (bytes.length < 8 || bytes.readUInt32BE(0) !== MUX_MSG_HELLO) throw unexpected('no greeting');
  const version = bytes.readUInt32BE(4);
  if (version !== MUX_VERSION) throw unexpected(`version ${version}`);
}

function checkProxy(bytes: Buffer): void {
  const isProxy =
    bytes.length >= 8 && bytes.readUInt32BE(0) === MUX_S_PROXY && bytes.readUInt32BE(4) === REQUEST_ID;
  if (!isProxy) throw unexpected('no proxy mode');
}

function unexpected(what: string): FarhandError {
  return new FarhandError('host.ssh_failed', {
    message: `ssh's control socket answered unexpectedly: ${what}.`,
    hint: 'Farhand needs OpenSSH 7.4 or newer on this machine.',
  });
}
