import type { AuditEntry } from './audit.ts';
import type { OutputStore } from './outputs/output-store.ts';
import type { Appender } from './store/appender.ts';
import type { AuditDatabase } from './store/audit-database.ts';

interface RetentionDeps {
  readonly appender: Appender;
  readonly outputs: OutputStore;
  readonly now: () => number;
}

const DAY_MS = 24 * 60 * 60_000;

/**
 * Removes the events before the first one that is younger than so many days, and the outputs that only they had. The
 * hash of the last one removed is signed, so that the rest is still a chain that begins somewhere; an event tells of it.
 */
export function cutOld({ appender, outputs, now }: RetentionDeps, days: number): void {
  const db = appender.database();
  const limit = new Date(now() - days * DAY_MS).toISOString();
  const last = lastBefore(db, limit);
  if (!last) return;
  appender.append(entryOf(last, { days, limit, events: countUpTo(db, last.seq) }), (inside, signer) => {
    inside
      .prepare('INSERT OR REPLACE INTO cuts VALUES (?, ?, ?)')
      .run(last.seq, last.hash, signer.sign('cut', last));
    inside.prepare('DELETE FROM events WHERE seq <= ?').run(last.seq);
  });
  removeUnused(appender.database(), outputs);
}

function removeUnused(db: AuditDatabase, outputs: OutputStore): void {
  const isUsed = db.prepare('SELECT 1 FROM events WHERE output = ? LIMIT 1').raw();
  for (const hash of outputs.hashes()) if (!isUsed.get(hash)) outputs.remove(hash);
}

// Up to the first that stays, by number: a clock that was set back must not tear a hole.
function lastBefore(db: AuditDatabase, limit: string): { seq: number; hash: string } | null {
  const sql = `SELECT seq, hash FROM events
    WHERE seq < coalesce((SELECT min(seq) FROM events WHERE at >= ?), 9007199254740991) ORDER BY seq DESC LIMIT 1`;
  return (db.prepare(sql).get(limit) as { seq: number; hash: string } | undefined) ?? null;
}

function countUpTo(db: AuditDatabase, seq: number): number {
  const row = db.prepare('SELECT count(*) FROM events WHERE seq <= ?').raw().get(seq);
  return (row as [number])[0];
}

function entryOf(
  { seq, hash }: { seq: number; hash: string },
  facts: { days: number; limit: string; events: number },
): AuditEntry {
  return {
    kind: 'cut',
    actor: { kind: 'server', name: null },
    hostId: null,
    workspaceId: null,
    sessionId: null,
    summary: `Removed ${facts.events} events up to ${seq}, older than ${facts.days} days as set`,
    facts: { ...facts, upTo: seq, hash },
    output: null,
  };
}
