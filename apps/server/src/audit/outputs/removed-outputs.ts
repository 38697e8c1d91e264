import type { AuditDatabase } from '../store/audit-database.ts';
import type { StoredRow } from '../store/rows.ts';

/** The fact of a `cut` event by which outputs were removed: of all events up to this number, but for later ones that have them too. */
export const REMOVED_UP_TO = 'outputsUpTo';

/** Up to which event a `cut` event removed outputs; 0 of all others. */
export function removedUpToIn({ seq, kind, facts }: Pick<StoredRow, 'seq' | 'kind' | 'facts'>): number {
  if (kind !== 'cut') return 0;
  try {
    const { [REMOVED_UP_TO]: upTo } = JSON.parse(facts) as Record<string, unknown>;
    // It speaks of what was before it.
    return typeof upTo === 'number' && upTo < seq ? upTo : 0;
  } catch {
    return 0;
  }
}

/** Up to which event outputs were removed, as the log says; 0 where none were. */
export function removedUpTo(db: AuditDatabase): number {
  const cuts = db.prepare(`SELECT seq, kind, facts FROM events WHERE kind = 'cut' ORDER BY seq DESC`);
  // The newest says the most: none goes back.
  for (const row of cuts.iterate()) {
    const upTo = removedUpToIn(row as Pick<StoredRow, 'seq' | 'kind' | 'facts'>);
    if (upTo > 0) return upTo;
  }
  return 0;
}

/** True of an output that is not kept any more, as the log says; one that is gone otherwise was taken away. */
export function isRemoved(db: AuditDatabase, hash: string): boolean {
  const last = lastUse(db, hash);
  return last !== null && last <= removedUpTo(db);
}

/** The newest event that has this output; null where none has. */
export function lastUse(db: AuditDatabase, hash: string): number | null {
  const row = db.prepare('SELECT max(seq) FROM events WHERE output = ?').raw().get(hash);
  return (row as [number | null])[0];
}
