import { createServer, type Socket } from 'node:net';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Forward } from '@farhand/shared/runtime/port';
import type { Connection } from './connection.ts';

/**
 * A local port on loopback whose connections reach `port` on the host's; where nothing answers there, they are closed.
 * `forward.failed` where the host prohibits it.
 */
export async function openForward(connection: Connection, port: number): Promise<Forward> {
  await checkAllowed(connection, port);
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    join(connection, socket, port).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    // Later ones are of one connection that could not be taken, as without a free descriptor.
    server.on('error', (error) => reject(new FarhandError('forward.failed', { cause: error })));
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new FarhandError('forward.failed');
  return {
    localPort: address.port,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

// Nothing may answer there yet; what the administrator forbids would be found out only by a page that stays empty.
async function checkAllowed(connection: Connection, port: number): Promise<void> {
  const channels = await connection.channels();
  try {
    (await channels.openTcp(port)).close();
  } catch (error) {
    if (!FarhandError.is(error, 'forward.failed') || error.details['isProhibited'] === true) throw error;
  }
}

async function join(connection: Connection, socket: Socket, port: number): Promise<void> {
  socket.pause();
  const channels = await connection.channels();
  const channel = await channels.openTcp(port);
  if (socket.destroyed) return channel.close();
  channel.on('error', () => {});
  channel.on('close', () => socket.destroySoon());
  socket.on('close', () => channel.close());
  // `pipe` passes on the end of either side, and holds back the faster one.
  channel.pipe(socket).pipe(channel);
}
