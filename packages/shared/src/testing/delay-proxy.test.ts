import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startDelayProxy } from './delay-proxy.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** A proxy before a server that keeps what it gets, and connections through it. */
async function network() {
  const arrived: { text: string; socket: Socket }[] = [];
  const server = createServer((socket) => {
    const one = { text: '', socket };
    arrived.push(one);
    socket.setEncoding('utf8').on('data', (text: string) => {
      one.text += text;
    });
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const proxy = await startDelayProxy({ targetPort: address.port });
  closers.push(proxy.stop);
  const open = async () => {
    const socket = connect(proxy.port, '127.0.0.1');
    socket.on('error', () => {});
    closers.push(() => socket.destroy());
    await once(socket, 'connect');
    await expect.poll(() => proxy.connectionCount).toBeGreaterThan(0);
    return socket;
  };
  return { proxy, open, arrived };
}

describe('startDelayProxy', () => {
  it('lets a part of what comes next through and then ends the connection', async () => {
    const { proxy, open, arrived } = await network();
    const socket = await open();
    socket.write('whole ');
    await expect.poll(() => arrived[0]?.text).toBe('whole ');
    proxy.truncate(() => 0.5);
    socket.write('0123456789');
    socket.write('after');
    await once(socket, 'close');
    await expect.poll(() => arrived[0]?.socket.destroyed).toBe(true);
    expect(arrived[0]?.text).toMatch(/^whole 0\d*$/);
    expect(arrived[0]?.text).not.toContain('after');
  });

  it('ends a connection that carries nothing, too', async () => {
    const { proxy, open } = await network();
    const socket = await open();
    proxy.truncate(() => 0.5);
    await once(socket, 'close');
    await expect.poll(() => proxy.connectionCount).toBe(0);
  });

  it('holds back one direction and keeps its bytes in order', async () => {
    const { proxy, open, arrived } = await network();
    const socket = await open();
    await expect.poll(() => arrived.length).toBe(1);
    proxy.stall('up');
    socket.write('one ');
    socket.write('two');
    arrived[0]?.socket.write('down');
    const [down] = (await once(socket, 'data')) as [Buffer];
    expect(down.toString()).toBe('down');
    expect(arrived[0]?.text).toBe('');
    proxy.unstall('up');
    await expect.poll(() => arrived[0]?.text).toBe('one two');
  });

  it('ends one connection and leaves the others', async () => {
    const { proxy, open } = await network();
    const [first, second] = [await open(), await open()];
    await expect.poll(() => proxy.connectionCount).toBe(2);
    proxy.cutOne(2);
    await once(first, 'close');
    await expect.poll(() => proxy.connectionCount).toBe(1);
    expect(second.destroyed).toBe(false);
  });
});
