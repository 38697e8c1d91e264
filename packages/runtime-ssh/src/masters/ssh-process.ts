/** The process of a master: its last words, its end, and that it does not outlive us. */
import { type ChildProcess, spawn } from 'node:child_process';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { hasStreams, notStarted, type SshTarget } from '../config.ts';

const STDERR_LIMIT = 64 * 1024;
const KILL_AFTER_MS = 1_000;
/** A proxy command can hold stderr open for longer than ssh lives: then this is enough for the last words. */
const LAST_WORDS_MS = 1_000;
/** Versions of ssh before 8.4 look for a display before they ask by a helper; what is shown is ours. */
const NO_DISPLAY = ':0';

export interface SshProcess {
  /** Resolves after the end and the last words; rejects with `host.ssh_missing`. */
  readonly exited: Promise<void>;
  isGone(): boolean;
  stderr(): string;
  stop(): void;
  /** Ends what it has started too: a helper that waits for an answer, a jump host's ssh that would ask the next. */
  stopLogin(): void;
}

/** Starts ssh; `askpass` is added to its environment where questions can be answered. */
export function launchSsh(
  target: SshTarget,
  args: string[],
  askpass?: Readonly<Record<string, string>>,
): SshProcess {
  const { environment } = target;
  if (askpass && environment === undefined)
    throw new FarhandError('internal.unexpected', { message: 'Questions need the environment of ssh.' });
  // `detached`: a Ctrl-C in our terminal must not end the connection before we have said goodbye on it, and ssh finds no
  // terminal to ask on.
  const child = spawn(target.sshProgram ?? 'ssh', args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
    env: askpass ? { DISPLAY: NO_DISPLAY, ...environment, ...askpass } : environment,
  });
  const watchdog = child.pid === undefined ? null : startWatchdog(child.pid);
  let stderr = '';
  let isGone = false;
  if (hasStreams(child)) {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(0, STDERR_LIMIT);
    });
    // Its end is told by the process.
    child.stderr.on('error', () => {});
  }
  const exited = new Promise<void>((resolve, reject) => {
    const finish = () => {
      isGone = true;
      watchdog?.kill('SIGKILL');
    };
    child.once('error', (error) => {
      finish();
      reject(notStarted(error));
    });
    child.once('exit', () => {
      finish();
      const timer = setTimeout(resolve, LAST_WORDS_MS);
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
  const stopLogin = () => {
    if (!isGone && child.pid !== undefined) killGroup(child.pid);
    stop();
  };
  return { exited, isGone: () => isGone, stderr: () => stderr, stop, stopLogin };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It ended a moment ago.
  }
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
  // Undefined without a free descriptor, whatever its type says.
  (watchdog.stdin as typeof watchdog.stdin | undefined)?.on('error', () => {});
  return watchdog;
}
