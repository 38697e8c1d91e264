/** One `ssh -M` process and the channels on its control socket. */
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { type Channels, channelsOver } from './channels.ts';
import { masterArguments, type ResolvedHost, type SshTarget, sshMissing } from './config.ts';
import { readSshError } from './errors.ts';
import { explainRefusedKeys } from './identity.ts';
import { openProxy } from './mux.ts';
import { newSocketPath } from './runtime-directory.ts';

export interface MasterOptions extends SshTarget {
  /** The folder of control sockets; one in the system's folder for temporary files when absent. */
  readonly runtimeDirectory?: string;
}

export interface Master {
  readonly channels: Channels;
  /** Ends ssh; resolves when its process is gone. */
  close(): Promise<void>;
}

const STDERR_LIMIT = 64 * 1024;
const SOCKET_POLL_MS = 10;
const KILL_AFTER_MS = 1_000;

/** A connection that is up. Rejects with what ssh's stderr means; `signal` gives up waiting. */
export async function startMaster(
  options: MasterOptions,
  resolved: ResolvedHost,
  signal: AbortSignal,
): Promise<Master> {
  const socketPath = newSocketPath(options.runtimeDirectory);
  const ssh = launch(options, masterArguments(options, resolved, socketPath));
  const giveUp = () => ssh.stop();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    const socket = await Promise.race([
      ssh.exited.then(() => null),
      waitForProxy(socketPath, () => ssh.isGone()),
    ]);
    if (socket === null) throw await explainRefusedKeys(readSshError(ssh.stderr(), options.hostId), resolved);
    const channels = channelsOver(socket);
    channels.onClose(() => ssh.stop());
    const close = async () => {
      channels.close();
      ssh.stop();
      await ssh.exited;
    };
    void ssh.exited.then(() => channels.close());
    return { channels, close };
  } catch (error) {
    ssh.stop();
    await ssh.exited;
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
    void ssh.exited.then(() => rmSync(socketPath, { force: true }));
  }
}

interface SshProcess {
  readonly exited: Promise<void>;
  isGone(): boolean;
  stderr(): string;
  stop(): void;
}

function launch(options: MasterOptions, args: string[]): SshProcess {
  // `detached`: a Ctrl-C in our terminal must not end the connection before we have said goodbye on it.
  const child = spawn(options.sshProgram ?? 'ssh', args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
    env: options.environment,
  });
  const watchdog = child.pid === undefined ? null : startWatchdog(child.pid);
  let stderr = '';
  let startError: Error | null = null;
  let isGone = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(0, STDERR_LIMIT);
  });
  const exited = new Promise<void>((resolve, reject) => {
    const finish = () => {
      isGone = true;
      watchdog?.kill('SIGKILL');
    };
    child.once('error', (error) => {
      startError = sshMissing(error);
      finish();
      reject(startError);
    });
    // Its proxy command can hold stderr open for longer: `exit`, and a moment for the last words.
    child.once('exit', () => {
      finish();
      const timer = setTimeout(resolve, 200);
      child.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  });
  exited.catch(() => {});
  const stop = () => {
    if (isGone) return;
    child.kill('SIGTERM');
    setTimeout(() => !isGone && child.kill('SIGKILL'), KILL_AFTER_MS).unref();
  };
  return { exited, isGone: () => isGone, stderr: () => stderr, stop };
}

/**
 * Ends ssh when this process is gone, even by SIGKILL: a shell that waits for the end of a pipe only we hold. ssh has
 * no option for it, and a session held for that purpose would be one of the host's ten.
 */
function startWatchdog(pid: number): ChildProcess {
  const watchdog = spawn('/bin/sh', ['-c', 'read -r _; kill "$1"', 'farhand-watchdog', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watchdog.on('error', () => {});
  watchdog.stdin.on('error', () => {});
  return watchdog;
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
