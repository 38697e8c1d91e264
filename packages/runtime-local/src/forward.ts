import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Forward } from '@farhand/shared/runtime/port';

/** A port of this machine that carries its connections to `port` of the same machine's loopback. */
export async function forwardPort(port: number): Promise<Forward> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    // "localhost" and not 127.0.0.1: a development server may listen on ::1 alone.
    const target = connect({ host: 'localhost', port, allowHalfOpen: true });
    join(client, target, open);
    join(target, client, open);
  });
  return { localPort: await listen(server), close: () => close(server, open) };
}

function join(from: Socket, to: Socket, open: Set<Socket>): void {
  open.add(from);
  from.pipe(to);
  from.on('error', () => to.destroy());
  from.on('close', () => {
    open.delete(from);
    if (!to.writableEnded) to.destroy();
  });
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening').catch((cause: unknown) => {
    throw new FarhandError('forward.failed', { cause });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new FarhandError('forward.failed');
  return address.port;
}

async function close(server: Server, open: Set<Socket>): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  for (const socket of open) socket.destroy();
  await closed;
}
