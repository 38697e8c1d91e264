import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalRuntime } from '@farhand/runtime-local/runtime';
import { newId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createHostTasks, type HostTasks } from '../host-tasks/host-tasks.ts';
import type { JobUse } from '../protection/job-use.ts';
import { createRedactor } from '../secrets/redactor.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { createAuditLayer } from './layer/audit-layer.ts';
import { type OpenedAudit, openTestAudit } from './testing/open-audit.ts';

const AGENT: JobUse = { kind: 'agent', sessionId: newId('session'), by: { kind: 'agent', name: 'codex' } };

let folder: string;
let db: Database;
let host: Runtime;
let opened: OpenedAudit;
let tasks: HostTasks;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'farhand-cleared-'));
  host = createLocalRuntime({ home: folder, environment: { PATH: process.env.PATH } });
  db = openDatabase(join(folder, 'db'));
  opened = openTestAudit();
  tasks = createHostTasks({
    db,
    runtimes: { for: () => host },
    onCleared: (place) => opened.audit.workspaceCleared(place),
  });
});
afterEach(async () => {
  tasks.close();
  await host.close();
  db.close();
  opened.remove();
  rmSync(folder, { recursive: true });
});

/** As a server does it: what starts there is on record. */
function workspace() {
  const workspaceId = newId('workspace');
  const directory = join(folder, 'workspaces', `shop-${workspaceId.slice(-6)}`);
  mkdirSync(directory, { recursive: true });
  const layer = createAuditLayer({ audit: opened.audit, redactor: () => createRedactor({}) });
  const place = { workspaceId, projectId: newId('project'), hostId: host.hostId, directory };
  const { jobs } = layer(host, place, AGENT);
  const start = async (...argv: [string, ...string[]]) => {
    const id = newId('job');
    await jobs.start({ id, command: { argv }, cwd: directory, label: workspaceId });
    return id;
  };
  return { ...place, jobs, start };
}

it('each command of a removed workspace has an end on record, though nobody watched', async () => {
  const [gone, other] = [workspace(), workspace()];
  const watched = await gone.start('true');
  await gone.jobs.attach(watched, { onOutput() {} });
  const left = await gone.start('sleep', '1000');
  const wiped = await gone.start('sleep', '1000');
  const kept = await other.start('sleep', '1000');
  // Nobody in the server that goes on has seen these start.
  opened.reopen();
  await host.jobs.remove(wiped);
  const task = { kind: 'clear_workspace', ...gone } as const;
  await tasks.do(task);
  await tasks.do(task);
  const ends = (await opened.events({ kinds: ['exit'] })).map(({ actor, workspaceId, summary, facts }) => [
    facts.jobId,
    facts.end,
    actor.kind,
    workspaceId,
    summary,
  ]);
  const removed = 'Removed with its workspace: sleep 1000';
  expect(ends).toEqual([
    [watched, 'exited', 'agent', gone.workspaceId, 'Exited with 0: true'],
    [left, 'removed', 'server', gone.workspaceId, removed],
    [wiped, 'removed', 'server', gone.workspaceId, removed],
  ]);
  expect(opened.audit.lastOfJob(kept)?.kind).toBe('command');
  expect(await opened.audit.verify()).toMatchObject({ isWhole: true });
  await host.jobs.remove(kept);
});
