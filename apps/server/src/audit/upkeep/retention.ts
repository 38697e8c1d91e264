import { setImmediate as turn } from 'node:timers/promises';
import type { AuditEntry } from '../audit.ts';
import type { OutputStore } from '../outputs/output-store.ts';
import type { Mark, Signer } from '../signature.ts';
import type { Appender } from '../store/appender.ts';
import type { AuditDatabase } from '../store/audit-database.ts';

interface RetentionDeps {
  readonly appender: Appender;
  readonly outputs: OutputStore;
  readonly now: () => number;
  /** From then on the log is not opened again. */
  readonly isClosed: () => boolean;
}

const DAY_MS = 24 * 60 * 60_000;
const LOOK_AT_ONCE = 2_000;
/** How long others wait for their turn while a part is removed. */
const PART_MS = 8;
const PART_ROWS = { first: 100, least: 20, most: 1_000 } as const;

/**
 * Removes the events before the first one that is younger than so many days, and the outputs that only they had. An event
 * tells of it first; then they go part by part, the hash of the last one of each part signed as it goes: whenever the
 * server is killed, the rest is still a chain that begins somewhere, and the next look goes on.
 */
export async function cutOld(deps: RetentionDeps, days: number): Promise<void> {
  const { appender, now, isClosed } = deps;
  const limit = new Date(now() - days * DAY_MS).toISOString();
  const old = await findOld(deps, limit);
  if (!old) return;
  let tell: AuditEntry | null = entryOf(old, { days, limit });
  let rows: number = PART_ROWS.first;
  while (!isClosed()) {
    const beganMs = performance.now();
    const part = partUpTo(appender.database(), old.seq, rows);
    const last = part.at(-1);
    if (!last) return;
    const remove = (db: AuditDatabase, signer: Signer) => removeUpTo(db, last, signer);
    if (tell) appender.append(tell, remove);
    else appender.change(remove);
    tell = null;
    removeUnused(deps, part);
    rows = nextRows(rows, performance.now() - beganMs);
    await turn();
  }
}

interface OldEvents extends Mark {
  readonly events: number;
}

// Up to the first that stays, by number: a clock that was set back must not tear a hole.
async function findOld({ appender, isClosed }: RetentionDeps, limit: string): Promise<OldEvents | null> {
  let [events, seq] = [0, 0];
  const sql = `SELECT seq, at FROM events WHERE seq > ? ORDER BY seq LIMIT ${LOOK_AT_ONCE}`;
  while (!isClosed()) {
    const rows = appender.database().prepare(sql).raw().all(seq) as [number, string][];
    const young = rows.findIndex(([, at]) => at >= limit);
    const old = young === -1 ? rows : rows.slice(0, young);
    events += old.length;
    seq = old.at(-1)?.[0] ?? seq;
    if (old.length < LOOK_AT_ONCE) break;
    await turn();
  }
  if (events === 0 || isClosed()) return null;
  const row = appender.database().prepare('SELECT hash FROM events WHERE seq = ?').raw().get(seq);
  return { events, seq, hash: (row as [string])[0] };
}

interface PartRow extends Mark {
  readonly output: string | null;
}

function partUpTo(db: AuditDatabase, seq: number, rows: number): PartRow[] {
  return db
    .prepare('SELECT seq, hash, output FROM events WHERE seq <= ? ORDER BY seq LIMIT ?')
    .all(seq, rows) as PartRow[];
}

function removeUpTo(db: AuditDatabase, last: Mark, signer: Signer): void {
  db.prepare('INSERT OR REPLACE INTO cuts VALUES (?, ?, ?)').run(
    last.seq,
    last.hash,
    signer.sign('cut', last),
  );
  db.prepare('DELETE FROM cuts WHERE seq < ?').run(last.seq);
  db.prepare('DELETE FROM events WHERE seq <= ?').run(last.seq);
}

// What a server that is killed just before leaves behind is found when the outputs are counted.
function removeUnused({ appender, outputs }: RetentionDeps, part: readonly PartRow[]): void {
  const isUsed = appender.database().prepare('SELECT 1 FROM events WHERE output = ? LIMIT 1').raw();
  for (const hash of new Set(part.map(({ output }) => output)))
    if (hash !== null && !isUsed.get(hash)) outputs.remove(hash);
}

function nextRows(rows: number, tookMs: number): number {
  const share = Math.min(2, Math.max(0.25, PART_MS / Math.max(tookMs, 0.1)));
  return Math.round(Math.min(PART_ROWS.most, Math.max(PART_ROWS.least, rows * share)));
}

function entryOf(
  { seq, hash, events }: OldEvents,
  facts: { readonly days: number; readonly limit: string },
): AuditEntry {
  return {
    kind: 'cut',
    actor: { kind: 'server', name: null },
    hostId: null,
    workspaceId: null,
    sessionId: null,
    summary: `Removed ${events} events up to ${seq}, older than ${facts.days} days as set`,
    facts: { ...facts, events, upTo: seq, hash },
    output: null,
  };
}
