import type { ChaosResult } from './run.ts';
import { PROBLEMS, type ProblemKind } from './tally.ts';

/** The table of a run, to be printed. */
export function report({ tally, counts, breakingMs, quietMs, evidence }: ChaosResult): string {
  const faults = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const total = faults.reduce((sum, [, count]) => sum + count, 0);
  const rows = [
    `\n${total} cuts in ${(breakingMs / 1000).toFixed(0)} s (${((total * 1000) / breakingMs).toFixed(1)} a second), quiet after ${(quietMs / 1000).toFixed(1)} s`,
    ...faults.map(([kind, count]) => row(kind.replaceAll('_', ' '), count)),
    '\nStreams',
    ...[...tally.streams].map(([name, { count, bytes }]) => `${row(name, count)}  ${bytes} bytes`),
    '\nFor the record',
    ...[...tally.facts].map(([name, count]) => row(name, count)),
    '\nMust be zero',
    ...(Object.keys(PROBLEMS) as ProblemKind[]).map((kind) => row(PROBLEMS[kind], tally.count(kind))),
  ];
  const first = tally.problems[0];
  if (first) rows.push(`\nFirst: ${first.kind}: ${first.where}: ${first.what}`);
  if (evidence) rows.push(`Kept in ${evidence}`);
  return rows.join('\n');
}

const row = (name: string, count: number): string => `  ${name.padEnd(36)}${String(count).padStart(8)}`;
