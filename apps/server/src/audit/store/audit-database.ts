import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'libsql';

/** The log's own database: see `docs/decisions/0021-audit.md` for why it is not in the one of everything else. */
export type AuditDatabase = Sqlite.Database;

const BUSY_TIMEOUT_MS = 1_000;

// Only what a signed cut covers may go. Whoever can write the file can drop a trigger: they are against mistakes, the
// chain is against people.
const SCHEMA = `
CREATE TABLE IF NOT EXISTS events (
  seq INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, actor_kind TEXT NOT NULL, actor_name TEXT,
  host_id TEXT, workspace_id TEXT, session_id TEXT, summary TEXT NOT NULL, facts TEXT NOT NULL, output TEXT,
  previous TEXT NOT NULL, hash TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS head (
  id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL, signature TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS cuts (seq INTEGER PRIMARY KEY, hash TEXT NOT NULL, signature TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS events_job ON events (json_extract(facts, '$.jobId'), seq) WHERE kind IN ('command', 'exit');
CREATE INDEX IF NOT EXISTS events_output ON events (output, seq) WHERE output IS NOT NULL;
CREATE INDEX IF NOT EXISTS events_session ON events (session_id, seq) WHERE session_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS events_at ON events (at);
CREATE INDEX IF NOT EXISTS events_kept_output ON events (seq) WHERE output IS NOT NULL;
CREATE INDEX IF NOT EXISTS events_cut ON events (seq) WHERE kind = 'cut';
CREATE INDEX IF NOT EXISTS events_workspace ON events (workspace_id, seq) WHERE kind = 'command';
CREATE TRIGGER IF NOT EXISTS events_stay BEFORE UPDATE ON events
  BEGIN SELECT RAISE(ABORT, 'the audit log is only appended to'); END;
CREATE TRIGGER IF NOT EXISTS events_kept BEFORE DELETE ON events
  WHEN OLD.seq > coalesce((SELECT max(seq) FROM cuts), 0)
  BEGIN SELECT RAISE(ABORT, 'the audit log is only appended to'); END;
`;

/** Opens the log for writing, and makes it (mode 0600) where there is none. What it answers is on the disk. */
export function openAuditDatabase(file: string): AuditDatabase {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const db = new Sqlite(file);
  try {
    chmodSync(file, 0o600);
    db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    db.exec('PRAGMA journal_mode = WAL');
    // What is told of is done at once after: a power cut must not take the record and leave the deed.
    db.exec('PRAGMA synchronous = FULL');
    db.exec(SCHEMA);
    return db;
  } catch (thrown) {
    db.close();
    throw thrown;
  }
}

/** Opens a log that is there to look at it, also while a server writes to it. */
export function openAuditReader(file: string): AuditDatabase {
  const db = new Sqlite(file);
  db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  db.exec('PRAGMA query_only = ON');
  return db;
}

/**
 * Closes it, and ends its look at one moment first: the driver lets go of a closed database only when it is collected, and
 * until then all that is written meanwhile would pile up beside the log.
 */
export function closeAuditReader(db: AuditDatabase): void {
  try {
    db.exec('ROLLBACK');
  } catch {}
  db.close();
}
