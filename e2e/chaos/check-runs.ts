import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChaosWorld } from './chaos-world.ts';
import type { Tally } from './tally.ts';

/** What a program left of its runs: `run` at the beginning and `end` at the end of each. */
export function runsOf(world: ChaosWorld, tag: string): string[] {
  try {
    return readFileSync(join(world.runsFolder, tag), 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}

/** Programs ran once and to their end; `mayBeMissing` for those that nobody was answered about. */
export function checkRuns(
  world: ChaosWorld,
  tally: Tally,
  programs: readonly { readonly tag: string; readonly mayBeMissing: boolean }[],
): void {
  for (const { tag, mayBeMissing } of programs) {
    const left = runsOf(world, tag).join(' ');
    if (left === 'run end' || (mayBeMissing && left === '')) continue;
    const isMore = left.split('run').length > 2;
    tally.problem(isMore ? 'repeated' : 'lost', tag, `its runs on the host: ${left || 'none'}`);
  }
}
