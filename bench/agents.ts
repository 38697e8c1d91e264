import { benchAcp } from './agents-acp.ts';
import { benchHidden } from './agents-hidden.ts';
import { benchLong } from './agents-long.ts';
import { benchStreaming } from './agents-streaming.ts';
import { AgentsWorld } from './agents-world.ts';
import type { Row } from './row.ts';

/** Many agents at once: in one page, in hidden panes, on the host by their protocol, and one with a long past. */
export async function benchAgents(): Promise<Row[]> {
  const world = await AgentsWorld.start();
  try {
    const [hidden, long, ...workspaces] = await world.workspaces(5);
    if (!hidden || !long) throw new Error('there is no workspace');
    return [
      ...(await benchStreaming(world, workspaces)),
      ...(await benchHidden(world, hidden)),
      ...(await benchLong(world, long)),
      // Last, for the scripted agent counts on after its turn was stopped.
      ...(await benchAcp(world, workspaces)),
    ];
  } finally {
    await world.stop();
  }
}
