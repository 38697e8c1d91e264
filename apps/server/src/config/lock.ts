import { chmodSync } from 'node:fs';
import Sqlite from 'libsql';

/** Held until `release`, or until this process is gone. */
export interface Lock {
  release(): void;
}

/**
 * Takes the lock of a data folder, or answers null where another server has it.
 *
 * It is an exclusive transaction on a database file of its own. SQLite makes of it a lock that the kernel keeps with
 * the process: a server that was killed leaves none behind, and a process id that was given out again fools nobody.
 * Nothing else may open the file in this process, because closing any descriptor of it drops the lock (POSIX).
 */
export function takeLock(lockFile: string): Lock | null {
  const database = new Sqlite(lockFile);
  try {
    database.exec('PRAGMA busy_timeout = 0');
    // Nothing is ever written, so no journal file is needed beside it.
    database.exec('PRAGMA journal_mode = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
  } catch (thrown) {
    database.close();
    if (isBusy(thrown)) return null;
    throw thrown;
  }
  chmodSync(lockFile, 0o600);
  return {
    release() {
      if (!database.open) return;
      database.exec('ROLLBACK');
      database.close();
    },
  };
}

const isBusy = (thrown: unknown) =>
  thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('SQLITE_BUSY');
