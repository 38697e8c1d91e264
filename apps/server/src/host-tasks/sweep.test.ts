import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLocalRuntime } from '@farhand/runtime-local/runtime';
import type { ConnectionState } from '@farhand/shared/model/hosts';
import { newId, type WorkspaceId } from '@farhand/shared/model/ids';
import type { Workspace } from '@farhand/shared/model/workspaces';
import type { Runtimes } from '@farhand/shared/runtime/registry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, openBench } from '../workspaces/testing/bench.ts';
import { createArrivals } from './arrivals.ts';
import { createDeletedWorkspaces } from './deleted-workspaces.ts';
import { createHostJobs, type HostJobs } from './host-jobs.ts';
import { createSweep } from './sweep.ts';

/** Two servers with their own stores over one host. */
let ours: Bench;
let theirs: Bench;
let listeners: Set<(state: ConnectionState) => void>;

beforeEach(() => {
  ours = openBench();
  const { home } = ours;
  theirs = openBench({
    home,
    runtime: createLocalRuntime({ home, environment: { PATH: process.env.PATH } }),
  });
  listeners = new Set();
});
afterEach(async () => {
  // Its host's home is in the folder of ours.
  await theirs.close();
  await ours.close();
});

const make = async (bench: Bench): Promise<Workspace> => {
  const shop = bench.repository();
  shop.write('README.md', '# Shop\n');
  shop.commit('first');
  return bench.make({ projectId: (await bench.projects.add(shop.path)).id });
};

const startJob = async (bench: Bench, label: WorkspaceId) => {
  const id = newId('job');
  await bench.runtime.jobs.start({ id, command: { argv: ['sleep', '1000'] }, cwd: ours.home, label });
  return id;
};

/** As the server composes them. */
function openJobs(bench: Bench): HostJobs {
  const runtime = {
    ...bench.runtime,
    watchConnection(listener: (state: ConnectionState) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    connection: (): ConnectionState => ({ state: 'idle' }),
  };
  const runtimes: Pick<Runtimes, 'for'> = { for: () => runtime };
  const { workspaces, terminals, hostTasks: tasks, db } = bench;
  const isKnown = (id: WorkspaceId) => workspaces.list().some((one) => one.id === id);
  const deleted = createDeletedWorkspaces(db);
  const sweep = createSweep({ runtimes, deleted, isKnown, arrivals: createArrivals(runtimes) });
  return createHostJobs({
    runtimes,
    workspaces,
    terminals,
    callsOf: () => [],
    programsOf: () => [],
    tasks,
    sweep,
  });
}

/** What a deletion that was cut could leave. */
async function leaveRests(): Promise<{ gone: Workspace; orphan: string }> {
  const gone = await make(ours);
  await ours.workspaces.delete(gone.id, { force: true, forget: false });
  const orphan = await startJob(ours, gone.id);
  mkdirSync(gone.directory ?? '', { recursive: true });
  writeFileSync(join(gone.directory ?? '', 'left.txt'), 'left');
  return { gone, orphan };
}

const ids = async () => (await ours.runtime.jobs.list()).map(({ id }) => id).toSorted();

describe('a sweep', () => {
  it('removes jobs and folders of workspaces deleted here, and nothing of another server', async () => {
    const { gone, orphan } = await leaveRests();
    const kept = await make(ours);
    const foreign = await make(theirs);
    const [mine, other] = [await startJob(ours, kept.id), await startJob(theirs, foreign.id)];
    const [ourJobs, theirJobs] = [openJobs(ours), openJobs(theirs)];
    const seen = await ourJobs.ofHost(gone.hostId);
    expect(seen.find(({ jobId }) => jobId === orphan)).toMatchObject({
      workspaceId: gone.id,
      isKnown: false,
      status: { state: 'running' },
      keptBytes: expect.any(Number),
    });
    expect(seen.find(({ jobId }) => jobId === mine)).toMatchObject({ workspaceId: kept.id, isKnown: true });
    expect(seen.find(({ jobId }) => jobId === other)).toMatchObject({ isKnown: false });

    expect(await theirJobs.sweep(gone.hostId)).toBe(0);
    expect(await ourJobs.sweep(gone.hostId)).toBe(2);
    expect(await ids()).toEqual([mine, other].toSorted());
    expect(existsSync(gone.directory ?? '')).toBe(false);
    expect(existsSync(kept.directory ?? '') && existsSync(foreign.directory ?? '')).toBe(true);
    expect(await ourJobs.sweep(gone.hostId)).toBe(0);
  });

  it('runs by itself when the host connects', async () => {
    const { orphan } = await leaveRests();
    openJobs(ours).resumeAll();
    expect(await ids()).toEqual([orphan]);
    for (const listener of listeners) listener({ state: 'connected', latencyMs: null });
    await expect.poll(ids).toEqual([]);
  });
});

describe('the jobs of a workspace', () => {
  it('tell what they are, and are ended only by their own workspace', async () => {
    const { id } = await make(ours);
    const terminal = await ours.terminals.open(id, { rows: 24, cols: 80 });
    const command = await startJob(ours, id);
    const foreign = await startJob(ours, newId('workspace'));
    const jobs = openJobs(ours);
    const found = await jobs.ofWorkspace(id);
    expect(found.find(({ jobId }) => jobId === terminal.jobId)).toMatchObject({
      kind: 'terminal',
      title: 'Terminal 1',
      startedAt: terminal.createdAt,
      status: { state: 'running' },
    });
    expect(found.find(({ jobId }) => jobId === command)).toMatchObject({ kind: 'command', title: null });
    expect(found.some(({ jobId }) => jobId === foreign)).toBe(false);
    await expect(jobs.stop(id, foreign)).rejects.toMatchObject({ code: 'job.not_found' });
    expect(await jobs.stop(id, command)).toEqual({
      exit: { kind: 'signaled', signal: 'SIGTERM' },
      isKept: false,
    });
  });
});
