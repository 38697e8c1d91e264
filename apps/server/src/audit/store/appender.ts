import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { AuditEntry } from '../audit.ts';
import { canonicalJson, GENESIS, hashOfRow, storable, storableJson } from '../chain.ts';
import type { Mark, Signer } from '../signature.ts';
import { type AuditDatabase, openAuditDatabase } from './audit-database.ts';
import { ROW_COLUMNS, rawOf, type StoredRow } from './rows.ts';
import { openWitness, readWitness, type Witness } from './witness.ts';

export interface AppenderDeps {
  readonly file: string;
  readonly witnessFile: string;
  readonly signer: () => Signer;
  readonly now?: () => number;
}

/** The one writer of a log. Opened at the first use, and anew after each failure. */
export interface Appender {
  /** Appends, and does `before` in the same transaction. Throws `audit.unwritable`; then nothing of both was done. */
  append(entry: AuditEntry, before?: (db: AuditDatabase, signer: Signer) => void): number;
  /** Does it in one transaction, without an event. Throws `audit.unwritable`; then nothing of it was done. */
  change(work: (db: AuditDatabase, signer: Signer) => void): void;
  /** For looks at the newest events. Throws `audit.unwritable`. */
  database(): AuditDatabase;
  close(): void;
}

const MAX_SUMMARY_CHARS = 500;
const MAX_FACT_CHARS = 32 * 1024;
const MAX_FACTS_CHARS = 128 * 1024;
const MAX_NAME_CHARS = 200;

interface Opened {
  readonly db: AuditDatabase;
  readonly witness: Witness;
  readonly signer: Signer;
  readonly put: (row: StoredRow) => void;
  end: Mark;
}

export function createAppender({ file, witnessFile, signer, now = Date.now }: AppenderDeps): Appender {
  let opened: Opened | undefined;
  const close = () => {
    const gone = opened;
    opened = undefined;
    if (!gone) return;
    gone.witness.close();
    // The driver lets go of a closed database only when it is collected: until then it would hold what it had locked.
    try {
      gone.db.exec('ROLLBACK');
    } catch {}
    gone.db.close();
  };
  const appendTo = (log: Opened, entry: AuditEntry, before?: (db: AuditDatabase, signer: Signer) => void) => {
    const row = rowOf(entry, log.end, new Date(now()).toISOString());
    log.db.exec('BEGIN IMMEDIATE');
    before?.(log.db, log.signer);
    log.put(row);
    log.db.exec('COMMIT');
    log.end = { seq: row.seq, hash: row.hash };
    log.witness.write({ ...log.end, signature: log.signer.sign('witness', log.end) });
    return row.seq;
  };
  const open = (): Opened => {
    if (opened) return opened;
    const db = openAuditDatabase(file);
    try {
      opened = openLog(db, { witness: openWitness(witnessFile), signer: signer() });
    } catch (thrown) {
      db.close();
      throw thrown;
    }
    const damage = damageOf(opened, witnessFile);
    if (damage) {
      opened.end = damage.end;
      appendTo(opened, damage.entry);
    }
    return opened;
  };
  const orRefuse = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (cause) {
      // Also ends a transaction that was under way. What is wrong now may be right at the next try: opened anew then.
      close();
      throw unwritable(cause);
    }
  };
  return {
    append: (entry, before) => orRefuse(() => appendTo(open(), entry, before)),
    change: (work) =>
      orRefuse(() => {
        const { db, signer: own } = open();
        db.exec('BEGIN IMMEDIATE');
        work(db, own);
        db.exec('COMMIT');
      }),
    database: () => orRefuse(() => open().db),
    close,
  };
}

function openLog(db: AuditDatabase, { witness, signer }: Pick<Opened, 'witness' | 'signer'>): Opened {
  const insert = db.prepare(`INSERT INTO events (${ROW_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`);
  const setHead = db.prepare('INSERT OR REPLACE INTO head VALUES (1, ?, ?, ?)');
  return {
    db,
    witness,
    signer,
    put(row) {
      insert.run(...rawOf(row));
      setHead.run(row.seq, row.hash, signer.sign('head', row));
    },
    end: lastRow(db) ?? lastCut(db) ?? { seq: 0, hash: GENESIS },
  };
}

function lastRow(db: AuditDatabase): Mark | null {
  const row = db.prepare('SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1').get();
  return (row as Mark | undefined) ?? null;
}

function lastCut(db: AuditDatabase): Mark | null {
  const row = db.prepare('SELECT seq, hash FROM cuts ORDER BY seq DESC LIMIT 1').get();
  return (row as Mark | undefined) ?? null;
}

// The end is about to be signed anew. Where it is not the one that was signed, that is told first, and the numbers go on
// after the highest that was ever given: the gap stays.
function damageOf(log: Opened, witnessFile: string): { end: Mark; entry: AuditEntry } | null {
  const { db, signer, end } = log;
  const head = db.prepare('SELECT seq, hash, signature FROM head').get() as
    | (Mark & { signature: string })
    | undefined;
  const found = readWitness(witnessFile);
  const witness = found && signer.isSigned('witness', found, found.signature) ? found : null;
  const isFresh = end.seq === 0 && !head && !found;
  const isAsSigned =
    head?.seq === end.seq && head.hash === end.hash && signer.isSigned('head', head, head.signature);
  const isSeen = witness !== null && witness.seq <= end.seq;
  if (isFresh || (isAsSigned && isSeen)) return null;
  const highest = Math.max(end.seq, head?.seq ?? 0, witness?.seq ?? 0);
  const facts = { lastEvent: end.seq, signedEnd: head?.seq ?? null, witness: witness?.seq ?? null };
  const summary = `The log ended at event ${end.seq}, which is not how this server left it.`;
  return {
    end: { seq: highest, hash: end.hash },
    entry: {
      kind: 'damage',
      actor: { kind: 'server', name: null },
      ...NOWHERE,
      summary,
      facts,
      output: null,
    },
  };
}

const NOWHERE = { hostId: null, workspaceId: null, sessionId: null } as const;

function rowOf(entry: AuditEntry, { seq, hash: previous }: Mark, at: string): StoredRow {
  const { kind, actor, hostId, workspaceId, sessionId, output } = entry;
  const row = {
    seq: seq + 1,
    at,
    kind,
    actorKind: actor.kind,
    actorName: actor.name === null ? null : storable(actor.name, MAX_NAME_CHARS),
    hostId: hostId === null ? null : storable(hostId, MAX_NAME_CHARS),
    workspaceId,
    sessionId,
    summary: storable(entry.summary.replaceAll(/\s+/g, ' '), MAX_SUMMARY_CHARS),
    facts: factsText(entry.facts),
    output,
    previous,
  };
  return { ...row, hash: hashOfRow(row) };
}

// Untrusted programs give argv and paths: what is far beyond use is cut, and said to be.
function factsText(facts: AuditEntry['facts']): string {
  const whole = canonicalJson(storableJson(facts, MAX_FACT_CHARS));
  if (whole.length <= MAX_FACTS_CHARS) return whole;
  const short = canonicalJson({ ...(storableJson(facts, 512) as AuditEntry['facts']), isCut: true });
  if (short.length <= MAX_FACTS_CHARS) return short;
  const simple = Object.entries(facts).filter(([, value]) => typeof value !== 'object');
  return canonicalJson({
    ...(storableJson(Object.fromEntries(simple.slice(0, 50)), 512) as object),
    isCut: true,
  });
}

function unwritable(cause: unknown): FarhandError {
  if (FarhandError.is(cause, 'secret.key_unreadable')) {
    const { hint } = cause;
    return new FarhandError('audit.unwritable', {
      message: `The audit log cannot be signed, so nothing is started. ${cause.message}`,
      ...(hint && { hint }),
      cause,
    });
  }
  return new FarhandError('audit.unwritable', { cause });
}
