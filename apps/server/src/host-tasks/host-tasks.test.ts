import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type ConnectionState, LOCAL_HOST } from '@farhand/shared/model/hosts';
import { type JobId, newId } from '@farhand/shared/model/ids';
import type { Exit } from '@farhand/shared/model/terminals';
import type { Runtime } from '@farhand/shared/runtime/port';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Database, openDatabase } from '../store/database.ts';
import { createHostTasks, type HostTasks } from './host-tasks.ts';
import type { HostTask } from './task.ts';

const ENDED: Exit = { kind: 'signaled', signal: 'SIGTERM' };
const away = new FarhandError('host.connection_lost');

/** The part of a host that tasks act on. What it does to real processes is tested over sshd. */
function createHost() {
  const listeners = new Set<(state: ConnectionState) => void>();
  const host = {
    state: { state: 'connected', latencyMs: null } as ConnectionState,
    /** What is thrown instead of an answer. */
    failure: null as FarhandError | null,
    jobs: new Set<JobId>(),
    /** Resolves when it answers. */
    slowness: null as Promise<void> | null,
    asked: 0,
    arrive() {
      host.failure = null;
      host.state = { state: 'connected', latencyMs: null };
      for (const listener of listeners) listener(host.state);
    },
  };
  const ask = async (id: JobId) => {
    host.asked += 1;
    await host.slowness;
    if (host.failure) throw host.failure;
    return host.jobs.delete(id);
  };
  const runtime = {
    hostId: LOCAL_HOST,
    connection: () => host.state,
    watchConnection(listener: (state: ConnectionState) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    jobs: {
      remove: async (id: JobId) => void (await ask(id)),
      async stop(id: JobId) {
        if (await ask(id)) return ENDED;
        throw new FarhandError('job.not_found');
      },
    },
  } as unknown as Runtime;
  return { host, runtime };
}

describe('host tasks', () => {
  let folder: string;
  let db: Database;
  let opened: HostTasks[];
  const { host, runtime } = createHost();
  const told: unknown[] = [];

  beforeEach(() => {
    vi.useFakeTimers();
    folder = mkdtempSync(join(tmpdir(), 'farhand-tasks-'));
    db = openDatabase(join(folder, 'db'));
    opened = [];
    told.length = 0;
    host.asked = 0;
    host.slowness = null;
    host.arrive();
  });
  afterEach(() => {
    for (const tasks of opened) tasks.close();
    vi.useRealTimers();
    db.close();
    rmSync(folder, { recursive: true });
  });

  const open = () => {
    const tasks = createHostTasks({ db, runtimes: { for: () => runtime } });
    tasks.listen({
      onCarriedOut: ({ kind }, exit) => told.push([kind, exit]),
      onFailed: ({ kind }, { code }) => told.push([kind, code]),
    });
    opened.push(tasks);
    return tasks;
  };
  const about = { hostId: LOCAL_HOST, workspaceId: newId('workspace') };
  const stopOf = (jobId: JobId): HostTask => ({ kind: 'stop_job', ...about, jobId, sessionId: null });
  const startJob = () => {
    const id = newId('job');
    host.jobs.add(id);
    return id;
  };

  it('does what it can at once, and keeps nothing of it', async () => {
    expect(await open().do(stopOf(startJob()))).toEqual({ state: 'done', exit: ENDED });
    open().resumeAll();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(host.asked).toBe(1);
    expect(told).toEqual([]);
  });

  it('asks nothing of a host whose connection tries by itself, and is quick when it is back', async () => {
    host.state = { state: 'retrying', attempt: 1, nextAt: '', code: '', message: '' };
    const tasks = open();
    expect(await tasks.do(stopOf(startJob()))).toEqual({ state: 'kept' });
    await vi.advanceTimersByTimeAsync(300_000);
    expect(host.asked).toBe(0);
    host.arrive();
    await vi.advanceTimersByTimeAsync(0);
    expect(told).toEqual([['stop_job', ENDED]]);
  });

  it('tries again, less and less often, where nobody says that the host is back', async () => {
    host.failure = away;
    expect(await open().do(stopOf(startJob()))).toEqual({ state: 'kept' });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(host.asked).toBeGreaterThan(10);
    expect(host.asked).toBeLessThan(25);
    host.failure = null;
    await vi.advanceTimersByTimeAsync(80_000);
    expect(told).toEqual([['stop_job', ENDED]]);
  });

  it('does not do again what was done after somebody was told that it is kept', async () => {
    let answer = () => {};
    host.slowness = new Promise((resolve) => (answer = resolve));
    const ending = open().do(stopOf(startJob()), { withinMs: 100 });
    await vi.advanceTimersByTimeAsync(100);
    expect(await ending).toEqual({ state: 'kept' });
    answer();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(host.asked).toBe(1);
    expect(told).toEqual([['stop_job', ENDED]]);
  });

  it('is taken up by the next server, once', async () => {
    host.failure = away;
    const before = open();
    const task = stopOf(startJob());
    await before.do(task);
    await before.do(task);
    before.close();
    host.failure = null;
    open().resumeAll();
    await vi.advanceTimersByTimeAsync(0);
    expect(told).toEqual([['stop_job', ENDED]]);
    open().resumeAll();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(told).toHaveLength(1);
  });

  it('looks again for a job whose start arrives after its stop', async () => {
    const id = newId('job');
    expect(await open().do(stopOf(id))).toEqual({ state: 'missing' });
    host.jobs.add(id);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(host.jobs.has(id)).toBe(false);
    const asked = host.asked;
    await vi.advanceTimersByTimeAsync(300_000);
    expect(host.asked).toBe(asked);
  });

  it('tells at once what the host cannot do, and gives up a kept task that it goes on refusing', async () => {
    const removal: HostTask = { kind: 'remove_job', ...about, jobId: startJob() };
    host.failure = new FarhandError('file.failed');
    await expect(open().do(removal)).rejects.toMatchObject({ code: 'file.failed' });
    expect(told).toEqual([]);
    host.failure = away;
    const tasks = open();
    await tasks.do(removal);
    host.failure = new FarhandError('file.failed');
    await vi.advanceTimersByTimeAsync(600_000);
    expect(told).toEqual([['remove_job', 'file.failed']]);
    host.arrive();
    open().resumeAll();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(told).toHaveLength(1);
  });
});
