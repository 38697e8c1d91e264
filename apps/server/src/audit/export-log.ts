import type { Mark } from './signature.ts';
import { closeAuditReader, openAuditReader } from './store/audit-database.ts';
import { eventOf, type RawRow, ROW_COLUMNS, rowOf } from './store/rows.ts';
import type { SignedMark } from './store/witness.ts';
import type { ExportLine } from './verify/export-lines.ts';

const ROWS_AT_ONCE = 500;

/**
 * The whole log as it is at one moment, or what is not before `since`, line by line: no more than some hundred events are
 * in memory. A server may write meanwhile. Events that cannot be read are left out, which is found as a gap.
 */
export function* exportLog(file: string, since: string | null): Generator<ExportLine> {
  const db = openAuditReader(file);
  try {
    db.exec('BEGIN');
    const signed = (table: string) =>
      (db.prepare(`SELECT seq, hash, signature FROM ${table} ORDER BY seq DESC LIMIT 1`).get() as
        | SignedMark
        | undefined) ?? null;
    const cut = signed('cuts');
    const first = db
      .prepare('SELECT seq, previous AS hash FROM events WHERE at >= ? ORDER BY seq LIMIT 1')
      .get(since ?? '') as Mark | undefined;
    let after = first ? first.seq - 1 : (signed('head')?.seq ?? 0);
    const begin = after > 0 ? { seq: after, hash: first?.hash ?? signed('head')?.hash ?? '' } : null;
    yield { farhandAudit: 1, after: begin, cut: cut?.seq === after ? plain(cut) : null };
    const part = db.prepare(`SELECT ${ROW_COLUMNS} FROM events WHERE seq > ? ORDER BY seq LIMIT ?`).raw();
    for (;;) {
      const rows = part.all(after, ROWS_AT_ONCE) as RawRow[];
      for (const raw of rows) {
        const event = eventOf(rowOf(raw));
        if (event) yield event;
      }
      if (rows.length < ROWS_AT_ONCE) break;
      after = rows.at(-1)?.[0] ?? after;
    }
    const head = signed('head');
    yield { end: head && plain(head) };
  } finally {
    closeAuditReader(db);
  }
}

// Rows of the store carry more than their columns.
const plain = ({ seq, hash, signature }: SignedMark): SignedMark => ({ seq, hash, signature });
