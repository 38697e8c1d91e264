/** One `ssh -M` process and the channels on its control socket. */
import { rmSync } from 'node:fs';
import { masterArguments, type ResolvedHost, type SshTarget } from '../config.ts';
import { readSshError } from '../errors.ts';
import { openAskpass } from '../questions/askpass.ts';
import { type Channels, channelsOver } from './channels.ts';
import { explainRefusedKeys } from './identity.ts';
import { openProxy } from './mux.ts';
import { newSocketPath } from './runtime-directory.ts';
import { launchSsh } from './ssh-process.ts';

export interface MasterOptions extends SshTarget {
  /** The folder of control sockets; one in the system's folder for temporary files when absent. */
  readonly runtimeDirectory?: string;
  /** How long a person has for one question; two minutes when absent. */
  readonly questionTimeoutMs?: number;
}

export interface Master {
  readonly channels: Channels;
  /** Ends the connection; resolves when what carried it is gone. */
  close(): Promise<void>;
}

const SOCKET_POLL_MS = 10;

/** A connection that is up. Rejects with what ssh's stderr means; `signal` gives up waiting. */
export async function startMaster(
  options: MasterOptions,
  resolved: ResolvedHost,
  signal: AbortSignal,
): Promise<Master> {
  const socketPath = newSocketPath(options.runtimeDirectory);
  const askpass = options.questions && (await openAskpass({ ...options, questions: options.questions }));
  const ssh = launchSsh(options, masterArguments(options, resolved, socketPath), askpass?.environment);
  const giveUp = () => ssh.stopLogin();
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  try {
    const socket = await Promise.race([
      ssh.exited.then(() => null),
      waitForProxy(socketPath, () => ssh.isGone()),
    ]);
    if (socket === null) {
      // Its last words may come after its end.
      await ssh.exited;
      const error = readSshError(ssh.stderr(), options);
      throw options.questions === undefined ? await explainRefusedKeys(error, resolved) : error;
    }
    const channels = channelsOver(socket);
    channels.onClose(() => ssh.stop());
    const close = async () => {
      channels.close();
      ssh.stop();
      await ssh.exited;
    };
    ssh.exited.then(
      () => channels.close(),
      () => channels.close(),
    );
    return { channels, close };
  } catch (error) {
    ssh.stopLogin();
    await ssh.exited;
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
    askpass?.close();
    const clear = () => rmSync(socketPath, { force: true });
    ssh.exited.then(clear, clear);
  }
}

async function waitForProxy(socketPath: string, isGone: () => boolean) {
  for (;;) {
    try {
      return await openProxy(socketPath);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      // Not there before ssh is signed in.
      if (code !== 'ENOENT' && code !== 'ECONNREFUSED') throw error;
      if (isGone()) return null;
    }
    await new Promise((resolve) => setTimeout(resolve, SOCKET_POLL_MS));
  }
}
