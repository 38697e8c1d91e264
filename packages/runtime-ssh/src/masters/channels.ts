/** The channels of one connection, whatever carries them. */
import type { Socket } from 'node:net';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Client, ClientChannel, SFTPWrapper } from 'ssh2';
import { askChannel, clientOver, isAskable, receivedBytes } from './ssh2-proxied.ts';

/** A subsystem that has not greeted by then is taken for none. */
const SFTP_READY_MS = 15_000;

export interface Channels {
  /** A session that runs `command` by the login shell. `host.sessions_exhausted` when the host refuses one more. */
  openExec(command: string): Promise<ClientChannel>;
  /** A session of the sftp subsystem; null where the host has none. */
  openSftp(): Promise<SFTPWrapper | null>;
  /** A connection from the host to `port` on its loopback; no session. `forward.failed`. */
  openTcp(port: number): Promise<ClientChannel>;
  /** True when the host has answered on an open session, false at once where none is open. Never rejects. */
  ping(): Promise<boolean>;
  /** Bytes that came from the host so far: a busy link is a living one. */
  received(): number;
  /** Calls back once, when no channel works any more. */
  onClose(listener: () => void): void;
  close(): void;
}

/** Channels over a control socket in proxy mode. */
export function channelsOver(socket: Socket): Channels {
  return channelsOf(clientOver(socket), () => socket.destroy());
}

/** Channels of a client that is signed in; `end` breaks what carries it. */
export function channelsOf(client: Client, end: () => void): Channels {
  let isClosed = false;
  // Nonsense in the stream, or a broken socket: the reason is known by the ssh process, if by anybody.
  client.on('error', end);
  // Opens that wait: ssh2 forgets them where the connection ends in between.
  const opening = new Set<(error: FarhandError) => void>();
  client.once('close', () => {
    isClosed = true;
    for (const fail of opening) fail(lost());
  });

  const open = <Channel>(start: (done: (error: Error | undefined, channel: Channel) => void) => void) =>
    new Promise<Channel>((resolve, reject) => {
      if (isClosed) return reject(lost());
      opening.add(reject);
      try {
        start((error, channel) => {
          opening.delete(reject);
          if (error) reject(error);
          else resolve(channel);
        });
      } catch (error) {
        opening.delete(reject);
        // ssh2 throws where the socket has just closed.
        reject(lost(error));
      }
    });

  const sessions = new Set<ClientChannel>();
  const sftps = new Set<SFTPWrapper>();
  const keep = <Session extends ClientChannel | SFTPWrapper>(kept: Set<Session>, session: Session) => {
    kept.add(session);
    session.once('close', () => kept.delete(session));
    return session;
  };

  return {
    openExec: (command) =>
      open<ClientChannel>((done) => client.exec(command, done)).then(
        (channel) => keep(sessions, channel),
        (error: unknown) => {
          throw readOpenError(error);
        },
      ),
    ping: async () => {
      const session = [...sessions].find(isAskable);
      // A session that closes while it is asked has answered as well.
      if (session !== undefined) return askChannel(session).then(isAnswer, isAnswer);
      const [sftp] = sftps;
      if (sftp === undefined) return false;
      return await new Promise((resolve) => {
        const answer = () => {
          sftp.removeListener('close', answer);
          resolve(true);
        };
        sftp.once('close', answer);
        sftp.realpath('.', answer);
      });
    },
    received: () => receivedBytes(client),
    openSftp: () => {
      const opened = open<SFTPWrapper>((done) => client.sftp(done));
      return within(SFTP_READY_MS, opened).then(
        (sftp) => {
          if (sftp !== null) return keep(sftps, sftp);
          // One that greets after all would be a session that nobody uses.
          opened.then(
            (late) => late.on('error', () => {}).end(),
            () => {},
          );
          return null;
        },
        (error: unknown) => {
          const read = readOpenError(error);
          if (read.code === 'host.shell_unusable') return null;
          throw read;
        },
      );
    },
    openTcp: (port) =>
      open<ClientChannel>((done) => client.forwardOut('127.0.0.1', 0, '127.0.0.1', port, done)).catch(
        (error) => {
          throw isRefusal(error) ? forwardRefusal(port, error) : lost(error);
        },
      ),
    onClose: (listener) => {
      if (isClosed) queueMicrotask(listener);
      else client.once('close', listener);
    },
    close: end,
  };
}

const isAnswer = () => true;

/** Null where it takes longer: a subsystem that starts and says nothing is none. */
async function within<Value>(limitMs: number, work: Promise<Value>): Promise<Value | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
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

/** RFC 4254, section 5.1: what an administrator forbids is told apart from what does not answer. */
const PROHIBITED = 1;

function forwardRefusal(port: number, error: unknown): FarhandError {
  const isProhibited = error instanceof Error && 'reason' in error && error.reason === PROHIBITED;
  return new FarhandError('forward.failed', {
    message: isProhibited
      ? `The host prohibits connections to its port ${port}.`
      : `Nothing answers on port ${port} of the host.`,
    ...(isProhibited ? { hint: 'Allow them in its sshd_config: AllowTcpForwarding local, PermitOpen.' } : {}),
    details: { port, isProhibited },
    cause: error,
  });
}

/** True where the other side refused to open the channel: ssh2 then gives the reason's number. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'reason' in error && typeof error.reason === 'number';
}

function lost(cause?: unknown): FarhandError {
  return new FarhandError('host.connection_lost', { cause });
}
