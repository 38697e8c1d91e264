import type { AuditProblem } from '@farhand/shared/model/audit';
import { type ChainedRow, GENESIS, hashOfRow } from '../chain.ts';
import type { Mark } from '../signature.ts';

/** The first of them are enough: what follows one is often the same thing. */
const MAX_PROBLEMS = 100;

/** Collects what is wrong. */
export interface Problems {
  readonly list: AuditProblem[];
  add(seq: number | null, text: string): void;
}

export function createProblems(): Problems {
  const list: AuditProblem[] = [];
  return {
    list,
    add(seq, text) {
      if (list.length < MAX_PROBLEMS) list.push({ seq, text });
    },
  };
}

/** Looks at events one after the other, in the order of their numbers. */
export interface ChainCheck {
  next(row: ChainedRow & { readonly hash: string }): void;
  readonly events: number;
  readonly first: number | null;
  readonly last: Mark | null;
}

/** `begin` is what the first event must follow: nothing, a cut, or what came before a part that is looked at. */
export function createChainCheck(problems: Problems, begin: Mark | null): ChainCheck {
  let before: Mark = begin ?? { seq: 0, hash: GENESIS };
  let events = 0;
  let first: number | null = null;
  return {
    next(row) {
      const { seq, previous, hash, kind } = row;
      const isNext = seq === before.seq + 1;
      if (!isNext) problems.add(seq, gapText(before.seq, seq));
      if (previous !== before.hash)
        problems.add(
          seq,
          isNext
            ? `Event ${seq} does not follow event ${before.seq}: one of them was changed, put in or exchanged.`
            : `Event ${seq} does not follow what is before it.`,
        );
      if (hashOfRow(row) !== hash)
        problems.add(seq, `Event ${seq} was changed: its content has another hash.`);
      if (kind === 'damage')
        problems.add(seq, `At event ${seq} the server found the log damaged: ${row.summary}`);
      before = { seq, hash };
      first ??= seq;
      events += 1;
    },
    get events() {
      return events;
    },
    get first() {
      return first;
    },
    get last() {
      return events === 0 ? null : before;
    },
  };
}

function gapText(before: number, seq: number): string {
  if (seq <= before) return `Event ${seq} comes after event ${before}: the order was changed.`;
  const missing = seq - before - 1;
  return missing === 1
    ? `Event ${seq - 1} is missing.`
    : `Events ${before + 1} to ${seq - 1} are missing (${missing}).`;
}
