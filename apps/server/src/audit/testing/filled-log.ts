import { GENESIS, hashOfRow } from '../chain.ts';
import { openAuditDatabase } from '../store/audit-database.ts';
import { ROW_COLUMNS, rawOf } from '../store/rows.ts';
import { openWitness } from '../store/witness.ts';
import type { OpenedAudit } from './open-audit.ts';

interface Filling {
  readonly events: number;
  /** Of the first; the others follow a second after each other. */
  readonly firstAtMs: number;
  /** Of the event with this number. */
  readonly output?: (seq: number) => string | null;
}

/** Writes many events at once into a log that has none, as if each had been recorded; before anything is done with it. */
export function fillLog(
  { paths, signer }: Pick<OpenedAudit, 'paths' | 'signer'>,
  { events, firstAtMs, output }: Filling,
): void {
  const db = openAuditDatabase(paths.file);
  const insert = db.prepare(`INSERT INTO events (${ROW_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`);
  let end = { seq: 0, hash: GENESIS };
  db.exec('PRAGMA synchronous = OFF');
  db.exec('BEGIN');
  for (let seq = 1; seq <= events; seq += 1) {
    const row = {
      seq,
      at: new Date(firstAtMs + seq * 1000).toISOString(),
      kind: seq % 2 === 0 ? 'exit' : 'command',
      actorKind: 'agent',
      actorName: 'codex',
      hostId: 'prod',
      workspaceId: null,
      sessionId: null,
      summary: `npm test -- part-${seq}`,
      facts: `{"argv":["npm","test","--","part-${seq}"],"cwd":"/home/u/shop","jobId":"job_${seq >> 1}"}`,
      output: output?.(seq) ?? null,
      previous: end.hash,
    };
    end = { seq, hash: hashOfRow(row) };
    insert.run(...rawOf({ ...row, hash: end.hash }));
  }
  db.prepare('INSERT INTO head VALUES (1, ?, ?, ?)').run(end.seq, end.hash, signer.sign('head', end));
  db.exec('COMMIT');
  // All at once and now: whoever is measured next must not wait for it.
  db.exec('PRAGMA synchronous = FULL');
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  const witness = openWitness(paths.witnessFile);
  witness.write({ ...end, signature: signer.sign('witness', end) });
  witness.close();
}
