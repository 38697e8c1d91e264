import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One figure. `baseline` is what it was measured against in the same run; `goal` is a bound, in `unit`. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline: string;
  readonly goal: string;
  readonly met: boolean;
}

/** A row whose value should be at most `goal`. */
export function atMost(goal: number, row: Omit<Row, 'goal' | 'met'>): Row {
  return { ...row, value: rounded(row.value), goal: `≤ ${goal}`, met: row.value <= goal };
}

/** A row whose value should be at least `goal`. */
export function atLeast(goal: number, row: Omit<Row, 'goal' | 'met'>): Row {
  return { ...row, value: rounded(row.value), goal: `≥ ${goal}`, met: row.value >= goal };
}

/** Prints the table and writes `bench/results.json`. */
export function report(rows: readonly Row[]): void {
  console.table(
    rows.map(({ name, value, unit, goal, met, baseline }) => ({
      name,
      value,
      unit,
      goal,
      met: met ? 'yes' : 'NO',
      baseline,
    })),
  );
  writeFileSync(join(import.meta.dirname, 'results.json'), `${JSON.stringify(rows, null, 2)}\n`);
}

const rounded = (value: number) => Number(value.toPrecision(3));
