import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSshRuntime } from '@farhand/runtime-ssh/runtime';
import type { HostId } from '@farhand/shared/model/hosts';
import { newId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import { startSshd } from '@farhand/shared/testing/sshd';
import { createAuditLayer } from '../apps/server/src/audit/layer/audit-layer.ts';
import { fillLog } from '../apps/server/src/audit/testing/filled-log.ts';
import { entry, type OpenedAudit, openTestAudit } from '../apps/server/src/audit/testing/open-audit.ts';
import { createRedactor } from '../apps/server/src/secrets/redactor.ts';
import { elapsedMs, medianPairMs } from './measure.ts';
import { atLeast, atMost, type Row } from './row.ts';

const ENTRIES = 2_000;
const PAIRS = 40;
const MANY = 1_000_000;

/** What it costs that everything is on record: entries a second, each on the disk, and what a job takes longer. */
export async function benchAudit(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'fb-audit-'));
  const opened = openTestAudit(undefined, folder);
  const sshd = await startSshd();
  const runtime = createSshRuntime({ hostId: sshd.alias as HostId, sshConfigPath: sshd.sshConfigPath });
  try {
    return [
      entriesRow(opened),
      await jobsRow(opened, runtime, sshd.home),
      ...(await manyRows(join(folder, 'many'))),
    ];
  } finally {
    await runtime.close();
    await sshd.stop();
    opened.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

function entriesRow({ audit }: OpenedAudit): Row {
  audit.record(entry());
  const began = performance.now();
  for (let count = 0; count < ENTRIES; count += 1)
    audit.record(entry({ facts: { argv: ['x'.repeat(300)] } }));
  const tookMs = performance.now() - began;
  return atLeast(200, {
    name: 'audit entries, each on the disk before the next',
    value: ENTRIES / (tookMs / 1000),
    unit: '1/s',
    baseline: `${(tookMs / ENTRIES).toFixed(2)} ms each`,
  });
}

async function jobsRow({ audit }: OpenedAudit, plain: Runtime, cwd: string): Promise<Row> {
  const place = {
    workspaceId: newId('workspace'),
    projectId: newId('project'),
    hostId: plain.hostId,
    directory: cwd,
  };
  const redactor = createRedactor({ TOKEN: 'a-secret-value' });
  const layer = createAuditLayer({ audit, redactor: () => redactor });
  const recorded = layer(plain, place, {
    kind: 'agent',
    sessionId: null,
    by: { kind: 'agent', name: 'bench' },
  });
  const job = (runtime: Runtime) => {
    const id = newId('job');
    const command = { argv: ['sh', '-c', 'echo one; echo two'] } as const;
    return runtime.jobs.attach(id, { start: { id, command, cwd }, onOutput() {} });
  };
  const [withRecord, without] = await medianPairMs(
    PAIRS,
    () => job(recorded),
    () => job(plain),
  );
  return atMost(1.5, {
    name: 'a short job over ssh, on record, over one that is not',
    value: withRecord / without,
    unit: 'ratio',
    baseline: `${without.toFixed(2)} ms without, ${withRecord.toFixed(2)} ms with`,
  });
}

/** What a look at a log of years takes, and how long everybody else waits while all of it is cut. */
async function manyRows(folder: string): Promise<Row[]> {
  const opened = openTestAudit(undefined, folder);
  fillLog(opened, { events: MANY, firstAtMs: Date.parse('2020-01-01T00:00:00Z') });
  const verifyMs = await elapsedMs(() => opened.audit.verify());
  let longestMs = 0;
  let last = performance.now();
  let isDone = false;
  const look = () => {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - last);
    last = now;
    if (!isDone) setImmediate(look);
  };
  setImmediate(look);
  const cutMs = await elapsedMs(() => {
    opened.audit.setSettings({ retentionDays: 1 }, { kind: 'cli', name: null });
    return opened.audit.upkeep();
  });
  isDone = true;
  opened.remove();
  return [
    atMost(30, {
      name: 'a look at an audit log of a million events',
      value: verifyMs / 1000,
      unit: 's',
      baseline: `${Math.round(MANY / (verifyMs / 1000))} events/s`,
    }),
    atMost(50, {
      name: 'the longest wait while a million events are cut',
      value: longestMs,
      unit: 'ms',
      baseline: `${(cutMs / 1000).toFixed(1)} s for all of them`,
    }),
  ];
}
