import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AskedTurn } from './agents.ts';
import type { ChaosWorld } from './chaos-world.ts';
import { runsOf } from './check-runs.ts';
import type { AskedCommand } from './commands.ts';
import { jobStream } from './job-files.ts';
import type { Tally } from './tally.ts';
import type { Typed } from './terminals.ts';

/** All that was begun in a run. */
export interface QuietInputs {
  readonly turns: readonly AskedTurn[];
  readonly commands: readonly AskedCommand[];
  readonly typed: readonly Typed[];
  readonly counting: Typed;
}

const LOOK_EVERY_MS = 200;
/** The output of a terminal that has not grown for so long is all of it. */
const STILL_MS = 1500;

/** Ends the program that counts, and waits until nothing is under way and the page has all that the host has. */
export async function untilQuiet(
  { world, tally, commands, typed, counting }: QuietInputs & { world: ChaosWorld; tally: Tally },
  deadline: AbortSignal,
): Promise<void> {
  writeFileSync(join(world.runsFolder, 'stop'), '');
  const terminals = [...typed, counting];
  const waitsFor = (): string | null => {
    if (runsOf(world, counting.tag).length === 0) return 'the program that counts';
    const running = commands.find(({ counting: { tag } }) => runsOf(world, tag).length === 1);
    if (running) return `command ${running.counting.tag}`;
    for (const { tag, terminal } of terminals) {
      const kept = jobStream(world.sshd.home, terminal.jobId, 'out')?.byteLength ?? 0;
      const seen = world.page.terminals.get(terminal.id)?.end ?? 0;
      if (seen < kept) return `bytes ${seen} to ${kept} of ${tag}`;
    }
    return null;
  };
  let waiting: string | null = 'a first look';
  let size = -1;
  let stillSince = performance.now();
  while (!deadline.aborted) {
    waiting = waitsFor();
    const now = terminals.reduce(
      (sum, one) => sum + (world.page.terminals.get(one.terminal.id)?.end ?? 0),
      0,
    );
    if (waiting !== null || now !== size) stillSince = performance.now();
    size = now;
    if (performance.now() - stillSince > STILL_MS) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  tally.problem('lost', 'quiet', `still waiting for ${waiting ?? 'terminals to be still'}`);
}
