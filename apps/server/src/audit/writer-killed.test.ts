import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../secrets/redactor.ts';
import { createOutputWriter } from './outputs/output-writer.ts';
import { fillLog } from './testing/filled-log.ts';
import { entry, type OpenedAudit, openTestAudit, refusalOf } from './testing/open-audit.ts';

const WRITER = fileURLToPath(new URL('testing/endless-writer.ts', import.meta.url));
const CUTTER = fileURLToPath(new URL('testing/cutting-server.ts', import.meta.url));

describe('a log whose writer is killed', { timeout: 60_000 }, () => {
  it('has every event that was told to be written, and goes on whole', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'farhand-killed-'));
    for (const events of [40, 83]) {
      const writer = spawn(process.execPath, ['--import', 'tsx', WRITER, folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const lines = createInterface({ input: writer.stdout });
      const ended = once(writer, 'exit');
      let told = 0;
      let count = 0;
      for await (const line of lines) {
        told = Number(line);
        count += 1;
        if (count === events) writer.kill('SIGKILL');
      }
      await ended;
      const opened = openTestAudit(undefined, folder);
      expect(opened.audit.get(told).seq).toBe(told);
      const verdict = await opened.audit.verify();
      expect(verdict.problems).toEqual([]);
      opened.audit.record(entry({ summary: 'after' }));
      expect(await opened.audit.verify()).toMatchObject({ isWhole: true });
      opened.audit.close();
    }
    rmSync(folder, { recursive: true });
  });

  it('begins at a signed cut wherever it was killed while it cut, and goes on with that', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'farhand-killed-'));
    const opened = openTestAudit(undefined, folder);
    fillLog(opened, { events: 12_000, firstAtMs: Date.parse('2026-01-01T00:00:00Z') });
    const firsts: number[] = [];
    for (const parts of [1, 3]) {
      const server = spawn(process.execPath, ['--import', 'tsx', CUTTER, folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = once(server, 'exit');
      const left: string[] = [];
      for await (const first of createInterface({ input: server.stdout })) {
        left.push(first);
        // The first line is of before.
        if (left.length === parts + 1) server.kill('SIGKILL');
      }
      await ended;
      const verdict = await opened.audit.verify();
      expect(verdict.problems).toEqual([]);
      firsts.push(verdict.first ?? 0);
      opened.audit.close();
      opened.reopen();
    }
    expect(firsts).toEqual([...new Set(firsts)].toSorted((a, b) => a - b));
    expect(firsts[0]).toBeGreaterThan(1);
    expect(firsts.at(-1)).toBeLessThan(12_000);
    opened.audit.setSettings({ retentionDays: 1 }, { kind: 'cli', name: null });
    await opened.audit.upkeep();
    const verdict = await opened.audit.verify();
    expect(verdict).toMatchObject({ isWhole: true, problems: [] });
    expect(verdict.first).toBeGreaterThan(12_000);
    opened.remove();
  });
});

// A disk of its own that can be full needs root.
const describeAsRoot = process.platform === 'linux' && process.getuid?.() === 0 ? describe : undefined;

describeAsRoot?.('a log whose disk is full', () => {
  it('refuses until there is room again, and is whole then', async () => {
    await onDiskOf('1m', async (opened, data) => {
      const fill = () => {
        for (let count = 0; count < 10_000; count += 1)
          opened.audit.record(entry({ facts: { argv: ['x'.repeat(2_000)] } }));
      };
      expect(refusalOf(fill).code).toBe('audit.unwritable');
      const large = entry({ facts: { argv: ['x'.repeat(30_000)] } });
      expect(refusalOf(() => opened.audit.record(large)).code).toBe('audit.unwritable');
      execFileSync('mount', ['-o', 'remount,size=16m', data]);
      opened.audit.record(entry({ summary: 'room again' }));
      expect(await opened.audit.verify()).toMatchObject({ isWhole: true, problems: [] });
    });
  });

  it('keeps no output where there is little room, and records on', async () => {
    await onDiskOf('64m', async ({ audit }) => {
      const writer = createOutputWriter(audit.outputs, () => createRedactor({}));
      writer.push('out', Buffer.from('said'));
      const kept = await writer.end();
      expect(kept).toMatchObject({ hash: null, problem: expect.stringContaining('nearly full') });
      expect(audit.record(entry())).toBe(1);
    });
  });
});

async function onDiskOf(
  size: string,
  work: (opened: OpenedAudit, data: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'farhand-full-'));
  const data = join(folder, 'data');
  mkdirSync(data);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', data]);
  const opened = openTestAudit(undefined, folder);
  try {
    await work(opened, data);
  } finally {
    opened.audit.close();
    // The store lets go of its files when it is collected, which may be later.
    execFileSync('umount', ['-l', data]);
    rmSync(folder, { recursive: true });
  }
}
