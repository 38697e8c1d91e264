import type { AuditEvent } from '@farhand/shared/model/audit';
import type { AuditDatabase } from './audit-database.ts';
import { eventOf, type RawRow, ROW_COLUMNS, rowOf } from './rows.ts';

/** Null where there is none of this number, or none that can be read. */
export function findEvent(db: AuditDatabase, seq: number): AuditEvent | null {
  return one(db.prepare(`SELECT ${ROW_COLUMNS} FROM events WHERE seq = ?`).raw().get(seq));
}

/** The newest `command` or `exit` of a job. */
export function lastOfJob(db: AuditDatabase, jobId: string): AuditEvent | null {
  const which = `kind IN ('command', 'exit') AND json_extract(facts, '$.jobId') = ?`;
  return one(
    db.prepare(`SELECT ${ROW_COLUMNS} FROM events WHERE ${which} ORDER BY seq DESC LIMIT 1`).raw().get(jobId),
  );
}

const one = (raw: unknown) => (raw ? eventOf(rowOf(raw as RawRow)) : null);
