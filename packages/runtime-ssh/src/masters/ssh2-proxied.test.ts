import { once } from 'node:events';
import { createRequire } from 'node:module';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { PacketReader, packet } from './packets.ts';
import { clientOver } from './ssh2-proxied.ts';

const CHANNEL_OPEN = 90;
const CHANNEL_OPEN_FAILURE = 92;
const KEXINIT = 20;

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function socketPair(): Promise<{ ours: Socket; theirs: Socket }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as { port: number };
  const ours = connect(address.port, '127.0.0.1');
  const [theirs] = (await once(server, 'connection')) as [Socket];
  closers.push(
    () => ours.destroy(),
    () => theirs.destroy(),
    () => server.close(),
  );
  return { ours, theirs };
}

describe('clientOver', () => {
  it('was written for the ssh2 that is installed', () => {
    const { version } = createRequire(import.meta.url)('ssh2/package.json') as { version: string };
    // Another version: look at each member that ssh2-proxied.ts names, then change this line.
    expect(version).toBe('1.17.0');
  });

  it('speaks the connection layer from its first byte: no greeting, no key exchange, only frames', async () => {
    const { ours, theirs } = await socketPair();
    const client = clientOver(ours);
    client.on('error', () => {});
    const first = new Promise<Buffer>((resolve) => {
      const reader = new PacketReader((bytes) => resolve(Buffer.from(bytes)));
      theirs.on('data', (chunk) => reader.push(chunk));
    });
    const refused = new Promise<Error | undefined>((resolve) =>
      client.exec('true', (error) => resolve(error)),
    );
    const opened = await first;
    expect([opened[0], opened[1]]).toEqual([0, CHANNEL_OPEN]);
    expect(opened.toString('latin1', 6, 13)).toBe('session');

    const channel = opened.readUInt32BE(13);
    theirs.write(packet(Buffer.from([0, KEXINIT, 1, 2, 3])));
    theirs.write(packet(Buffer.from([0, CHANNEL_OPEN_FAILURE]), channel, 2, 0, 0));
    expect(await refused).toMatchObject({ reason: 2 });
  });

  it('ends on a hostile length', async () => {
    const { ours, theirs } = await socketPair();
    const errors: unknown[] = [];
    const client = clientOver(ours).on('error', (error) => errors.push(error));
    const closed = new Promise((resolve) => client.once('close', () => resolve(null)));
    theirs.on('data', () => {}).on('error', () => {});
    theirs.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0]));
    await closed;
    expect(errors[0]).toMatchObject({ code: 'host.connection_lost' });
  });
});
