import { setImmediate as turn } from 'node:timers/promises';
import type { AuditEvent } from '@farhand/shared/model/audit';
import type { CallOutput, ParsedInput } from '@farhand/shared/protocol/calls';
import type { AuditDatabase } from './store/audit-database.ts';
import { eventOf, type RawRow, ROW_COLUMNS, rowOf } from './store/rows.ts';

/** Looked through at a time: some milliseconds, so that a search through years holds up nobody. */
const ROWS_AT_ONCE = 10_000;

type Filter = Omit<ParsedInput<'audit.search'>, 'limit' | 'before' | 'after'>;

/** The newest first, below `before` and above `after`; `next` is the `before` of what follows, null at the end. */
export async function search(
  db: AuditDatabase,
  { limit, before, after, ...filter }: ParsedInput<'audit.search'>,
): Promise<CallOutput<'audit.search'>> {
  const { conditions, values } = conditionsOf(filter);
  const last =
    (db.prepare('SELECT max(seq) FROM events').raw().get() as [number | null] | undefined)?.[0] ?? 0;
  const first =
    (db.prepare('SELECT min(seq) FROM events').raw().get() as [number | null] | undefined)?.[0] ?? 1;
  const lowest = Math.max(after ?? 0, first - 1);
  const events: AuditEvent[] = [];
  let below = Math.min(before ?? last + 1, last + 1);
  while (below > lowest + 1 && events.length < limit) {
    const above = Math.max(lowest, below - 1 - ROWS_AT_ONCE);
    const sql = `SELECT ${ROW_COLUMNS} FROM events WHERE seq < ? AND seq > ? ${conditions} ORDER BY seq DESC LIMIT ?`;
    const missing = limit - events.length;
    const rows = db
      .prepare(sql)
      .raw()
      .all(below, above, ...values, missing) as RawRow[];
    for (const raw of rows) {
      const event = eventOf(rowOf(raw));
      if (event) events.push(event);
    }
    below = rows.length < missing ? above + 1 : (rows.at(-1)?.[0] ?? above + 1);
    await turn();
  }
  return { events, next: below > lowest + 1 ? below : null, last };
}

function conditionsOf(filter: Filter): { conditions: string; values: (string | number)[] } {
  const parts: [string, ...(string | number)[]][] = [];
  const { kinds, actor, exit } = filter;
  if (kinds.length > 0) parts.push([`kind IN (${kinds.map(() => '?').join()})`, ...kinds]);
  if (filter.hostId !== null) parts.push(['host_id = ?', filter.hostId]);
  if (filter.workspaceId !== null) parts.push(['workspace_id = ?', filter.workspaceId]);
  if (filter.sessionId !== null) parts.push(['session_id = ?', filter.sessionId]);
  if (actor !== null) parts.push(['(actor_kind = ? OR actor_name = ?)', actor, actor]);
  if (filter.since !== null) parts.push(['at >= ?', filter.since]);
  if (filter.until !== null) parts.push(['at < ?', filter.until]);
  if (exit !== null) parts.push(exitCondition(exit));
  for (const word of filter.text.split(/\s+/).filter((part) => part !== '')) {
    // As JSON has it, for within the facts a quote or a backslash is written in two letters.
    const inFacts = JSON.stringify(word).slice(1, -1);
    const at = (column: string) => `instr(lower(${column}), ?)`;
    const anywhere = [
      at('summary'),
      at('facts'),
      at("coalesce(actor_name, '')"),
      at("coalesce(host_id, '')"),
    ];
    parts.push([`(${anywhere.join(' OR ')})`, lower(word), lower(inFacts), lower(word), lower(word)]);
  }
  return {
    conditions: parts.map(([sql]) => `AND ${sql}`).join(' '),
    values: parts.flatMap(([, ...values]) => values),
  };
}

function exitCondition(exit: 'ok' | 'failed' | number): [string, ...number[]] {
  const code = `json_extract(facts, '$.code')`;
  if (exit === 'ok') return [`kind = 'exit' AND ${code} = 0`];
  if (exit === 'failed') return [`kind = 'exit' AND coalesce(${code}, -1) <> 0`];
  return [`kind = 'exit' AND ${code} = ?`, exit];
}

// As the store's own function: it knows the letters of ASCII alone.
const lower = (text: string) => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
