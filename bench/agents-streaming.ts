import { isDeepStrictEqual } from 'node:util';
import type { Session } from '@farhand/shared/model/sessions';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { benchKeys } from './agents-keys.ts';
import { BenchPage } from './agents-page.ts';
import { STREAM } from './agents-script.ts';
import { serverTranscript } from './agents-transcript.ts';
import type { AgentsWorld } from './agents-world.ts';
import { cpuMs, rssMiB } from './process.ts';
import { atMost, type Row } from './row.ts';

const AGENTS = 20;
const IDLE_MS = 10_000;
const SAMPLE_MS = 30_000;
const MINUTES = Number(process.env.FARHAND_BENCH_MINUTES ?? 10);
/** Until the slow part of every start is over. */
const SETTLE_MS = 10_000;

/** Twenty agents that stream at once, all of them on the screen. */
export async function benchStreaming(world: AgentsWorld, workspaces: readonly Workspace[]): Promise<Row[]> {
  const bare = rssMiB(world.farhand.pid);
  const sessions = await world.open(AGENTS, workspaces);
  await showOnBoard(world, sessions);
  const { stdout } = await world.farhand.cli('login-url');
  const bench = await BenchPage.open(stdout.trim(), '?b=bench');
  try {
    await bench.page.waitForFunction(
      (count) => document.querySelectorAll('[aria-label="Message to the agent"]').length === count,
      AGENTS,
    );
    await pause(SETTLE_MS);
    const idleCpu = await serverShare(world, IDLE_MS);
    await world.prompt(sessions, STREAM);
    await bench.untilShown(AGENTS);
    await pause(SETTLE_MS);
    const around = `${AGENTS} agents streaming into one page of ${AGENTS} panes, 2560×1440`;
    const keys = await benchKeys(bench.page, around);
    const { rows, cpu } = await longStream(world, bench, around);
    const rss = (rssMiB(world.farhand.pid) - bare) / AGENTS;
    world.script.end();
    await world.until(sessions, 'done');
    return [
      ...keys,
      await lost(world, bench, sessions),
      ...rows,
      atMost(2.5, {
        name: 'server for each streaming agent',
        value: cpu / AGENTS,
        unit: '% of a CPU',
        baseline: `${around}; all of it ${cpu.toFixed(1)} %`,
      }),
      atMost(0.1, {
        name: 'server for each idle agent',
        value: idleCpu / AGENTS,
        unit: '% of a CPU',
        baseline: `${AGENTS} sessions open in a page; all of it ${idleCpu.toFixed(2)} % in ${IDLE_MS / 1000} s`,
      }),
      atMost(8, {
        name: 'server’s memory for each agent that streamed',
        value: rss,
        unit: 'MiB',
        baseline: `VmRSS at the end, ${bare.toFixed(0)} MiB before`,
      }),
    ];
  } finally {
    await bench.close();
    world.script.begin();
  }
}

async function showOnBoard(world: AgentsWorld, sessions: readonly Session[]): Promise<void> {
  const added = sessions.map(({ id, workspaceId }) => ({ kind: 'agent', workspaceId, sessionId: id }));
  const value = JSON.stringify([{ id: 'bench', name: 'Bench', added }]);
  await world.client.call('preference.set', { name: 'boards', value });
}

async function longStream(world: AgentsWorld, bench: BenchPage, around: string) {
  const began = performance.now();
  const cpuBefore = cpuMs(world.farhand.pid);
  const busyBefore = await bench.taskSeconds();
  const heaps: { minutes: number; mib: number }[] = [];
  const sample = async () =>
    heaps.push({ minutes: (performance.now() - began) / 60_000, mib: await bench.heapMiB() });
  await sample();
  while (performance.now() - began < MINUTES * 60_000) {
    await pause(Math.min(SAMPLE_MS, MINUTES * 30_000));
    await sample();
  }
  const ms = performance.now() - began;
  const busy = (((await bench.taskSeconds()) - busyBefore) / (ms / 1000)) * 100;
  const first = heaps[0]?.mib ?? 0;
  const most = Math.max(...heaps.map(({ mib }) => mib));
  const span = `${(ms / 60_000).toFixed(1)} minutes, ${heaps.length} samples after a collection`;
  const rows = [
    atMost(200, {
      name: 'heap of the page while they stream, the most',
      value: most,
      unit: 'MiB',
      baseline: `${around}; ${span}; ${first.toFixed(1)} MiB at first; the main thread was busy for ${busy.toFixed(0)} %`,
    }),
    atMost(5, {
      name: 'growth of the page’s heap while they stream',
      value: slope(heaps),
      unit: 'MiB/min',
      baseline: `${span}; the transcripts themselves stay in the page`,
    }),
  ];
  return { rows, cpu: ((cpuMs(world.farhand.pid) - cpuBefore) / ms) * 100 };
}

/** Items that the page has otherwise than the server. */
async function lost(world: AgentsWorld, bench: BenchPage, sessions: readonly Session[]): Promise<Row> {
  let items = 0;
  let events = 0;
  let differing = 0;
  // The page draws ten times a second.
  await pause(1000);
  const shown = await bench.transcripts();
  for (const { id } of sessions) {
    const server = await serverTranscript(world.client, id);
    const page = new Map(shown.get(id)?.map((item) => [item.id, item]));
    items += server.items.length;
    events += server.lastSeq;
    differing += server.items.filter((item) => !isDeepStrictEqual(page.get(item.id), item)).length;
    differing += Math.max(0, page.size - server.items.length);
  }
  return atMost(0, {
    name: 'items of the page that differ from the server’s',
    value: differing,
    unit: 'items',
    baseline: `${events} events made ${items} items of ${sessions.length} agents; compared whole`,
  });
}

/** By least squares, in MiB a minute. */
function slope(samples: readonly { minutes: number; mib: number }[]): number {
  const mean = (of: (sample: { minutes: number; mib: number }) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const [x, y] = [mean(({ minutes }) => minutes), mean(({ mib }) => mib)];
  const covariance = mean(({ minutes, mib }) => (minutes - x) * (mib - y));
  const variance = mean(({ minutes }) => (minutes - x) ** 2);
  return variance === 0 ? 0 : covariance / variance;
}

async function serverShare({ farhand }: AgentsWorld, ms: number): Promise<number> {
  const before = cpuMs(farhand.pid);
  await pause(ms);
  return ((cpuMs(farhand.pid) - before) / ms) * 100;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
