import { createHash } from 'node:crypto';
import type { AuditEvent } from '@farhand/shared/model/audit';
import type { z } from 'zod';

type Json = z.core.util.JSONType;

/** `previous` of the first event. */
export const GENESIS = '0'.repeat(64);

/** One event as it is stored: all but its own hash. `facts` is canonical JSON. */
export interface ChainedRow {
  readonly seq: number;
  readonly at: string;
  readonly kind: string;
  readonly actorKind: string;
  readonly actorName: string | null;
  readonly hostId: string | null;
  readonly workspaceId: string | null;
  readonly sessionId: string | null;
  readonly summary: string;
  readonly facts: string;
  readonly output: string | null;
  readonly previous: string;
}

/** SHA-256 as hex over every field in a fixed order; `previous` is one of them, which makes the chain. */
export function hashOfRow(row: ChainedRow): string {
  const { seq, at, kind, actorKind, actorName, hostId, workspaceId, sessionId } = row;
  const fields = [seq, at, kind, actorKind, actorName, hostId, workspaceId, sessionId];
  return createHash('sha256')
    .update(JSON.stringify([...fields, row.summary, row.facts, row.output, row.previous]))
    .digest('hex');
}

/** JSON with the keys of every object sorted: one text for one value. */
export function canonicalJson(value: Json): string {
  return JSON.stringify(sorted(value));
}

/** The row that an event, as it is exported, was made of. */
export function rowOfEvent({ actor, facts, ...event }: AuditEvent): ChainedRow & { readonly hash: string } {
  return { ...event, actorKind: actor.kind, actorName: actor.name, facts: canonicalJson(facts) };
}

/** Text as the store gives it back byte for byte: without halves of letters and without NUL. */
export function storable(text: string, maxChars: number): string {
  const whole = wellFormed(text).replaceAll('\0', '\u2400');
  return whole.length <= maxChars ? whole : `${wellFormed(whole.slice(0, maxChars - 1))}…`;
}

/** The same for every text within a value. */
export function storableJson(value: Json, maxChars: number): Json {
  if (typeof value === 'string') return storable(value, maxChars);
  if (Array.isArray(value)) return value.map((one) => storableJson(one, maxChars));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [storable(name, maxChars), storableJson(one, maxChars)]),
  );
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const names = Object.keys(value).toSorted();
  return Object.fromEntries(names.map((name) => [name, sorted(value[name] ?? null)]));
}

// A half of a letter becomes U+FFFD.
const wellFormed = (text: string) => Buffer.from(text, 'utf8').toString('utf8');
