import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChaosWorld } from './chaos-world.ts';
import type { Tally } from './tally.ts';

const KEPT = join(import.meta.dirname, '../../test-results/chaos');

/** Keeps what a failed run leaves to read: problems, faults with their times, logs, the server's data. */
export function keepEvidence(world: ChaosWorld, tally: Tally, log: readonly string[]): string {
  const seed = log[0]?.split(' ')[1] ?? 'unknown';
  const folder = join(KEPT, `seed-${seed}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const lines = tally.problems.map(({ kind, where, what }) => `${kind}: ${where}: ${what}`);
  writeFileSync(join(folder, 'problems.txt'), `${lines.join('\n')}\n`);
  writeFileSync(join(folder, 'faults.log'), `${log.join('\n')}\n`);
  writeFileSync(join(folder, 'server.log'), world.farhand.printed);
  writeFileSync(join(folder, 'sshd.log'), world.sshd.log());
  for (const [id, { bytes }] of world.page.terminals) writeFileSync(join(folder, `${id}.bytes`), bytes);
  for (const [id, { items }] of world.page.sessions)
    writeFileSync(join(folder, `${id}.json`), JSON.stringify(items, null, 1));
  cpSync(join(world.folder, 'farhand'), join(folder, 'data'), { recursive: true, filter: isPlain });
  return folder;
}

const isPlain = (path: string): boolean => !path.endsWith('.sock');
