import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Random } from '@farhand/shared/testing/random';
import Sqlite from 'libsql';
import type { AuditPaths } from '../audit-paths.ts';
import { hashOfRow } from '../chain.ts';
import { type RawRow, ROW_COLUMNS, rawOf, rowOf, type StoredRow } from '../store/rows.ts';

/** The log as somebody has it who can write every file, but has not the key. */
interface Tampered {
  readonly paths: AuditPaths;
  readonly random: Random;
  readonly db: Sqlite.Database;
  rows(): StoredRow[];
  /** In the place of all that is there. */
  putRows(rows: readonly StoredRow[]): void;
}

type Tampering = (log: Tampered) => void;

const COLUMNS = ['at', 'kind', 'actor_kind', 'summary', 'facts', 'previous', 'hash'] as const;
const NULLABLE = ['actor_name', 'host_id', 'workspace_id', 'session_id', 'output'] as const;

/** What is done to a log by hand, by name. */
export const TAMPERINGS: Readonly<Record<string, Tampering>> = {
  'a field is changed': ({ db, random, rows }) => {
    const { seq } = pick(rows(), random);
    db.prepare(`UPDATE events SET ${pick(COLUMNS, random)} = ? WHERE seq = ?`).run('other', seq);
  },
  'a letter is added': ({ db, random, rows }) => {
    const { seq } = pick(rows(), random);
    db.exec(`UPDATE events SET facts = facts || ' ' WHERE seq = ${seq}`);
  },
  'a field that may be empty is changed': ({ db, random, rows }) => {
    const { seq } = pick(rows(), random);
    db.prepare(`UPDATE events SET ${pick(NULLABLE, random)} = ? WHERE seq = ?`).run('x'.repeat(64), seq);
  },
  'an event is changed and its hash made anew': ({ random, rows, putRows }) => {
    const all = rows();
    const at = random.below(all.length);
    putRows(all.map((row, index) => (index === at ? rehashed({ ...row, summary: 'other' }) : row)));
  },
  'an event is changed and the whole chain made anew': ({ random, rows, putRows }) => {
    const all = rows();
    const at = random.below(all.length);
    putRows(rechained(all.map((row, index) => (index === at ? { ...row, summary: 'other' } : row))));
  },
  'the same, and the end put right': ({ db, random, rows, putRows }) => {
    const all = rows();
    const at = random.below(all.length);
    const made = rechained(all.map((row, index) => (index === at ? { ...row, summary: 'other' } : row)));
    putRows(made);
    const last = made.at(-1) as StoredRow;
    db.prepare('UPDATE head SET seq = ?, hash = ?').run(last.seq, last.hash);
  },
  'some are removed': ({ random, rows, putRows }) => {
    const all = rows();
    const at = random.below(all.length - 1);
    putRows(all.filter((_, index) => index < at || index > at + random.below(3)));
  },
  'one is removed and the rest moved up': ({ random, rows, putRows }) => {
    const all = rows();
    const at = random.below(all.length);
    putRows(rechained(renumbered(all.filter((_, index) => index !== at))));
  },
  'the end is removed': ({ random, rows, putRows }) => {
    const all = rows();
    putRows(all.slice(0, random.below(all.length)));
  },
  'the end is removed and the head with it': ({ db, random, rows, putRows }) => {
    const all = rows();
    putRows(all.slice(0, 1 + random.below(all.length - 1)));
    db.exec('DELETE FROM head');
  },
  'the end is removed and the head set to it': ({ db, random, rows, putRows }) => {
    const all = rows();
    const kept = all.slice(0, 1 + random.below(all.length - 1));
    putRows(kept);
    const last = kept.at(-1) as StoredRow;
    db.prepare('UPDATE head SET seq = ?, hash = ?').run(last.seq, last.hash);
  },
  'the beginning is removed': ({ random, rows, putRows }) => {
    const all = rows();
    putRows(all.slice(1 + random.below(all.length - 1)));
  },
  'the beginning is removed as if cut': ({ db, random, rows, putRows }) => {
    const all = rows();
    const at = 1 + random.below(all.length - 1);
    putRows(all.slice(at));
    const last = all[at - 1] as StoredRow;
    db.prepare('INSERT INTO cuts VALUES (?, ?, ?)').run(last.seq, last.hash, 'f'.repeat(64));
  },
  'all is removed': ({ putRows }) => putRows([]),
  'two change places': ({ random, rows, putRows }) => {
    const all = rows();
    const [one, other] = random.shuffled(all).slice(0, 2) as [StoredRow, StoredRow];
    putRows(
      all.map((row) => {
        if (row === one) return { ...other, seq: one.seq };
        return row === other ? { ...one, seq: other.seq } : row;
      }),
    );
  },
  'one is put in': ({ random, rows, putRows }) => {
    const all = rows();
    const at = random.below(all.length);
    const made = { ...pick(all, random), summary: 'put in' };
    putRows(rechained(renumbered([...all.slice(0, at), made, ...all.slice(at)])));
  },
  'one is added at the end': ({ rows, putRows }) => {
    const all = rows();
    const last = all.at(-1) as StoredRow;
    putRows([...all, rehashed({ ...last, seq: last.seq + 1, previous: last.hash, summary: 'added' })]);
  },
  'one is put before the first': ({ rows, putRows }) => {
    const [first] = rows() as [StoredRow];
    putRows([rehashed({ ...first, seq: first.seq - 1 }), ...rows()]);
  },
  'the head is removed': ({ db }) => db.exec('DELETE FROM head'),
  'the witness is removed': ({ paths }) => rmSync(paths.witnessFile),
  'the witness is changed': ({ paths }) =>
    writeFileSync(paths.witnessFile, JSON.stringify({ seq: 1, hash: 'a'.repeat(64), signature: 'b' })),
  'an output is removed': ({ paths, random }) => rmSync(anOutput(paths, random)),
  'an output is exchanged': ({ paths, random }) =>
    writeFileSync(anOutput(paths, random), gzipSync('something else')),
  'an output is damaged': ({ paths, random }) => writeFileSync(anOutput(paths, random), 'no gzip'),
};

/** Does one of them to the log's files, which nobody has open. */
export function tamper(paths: AuditPaths, tampering: Tampering, random: Random): void {
  const db = new Sqlite(paths.file);
  // Who looks next is on this machine: nothing of it has to outlast a power cut.
  db.exec('PRAGMA synchronous = OFF');
  db.exec('DROP TRIGGER IF EXISTS events_stay; DROP TRIGGER IF EXISTS events_kept;');
  const rows = () =>
    (db.prepare(`SELECT ${ROW_COLUMNS} FROM events ORDER BY seq`).raw().all() as RawRow[]).map(rowOf);
  const putRows = (wanted: readonly StoredRow[]) => {
    db.exec('BEGIN; DELETE FROM events;');
    const insert = db.prepare(`INSERT INTO events (${ROW_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`);
    for (const row of wanted) insert.run(...rawOf(row));
    db.exec('COMMIT');
  };
  try {
    tampering({ paths, random, db, rows, putRows });
  } finally {
    db.close();
  }
}

const rehashed = (row: StoredRow): StoredRow => ({ ...row, hash: hashOfRow(row) });

const renumbered = (rows: readonly StoredRow[]) => rows.map((row, index) => ({ ...row, seq: index + 1 }));

function rechained(rows: readonly StoredRow[]): StoredRow[] {
  const made: StoredRow[] = [];
  for (const row of rows) made.push(rehashed({ ...row, previous: made.at(-1)?.hash ?? row.previous }));
  return made;
}

const pick = <Value>(values: readonly Value[], random: Random): Value =>
  values[random.below(values.length)] as Value;

const anOutput = ({ outputsDirectory }: AuditPaths, random: Random) =>
  join(outputsDirectory, pick(readdirSync(outputsDirectory).toSorted(), random));
