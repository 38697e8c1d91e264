import { type AuditEvent, auditEvent } from '@farhand/shared/model/audit';
import type { ChainedRow } from '../chain.ts';

/** An event with its hash, in the store's own form. */
export interface StoredRow extends ChainedRow {
  readonly hash: string;
}

/** In the order of `ROW_COLUMNS`. */
export type RawRow = [
  number,
  string,
  string,
  string,
  string | null,
  string | null,
  string | null,
  string | null,
  string,
  string,
  string | null,
  string,
  string,
];

export const ROW_COLUMNS =
  'seq, at, kind, actor_kind, actor_name, host_id, workspace_id, session_id, summary, facts, output, previous, hash';

export function rowOf(raw: RawRow): StoredRow {
  const [seq, at, kind, actorKind, actorName, hostId, workspaceId, sessionId, summary] = raw;
  const [facts, output, previous, hash] = raw.slice(9) as [string, string | null, string, string];
  return {
    seq,
    at,
    kind,
    actorKind,
    actorName,
    hostId,
    workspaceId,
    sessionId,
    summary,
    facts,
    output,
    previous,
    hash,
  };
}

export function rawOf(row: StoredRow): RawRow {
  return [
    row.seq,
    row.at,
    row.kind,
    row.actorKind,
    row.actorName,
    row.hostId,
    row.workspaceId,
    row.sessionId,
    row.summary,
    row.facts,
    row.output,
    row.previous,
    row.hash,
  ];
}

const withoutFacts = auditEvent.omit({ facts: true });

/** Null for a row that somebody made unreadable: `verify` tells of it, and the others are shown. */
export function eventOf({ actorKind, actorName, facts, ...row }: StoredRow): AuditEvent | null {
  try {
    const actor = { kind: actorKind, name: actorName };
    const known: unknown = JSON.parse(facts);
    // What comes out of JSON is JSON: looking at each part again would take most of the time of an export.
    if (typeof known !== 'object' || known === null || Array.isArray(known)) return null;
    return { ...withoutFacts.parse({ ...row, actor }), facts: known as AuditEvent['facts'] };
  } catch {
    return null;
  }
}
