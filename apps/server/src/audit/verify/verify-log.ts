import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import type { AuditVerdict } from '@farhand/shared/model/audit';
import type { AuditPaths } from '../audit-paths.ts';
import type { OutputStore } from '../outputs/output-store.ts';
import { isRemoved, lastUse, removedUpToIn } from '../outputs/removed-outputs.ts';
import type { Mark, Signer } from '../signature.ts';
import { type AuditDatabase, closeAuditReader, openAuditReader } from '../store/audit-database.ts';
import { type RawRow, ROW_COLUMNS, rowOf, type StoredRow } from '../store/rows.ts';
import { readWitness, type SignedMark } from '../store/witness.ts';
import { type ChainCheck, createChainCheck, createProblems, type Problems } from './chain-check.ts';

interface VerifyDeps {
  readonly paths: AuditPaths;
  /** Null where the key is not there: then signatures are not looked at. */
  readonly signer: Signer | null;
  readonly outputs: OutputStore;
}

/** Some milliseconds of work: others have their turn between. */
const ROWS_AT_ONCE = 1_000;

/** Looks at every event, at the signed ends and at every kept output. Changes nothing; a server may run meanwhile. */
export async function verifyLog(deps: VerifyDeps, signal?: AbortSignal): Promise<AuditVerdict> {
  // Before the moment that is looked at: the witness is written after the log, so it may not be ahead of it.
  const witness = readWitness(deps.paths.witnessFile);
  if (!existsSync(deps.paths.file)) return nothingThere(witness, deps.signer);
  const db = openAuditReader(deps.paths.file);
  let opened: AuditDatabase | undefined;
  const newest = () => (opened ??= openAuditReader(deps.paths.file));
  try {
    db.exec('BEGIN');
    return await verifyAt(db, { ...deps, witness, newest }, signal);
  } catch (thrown) {
    signal?.throwIfAborted();
    return unreadable(thrown, deps.signer);
  } finally {
    closeAuditReader(db);
    if (opened) closeAuditReader(opened);
  }
}

function nothingThere(witness: SignedMark | null, signer: Signer | null): AuditVerdict {
  const problems = createProblems();
  if (witness) problems.add(witness.seq, `The log is missing, but its witness saw event ${witness.seq}.`);
  return ofNothing(problems, signer);
}

function unreadable(thrown: unknown, signer: Signer | null): AuditVerdict {
  const problems = createProblems();
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  problems.add(null, `The log cannot be read: ${why}`);
  return ofNothing(problems, signer);
}

function ofNothing({ list }: Problems, signer: Signer | null): AuditVerdict {
  const isWhole = list.length === 0;
  return {
    isWhole,
    problems: list,
    events: 0,
    outputs: 0,
    removedOutputs: 0,
    first: null,
    head: null,
    isSigned: signer !== null,
  };
}

interface Begun {
  readonly witness: SignedMark | null;
  /** As the log is by then, not as it was when the look began. */
  readonly newest: () => AuditDatabase;
}

async function verifyAt(
  db: AuditDatabase,
  { signer, outputs, witness, newest }: VerifyDeps & Begun,
  signal?: AbortSignal,
): Promise<AuditVerdict> {
  const problems = createProblems();
  const cut = db.prepare('SELECT seq, hash, signature FROM cuts ORDER BY seq DESC LIMIT 1').get() as
    | SignedMark
    | undefined;
  const chain = createChainCheck(problems, cut ?? null);
  if (cut && signer && !signer.isSigned('cut', cut, cut.signature))
    problems.add(null, `The cut up to event ${cut.seq} is not signed by this server.`);
  let removedUpTo = 0;
  const look = (row: StoredRow) => {
    chain.next(row);
    removedUpTo = Math.max(removedUpTo, removedUpToIn(row));
  };
  await eachRow(db, look, signal);
  const head = db.prepare('SELECT seq, hash, signature FROM head').get() as SignedMark | undefined;
  checkHead(problems, chain, { head: head ?? null, signer });
  checkWitness(problems, { witness, signer, last: chain.last?.seq ?? 0, hashOf: (seq) => hashOf(db, seq) });
  const counts = await checkOutputs(db, { problems, outputs, removedUpTo, newest }, signal);
  return {
    isWhole: problems.list.length === 0,
    problems: problems.list,
    events: chain.events,
    ...counts,
    first: chain.first,
    head: chain.last,
    isSigned: signer !== null,
  };
}

async function eachRow(
  db: AuditDatabase,
  look: (row: StoredRow) => void,
  signal?: AbortSignal,
): Promise<void> {
  // Numbers below 1 are none of ours, and are found as such.
  let after = Number.MIN_SAFE_INTEGER;
  const part = db
    .prepare(`SELECT ${ROW_COLUMNS} FROM events WHERE seq > ? ORDER BY seq LIMIT ${ROWS_AT_ONCE}`)
    .raw();
  for (;;) {
    signal?.throwIfAborted();
    const rows = part.all(after) as RawRow[];
    for (const raw of rows) look(rowOf(raw));
    if (rows.length < ROWS_AT_ONCE) return;
    after = rows.at(-1)?.[0] ?? after;
    await turn();
  }
}

function checkHead(
  problems: Problems,
  { last }: ChainCheck,
  { head, signer }: { head: SignedMark | null; signer: Signer | null },
): void {
  if (!head) {
    if (last) problems.add(null, 'The signed end of the log is missing.');
    return;
  }
  if (signer && !signer.isSigned('head', head, head.signature))
    problems.add(null, `The end of the log, event ${head.seq}, is not signed by this server.`);
  if ((last?.seq ?? 0) < head.seq)
    problems.add(
      head.seq,
      `The log ends at event ${last?.seq ?? 0}, but went on to event ${head.seq}: its end was cut off.`,
    );
  else if (last && last.seq > head.seq)
    problems.add(
      last.seq,
      `The log was signed up to event ${head.seq}; what follows was put in by somebody else.`,
    );
  else if (last && last.hash !== head.hash)
    problems.add(last.seq, `The last event, ${last.seq}, is not the one that was signed.`);
}

interface WitnessCheck {
  readonly witness: SignedMark | null;
  readonly signer: Signer | null;
  readonly last: number;
  readonly hashOf: (seq: number) => string | null;
}

function checkWitness(problems: Problems, { witness, signer, last, hashOf: find }: WitnessCheck): void {
  if (last === 0 && !witness) return;
  if (!witness) return problems.add(null, 'The witness file of the log is missing or not readable.');
  if (signer && !signer.isSigned('witness', witness, witness.signature))
    return problems.add(null, 'The witness file of the log is not signed by this server.');
  if (witness.seq > last)
    problems.add(
      witness.seq,
      `The witness saw event ${witness.seq}, but the log ends at event ${last}: its end was cut off.`,
    );
  const hash = find(witness.seq);
  // Of a witness that is older than a cut nothing can be said.
  if (hash !== null && hash !== witness.hash)
    problems.add(witness.seq, `Event ${witness.seq} is not the one that the witness saw.`);
}

function hashOf(db: AuditDatabase, seq: number): string | null {
  return (db.prepare('SELECT hash FROM events WHERE seq = ?').get(seq) as Mark | undefined)?.hash ?? null;
}

interface OutputsCheck {
  readonly problems: Problems;
  readonly outputs: OutputStore;
  /** Those that no later event has may be gone, as the log itself says. */
  readonly removedUpTo: number;
  readonly newest: () => AuditDatabase;
}

async function checkOutputs(
  db: AuditDatabase,
  { problems, outputs, removedUpTo, newest }: OutputsCheck,
  signal?: AbortSignal,
): Promise<Pick<AuditVerdict, 'outputs' | 'removedOutputs'>> {
  const sql = `SELECT output, min(seq), max(seq) FROM events WHERE output IS NOT NULL AND output > ?
    GROUP BY output ORDER BY output LIMIT ${ROWS_AT_ONCE}`;
  const part = db.prepare(sql).raw();
  const counts = { outputs: 0, removedOutputs: 0 };
  let after = '';
  for (;;) {
    const rows = part.all(after) as [string, number, number][];
    for (const [hash, seq, last] of rows) {
      signal?.throwIfAborted();
      const problem = await outputProblem(outputs, hash);
      const isTold = problem === MISSING && (last <= removedUpTo || isGoneSince(newest(), hash));
      if (problem && !isTold) problems.add(seq, `The output of event ${seq} ${problem}.`);
      counts[isTold ? 'removedOutputs' : 'outputs'] += 1;
    }
    if (rows.length < ROWS_AT_ONCE) return counts;
    after = rows.at(-1)?.[0] ?? after;
  }
}

// A server that removes what is too old or too much does so also while somebody looks.
const isGoneSince = (newest: AuditDatabase, hash: string): boolean =>
  lastUse(newest, hash) === null || isRemoved(newest, hash);

const MISSING = 'is missing';

async function outputProblem(outputs: OutputStore, hash: string): Promise<string | null> {
  try {
    const bytes = await outputs.read(hash);
    if (!bytes) return MISSING;
    return createHash('sha256').update(bytes).digest('hex') === hash ? null : 'was changed';
  } catch {
    return 'was changed: it cannot be unpacked';
  }
}
