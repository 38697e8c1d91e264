import type { Workspace } from '@farhand/shared/model/workspaces';
import type { AgentsWorld } from './agents-world.ts';
import { cpuMs, rssMiB } from './process.ts';
import { atMost, type Row } from './row.ts';

const AGENTS = 10;
const WATCH_MS = 20_000;
const SETTLE_MS = 5000;

/** Agents of the Agent Client Protocol on the host: what each costs the server, at work and idle. */
export async function benchAcp(world: AgentsWorld, workspaces: readonly Workspace[]): Promise<Row[]> {
  const agent = await world.addAcpAgent();
  const before = rssMiB(world.farhand.pid);
  const sessions = await world.open(AGENTS, workspaces, agent);
  // Only a first turn starts the program.
  await world.prompt(sessions, 'say ready');
  await world.until(sessions, 'done');
  await pause(SETTLE_MS);
  const idle = await share(world);
  await world.prompt(sessions, 'count 1000000 50');
  await world.until(sessions, 'working');
  await pause(SETTLE_MS);
  const streaming = await share(world);
  const rss = (rssMiB(world.farhand.pid) - before) / AGENTS;
  await Promise.all(sessions.map(({ id }) => world.client.call('session.stop', { sessionId: id })));
  const around = `${AGENTS} ACP agents on the host, twenty messages a second each`;
  return [
    atMost(2.5, {
      name: 'server for each streaming ACP agent',
      value: streaming / AGENTS,
      unit: '% of a CPU',
      baseline: `${around}; all of it ${streaming.toFixed(1)} %`,
    }),
    atMost(0.2, {
      name: 'server for each idle ACP agent',
      value: idle / AGENTS,
      unit: '% of a CPU',
      baseline: `${AGENTS} programs running on the host; all of it ${idle.toFixed(2)} %`,
    }),
    atMost(4, {
      name: 'server’s memory for each ACP agent',
      value: rss,
      unit: 'MiB',
      baseline: `VmRSS while they stream, ${before.toFixed(0)} MiB before`,
    }),
  ];
}

async function share({ farhand }: AgentsWorld): Promise<number> {
  const before = cpuMs(farhand.pid);
  await pause(WATCH_MS);
  return ((cpuMs(farhand.pid) - before) / WATCH_MS) * 100;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
