import type { SessionId } from '@farhand/shared/model/ids';
import { session, tokenUsage } from '@farhand/shared/model/sessions';
import { eq, sql } from 'drizzle-orm';
import type { Database } from '../store/database.ts';
import { sessions } from '../store/schema.ts';
import type { Spent } from './days.ts';

const columns = {
  id: sessions.id,
  usage: sessions.usage,
  costUsd: sessions.costUsd,
  parent: sessions.parent,
};

/** The agent's own count of a session as it was told last; 0 for none. */
export function toldCost(db: Database, id: SessionId): number {
  const row = db.select({ told: sessions.agentCostUsd }).from(sessions).where(eq(sessions.id, id)).get();
  return row?.told ?? 0;
}

export function addCost(
  db: Database,
  id: SessionId,
  { usd, toldUsd }: { usd: number; toldUsd: number },
): void {
  const costUsd = sql`coalesce(${sessions.costUsd}, 0) + ${usd}`;
  db.update(sessions).set({ costUsd, agentCostUsd: toldUsd }).where(eq(sessions.id, id)).run();
}

/** The session that a sub-agent works for in the end; itself for one that is none, or whose own is gone. */
export function rootOf(db: Database, id: SessionId): SessionId {
  const rowOf = (one: SessionId) =>
    db.select({ parent: sessions.parent }).from(sessions).where(eq(sessions.id, one)).get();
  const seen = new Set<SessionId>();
  let at = id;
  for (let row = rowOf(at); row && !seen.has(at); ) {
    seen.add(at);
    const parent = session.shape.parent.parse(JSON.parse(row.parent ?? 'null'));
    if (parent?.kind !== 'subagent') return at;
    row = rowOf(parent.sessionId);
    if (row) at = parent.sessionId;
  }
  return at;
}

/** What a session and all its sub-agents spent. */
export function spentBy(db: Database, root: SessionId): Spent {
  const own = db.select(columns).from(sessions).where(eq(sessions.id, root)).all();
  const subagents = db
    .select(columns)
    .from(sessions)
    .where(sql`json_extract(${sessions.parent}, '$.kind') = 'subagent'`)
    .all();
  const below = new Map<string, typeof subagents>();
  for (const row of subagents) {
    const parent = session.shape.parent.parse(JSON.parse(row.parent ?? 'null'))?.sessionId ?? '';
    below.set(parent, [...(below.get(parent) ?? []), row]);
  }
  const counted = new Map(own.map((row) => [row.id, row]));
  for (const id of counted.keys()) for (const child of below.get(id) ?? []) counted.set(child.id, child);
  let tokens = 0;
  let usd = 0;
  for (const { usage, costUsd } of counted.values()) {
    const { input, output } = tokenUsage.parse(JSON.parse(usage));
    tokens += input + output;
    usd += costUsd ?? 0;
  }
  return { tokens, usd };
}
