import { chmodSync, existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { BetterSQLiteSession } from 'drizzle-orm/better-sqlite3/session';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { BaseSQLiteDatabase, SQLiteSyncDialect } from 'drizzle-orm/sqlite-core';
import Sqlite from 'libsql';

/** What a statement that returns no rows answers. */
interface RunResult {
  readonly changes: number;
  readonly lastInsertRowid: number | bigint;
}

/**
 * The embedded store. Queries are synchronous, also in `transaction`. Rows of `.get()` without named fields carry
 * `_metadata`; select the columns that are wanted.
 */
export type Database = BaseSQLiteDatabase<'sync', RunResult> & { close(): void };

// A full disk ends a transaction by itself. That there is none to take back any more is not what went wrong: then the
// error of before is thrown.
class Client extends Sqlite {
  override exec(statements: string): this {
    if (statements === 'ROLLBACK' && !this.inTransaction) return this;
    return super.exec(statements);
  }
}

// The driver file of drizzle imports better-sqlite3 itself, which is not here; its session takes any client of that shape.
class LibsqlDatabase extends BaseSQLiteDatabase<'sync', RunResult> {
  readonly #client: Sqlite.Database;

  constructor(client: Sqlite.Database, dialect: SQLiteSyncDialect) {
    super('sync', dialect, new BetterSQLiteSession(client, dialect, undefined, {}), undefined);
    this.#client = client;
  }

  close(): void {
    this.#client.close();
  }
}

// Beside this file's folder when run from the sources, beside the bundle when built.
const MIGRATIONS = ['../../migrations', './migrations'];

/**
 * Opens the store, makes it (mode 0600) where there is none, and brings it to the newest schema in one transaction. Throws
 * `server.store_newer` for one that a later version has changed.
 */
export function openDatabase(file: string): Database {
  const client = new Client(file);
  // The files beside it (-wal, -shm) take this mode too.
  chmodSync(file, 0o600);
  client.exec('PRAGMA journal_mode = WAL');
  client.exec('PRAGMA synchronous = NORMAL');
  client.exec('PRAGMA busy_timeout = 5000');
  const dialect = new SQLiteSyncDialect();
  const database = new LibsqlDatabase(client, dialect);
  // A migration that rebuilds a table must not cascade into its children.
  client.exec('PRAGMA foreign_keys = OFF');
  try {
    migrate(client);
  } catch (thrown) {
    client.close();
    throw thrown;
  }
  client.exec('PRAGMA foreign_keys = ON');
  return database;
}

function migrate(client: Sqlite.Database): void {
  const migrations = readMigrationFiles({ migrationsFolder: migrationsFolder() });
  client.exec('CREATE TABLE IF NOT EXISTS migrations (created_at INTEGER PRIMARY KEY, hash TEXT NOT NULL)');
  const known = client.prepare('SELECT created_at FROM migrations').raw().all() as [number][];
  const applied = new Set(known.map(([createdAt]) => createdAt));
  const ours = new Set(migrations.map(({ folderMillis }) => folderMillis));
  // What is in its tables would be read wrong, and what is written now would be missing something.
  if (known.some(([createdAt]) => !ours.has(createdAt))) throw new FarhandError('server.store_newer');
  const missing = migrations.filter((migration) => !applied.has(migration.folderMillis));
  const apply = client.transaction(() => {
    const insert = client.prepare('INSERT INTO migrations VALUES (?, ?)');
    for (const { sql, folderMillis, hash } of missing) {
      for (const statement of sql) client.exec(statement);
      insert.run(folderMillis, hash);
    }
  });
  apply.immediate();
}

function migrationsFolder(): string {
  const folders = MIGRATIONS.map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const found = folders.find((folder) => existsSync(`${folder}/meta/_journal.json`));
  if (!found) throw new Error(`no migrations in ${folders.join(' or ')}`);
  return found;
}
