/** What must not happen; each is counted, and a run with one of them has failed. */
export const PROBLEMS = {
  lost: 'lost',
  repeated: 'repeated',
  orphaned: 'orphaned',
  false_exit: 'false exits',
  input: 'prompts and keys lost or doubled',
  false_refusal: 'false refusals and errors',
  disagreement: 'views that differ',
} as const;
export type ProblemKind = keyof typeof PROBLEMS;

export interface Problem {
  readonly kind: ProblemKind;
  readonly where: string;
  readonly what: string;
}

/** Counts of one run: what was looked at and what was wrong. */
export class Tally {
  readonly problems: Problem[] = [];
  readonly streams = new Map<string, { count: number; bytes: number }>();
  /** Facts for the table that are neither good nor bad. */
  readonly facts = new Map<string, number>();

  problem(kind: ProblemKind, where: string, what: string): void {
    this.problems.push({ kind, where, what });
  }

  stream(name: string, bytes: number): void {
    const before = this.streams.get(name) ?? { count: 0, bytes: 0 };
    this.streams.set(name, { count: before.count + 1, bytes: before.bytes + bytes });
  }

  fact(name: string, count = 1): void {
    this.facts.set(name, (this.facts.get(name) ?? 0) + count);
  }

  count(kind: ProblemKind): number {
    return this.problems.filter((problem) => problem.kind === kind).length;
  }

  /** Says where two texts differ, and whether something is missing, is there twice, or is in another order. */
  compare(where: string, got: string, expected: string): void {
    if (got === expected) return;
    const counts = new Map<string, number>();
    for (const line of expected.split('\n')) counts.set(line, (counts.get(line) ?? 0) + 1);
    for (const line of got.split('\n')) counts.set(line, (counts.get(line) ?? 0) - 1);
    const isMissing = [...counts.values()].some((count) => count > 0);
    const isMore = [...counts.values()].some((count) => count < 0);
    const what = `${got.length} of ${expected.length} letters; ${firstDifference(got, expected)}`;
    if (isMissing || !isMore) this.problem('lost', where, what);
    if (isMore) this.problem('repeated', where, what);
  }
}

function firstDifference(got: string, expected: string): string {
  let at = 0;
  while (at < got.length && got[at] === expected[at]) at++;
  const around = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 40), at + 60));
  return `from ${at} on ${around(got)} in place of ${around(expected)}`;
}
