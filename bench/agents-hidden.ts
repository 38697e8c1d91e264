import type { Workspace } from '@farhand/shared/model/workspaces';
import { layOutAsTabs } from './agents-layout.ts';
import { BenchPage } from './agents-page.ts';
import { STREAM } from './agents-script.ts';
import type { AgentsWorld } from './agents-world.ts';
import { atMost, type Row } from './row.ts';

const AGENTS = 20;
const WATCH_MS = 10_000;
const SETTLE_MS = 5000;

/** Twenty agents that stream in tabs behind the one that is looked at, which does nothing. */
export async function benchHidden(world: AgentsWorld, workspace: Workspace): Promise<Row[]> {
  const sessions = await world.open(AGENTS + 1, [workspace]);
  const [looked, ...hidden] = sessions;
  if (!looked) throw new Error('there is no session');
  await layOutAsTabs(world.client, sessions, looked);
  const { stdout } = await world.farhand.cli('login-url');
  const bench = await BenchPage.open(stdout.trim(), `?w=${workspace.id}`);
  try {
    await bench.page.getByRole('textbox', { name: 'Message to the agent' }).waitFor();
    await pause(SETTLE_MS);
    const idle = await bench.drawn(WATCH_MS);
    await world.prompt(hidden, STREAM);
    await world.until(hidden, 'working');
    await pause(SETTLE_MS);
    const streaming = await bench.drawn(WATCH_MS);
    world.script.end();
    await world.until(hidden, 'done');
    const seconds = WATCH_MS / 1000;
    const around = `${AGENTS} agents streaming in hidden tabs; with none at work`;
    return [
      // The status line and the sidebar draw too: for the panes themselves it is the grid that must not change.
      atMost(1, {
        name: 'drawings of React in the window for hidden panes',
        value: Math.max(0, streaming.commits - idle.commits) / seconds,
        unit: 'a second',
        baseline: `${around} ${(idle.commits / seconds).toFixed(1)}`,
      }),
      atMost(0, {
        name: 'changes of the grid for hidden panes',
        value: Math.max(0, streaming.mutations - idle.mutations) / seconds,
        unit: 'a second',
        baseline: `${around} ${(idle.mutations / seconds).toFixed(1)}`,
      }),
      atMost(2, {
        name: 'main thread for hidden panes',
        value: Math.max(0, streaming.busy - idle.busy),
        unit: '% of a CPU',
        baseline: `${around} ${idle.busy.toFixed(2)} %`,
      }),
    ];
  } finally {
    await bench.close();
    world.script.begin();
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
