import { chmodSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type Lock, takeLock } from './lock.ts';
import type { Paths } from './paths.ts';
import { readRunningServer, removeRunningServer } from './running-server.ts';

/** A data folder that this process alone uses until it is released. */
export interface DataFolder {
  release(): void;
}

/**
 * Makes the folders (0700) and takes the data folder. Throws `server.folder_shared`, and
 * `server.already_running` with who has it.
 */
export function takeDataFolder(paths: Paths): DataFolder {
  for (const folder of new Set([paths.dataDirectory, paths.configDirectory])) makePrivateFolder(folder);
  const lock = takeLock(paths.lockFile);
  if (!lock) throw alreadyRunning(paths);
  // What a killed server left there tells of nobody, and is of no use.
  removeRunningServer(paths.serverFile);
  rmSync(paths.scratchDirectory, { recursive: true, force: true });
  return { release: () => release(lock, paths) };
}

function release(lock: Lock, paths: Paths): void {
  removeRunningServer(paths.serverFile);
  lock.release();
}

function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { mode, uid } = statSync(folder);
  // A folder that others use too, as /tmp: closing it would shut them out, and leaving it open would let them in.
  const self = process.getuid?.() ?? 0;
  if ((mode & 0o1000) !== 0 || (self !== 0 && uid !== self)) throw notOurs(folder);
  if ((mode & 0o077) !== 0) chmodSync(folder, 0o700);
}

function notOurs(folder: string): FarhandError {
  return new FarhandError('server.folder_shared', {
    message: `The data folder ${folder} belongs to others, too.`,
    details: { folder },
  });
}

function alreadyRunning({ dataDirectory, serverFile }: Paths): FarhandError {
  const other = readRunningServer(serverFile);
  const who = other
    ? `A server runs already, at ${other.url} (pid ${other.pid}).`
    : 'Another server is just starting.';
  return new FarhandError('server.already_running', {
    message: `${who} It uses the data folder ${dataDirectory}.`,
    hint: 'Run `farhand login-url` to open it, stop it, or set FARHAND_HOME to another folder.',
    details: { dataDirectory, pid: other?.pid ?? null, url: other?.url ?? null },
  });
}
