import type { Approval } from '@farhand/shared/model/approvals';
import type { Comparison, Variant } from '@farhand/shared/model/comparisons';
import type { Session } from '@farhand/shared/model/sessions';
import type { Status } from '../../ui/status-mark.tsx';
import { openApprovals } from '../approvals/waiting.ts';

/** What a row of the board says of a variant. */
export interface VariantFacts {
  readonly variant: Variant;
  /** From 1, in the order in which they were asked for. */
  readonly number: number;
  readonly status: Status;
  /** The status in words, as `Making its workspace`. */
  readonly words: string;
  readonly session: Session | undefined;
  /** What it waits for a person with, oldest first. */
  readonly needs: readonly Approval[];
  readonly costUsd: number | null;
  readonly tokens: number;
  /** Of its work so far; null before it began. */
  readonly timeMs: number | null;
  readonly isKept: boolean;
}

interface Known {
  readonly sessions: Readonly<Record<string, Session>>;
  readonly approvals: Readonly<Record<string, Approval>>;
}

/** The variants of a comparison with all that is known of them, in the order in which they were asked for. */
export function variantFacts(comparison: Comparison, known: Known, now: number): readonly VariantFacts[] {
  return comparison.variants.map((variant, index) => {
    const session = variant.sessionId === null ? undefined : known.sessions[variant.sessionId];
    const needs = session && variant.state !== 'discarded' ? openApprovals(known, session.id) : [];
    return {
      variant,
      number: index + 1,
      ...statusOf(variant, session, needs.length > 0),
      session,
      needs,
      costUsd: session?.costUsd ?? null,
      tokens: session ? session.usage.input + session.usage.output : 0,
      timeMs: timeOf(variant, now),
      isKept: comparison.keptVariantId === variant.id,
    };
  });
}

function statusOf(
  { state }: Variant,
  session: Session | undefined,
  needsYou: boolean,
): Pick<VariantFacts, 'status' | 'words'> {
  if (state === 'discarded') return { status: 'idle', words: 'Discarded' };
  if (needsYou || session?.state === 'blocked') return { status: 'blocked', words: 'Needs you' };
  if (state === 'making') return { status: 'working', words: 'Making its workspace' };
  if (state === 'failed') return { status: 'failed', words: 'Failed' };
  if (session?.state === 'contact_lost') return { status: 'contact_lost', words: 'Contact lost' };
  if (state === 'done') return { status: 'done', words: 'Done' };
  // The prompt waits in the queue where its host has all the agents that it may have.
  if (session?.state === 'idle' && session.lastSeq === 0)
    return { status: 'idle', words: 'Waits for a free place' };
  return { status: 'working', words: 'Working' };
}

function timeOf({ startedAt, endedAt }: Variant, now: number): number | null {
  if (startedAt === null) return null;
  return Math.max(0, (endedAt === null ? now : Date.parse(endedAt)) - Date.parse(startedAt));
}

/** What the board can be sorted by; `order` is that of the dialog. */
export type SortKey = 'order' | 'test' | 'diff' | 'cost' | 'time';

const TEST_RANK = { passed: 0, running: 1, waiting: 2, failed: 3 } as const;

/** The rows, best first: tests that pass, small diffs, low cost, short time. What is not known comes last. */
export function sorted(rows: readonly VariantFacts[], key: SortKey): readonly VariantFacts[] {
  const weigh = WEIGHTS[key];
  return rows.toSorted(
    (a, b) =>
      Number(a.variant.state === 'discarded') - Number(b.variant.state === 'discarded') ||
      compare(weigh(a), weigh(b)) ||
      a.number - b.number,
  );
}

const WEIGHTS: Readonly<Record<SortKey, (row: VariantFacts) => number | null>> = {
  order: ({ number }) => number,
  test: ({ variant: { test } }) => (test ? TEST_RANK[test.state] : null),
  diff: ({ variant: { diff } }) => (diff ? diff.additions + diff.deletions : null),
  cost: ({ costUsd, tokens }) => costUsd ?? (tokens > 0 ? Number.MAX_SAFE_INTEGER : null),
  time: ({ timeMs }) => timeMs,
};

function compare(a: number | null, b: number | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a - b;
}

/** The one mark of a whole comparison: what needs a person goes before what goes on by itself. */
export function comparisonStatus(rows: readonly VariantFacts[]): Status {
  const shown = rows.filter(({ variant }) => variant.state !== 'discarded').map(({ status }) => status);
  for (const status of ['blocked', 'contact_lost', 'working'] as const)
    if (shown.includes(status)) return status;
  if (rows.some(({ isKept }) => isKept)) return 'idle';
  return shown.includes('done') ? 'done' : shown.includes('failed') ? 'failed' : 'idle';
}
