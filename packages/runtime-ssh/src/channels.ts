/** The channels of one connection, whatever carries them. */
import type { Socket } from 'node:net';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ClientChannel, SFTPWrapper } from 'ssh2';
import { clientOver } from './ssh2-proxied.ts';

export interface Channels {
  /** A session that runs `command` by the login shell. `host.sessions_exhausted` when the host refuses one more. */
  openExec(command: string): Promise<ClientChannel>;
  /** A session of the sftp subsystem; null where the host has none. */
  openSftp(): Promise<SFTPWrapper | null>;
  /** A connection from the host to `port` on its loopback; no session. `forward.failed`. */
  openTcp(port: number): Promise<ClientChannel>;
  /** Calls back once, when no channel works any more. */
  onClose(listener: () => void): void;
  close(): void;
}

/** Channels over a control socket in proxy mode. */
export function channelsOver(socket: Socket): Channels {
  const client = clientOver(socket);
  let isClosed = false;
  // Nonsense in the stream, or a broken socket: the reason is known by the ssh process, if by anybody.
  client.on('error', () => socket.destroy());
  client.once('close', () => {
    isClosed = true;
  });

  const open = <Channel>(start: (done: (error: Error | undefined, channel: Channel) => void) => void) =>
    new Promise<Channel>((resolve, reject) => {
      if (isClosed) return reject(lost());
      try {
        start((error, channel) => (error ? reject(error) : resolve(channel)));
      } catch (error) {
        // ssh2 throws where the socket has just closed.
        reject(lost(error));
      }
    });

  return {
    openExec: (command) =>
      open<ClientChannel>((done) => client.exec(command, done)).catch((error: unknown) => {
        throw readOpenError(error);
      }),
    openSftp: () =>
      open<SFTPWrapper>((done) => client.sftp(done)).catch((error: unknown) => {
        const read = readOpenError(error);
        if (read.code === 'host.shell_unusable') return null;
        throw read;
      }),
    openTcp: (port) =>
      open<ClientChannel>((done) => client.forwardOut('127.0.0.1', 0, '127.0.0.1', port, done)).catch(
        (error) => {
          const message = `Nothing answers on port ${port} of the host.`;
          throw isRefusal(error)
            ? new FarhandError('forward.failed', { message, cause: error })
            : lost(error);
        },
      ),
    onClose: (listener) => {
      if (isClosed) queueMicrotask(listener);
      else client.once('close', listener);
    },
    close: () => socket.destroy(),
  };
}

function readOpenError(error: unknown): FarhandError {
  if (isRefusal(error)) return new FarhandError('host.sessions_exhausted', { cause: error });
  // The session was opened and then its request refused: by ssh2's words, there is nothing else to go by.
  if (
    error instanceof Error &&
    /^(?:Unable to (?:exec|start subsystem)|Received (?:exit|signal|unexpected))/.test(error.message)
  ) {
    return new FarhandError('host.shell_unusable', { cause: error });
  }
  return FarhandError.is(error) ? error : lost(error);
}

/** True where the other side refused to open the channel: ssh2 then gives the reason's number. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'reason' in error && typeof error.reason === 'number';
}

function lost(cause?: unknown): FarhandError {
  return new FarhandError('host.connection_lost', { cause });
}
