import type { AuditEvent } from '@farhand/shared/model/audit';
import type { HostId } from '@farhand/shared/model/hosts';
import type { WorkspaceId } from '@farhand/shared/model/ids';
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

/** Where a workspace was. */
export interface ClearedPlace {
  readonly workspaceId: WorkspaceId;
  readonly hostId: HostId;
}

const COMMANDS_AT_ONCE = 200;

/** Starts of jobs there of which the log has no end, oldest first; some of them, and where to go on (null at the end). */
export function openJobs(
  db: AuditDatabase,
  { workspaceId, hostId }: ClearedPlace,
  after: number,
): { readonly commands: AuditEvent[]; readonly next: number | null } {
  const sql = `SELECT ${ROW_COLUMNS} FROM events WHERE kind = 'command' AND workspace_id = ? AND seq > ?
    ORDER BY seq LIMIT ${COMMANDS_AT_ONCE}`;
  const rows = (db.prepare(sql).raw().all(workspaceId, after) as RawRow[]).map(rowOf);
  const commands = rows.map(eventOf).filter((event): event is AuditEvent => {
    const jobId = event?.hostId === hostId ? event.facts.jobId : null;
    return typeof jobId === 'string' && lastOfJob(db, jobId)?.seq === event?.seq;
  });
  return { commands, next: rows.length < COMMANDS_AT_ONCE ? null : (rows.at(-1)?.seq ?? null) };
}

const one = (raw: unknown) => (raw ? eventOf(rowOf(raw as RawRow)) : null);
