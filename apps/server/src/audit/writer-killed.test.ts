import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { describe, expect, it } from 'vitest';
import { entry, openTestAudit } from './testing/open-audit.ts';

const WRITER = fileURLToPath(new URL('testing/endless-writer.ts', import.meta.url));

describe('a log whose writer is killed', { timeout: 60_000 }, () => {
  it('has every event that was told to be written, and goes on whole', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'farhand-killed-'));
    for (let round = 0; round < 4; round += 1) {
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
        if (count === 150 + round * 37) writer.kill('SIGKILL');
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
});

// A disk of its own that can be full needs root.
const describeAsRoot = process.platform === 'linux' && process.getuid?.() === 0 ? describe : undefined;

describeAsRoot?.('a log whose disk is full', () => {
  it('refuses until there is room again, and is whole then', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'farhand-full-'));
    const data = join(folder, 'data');
    mkdirSync(data);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', data]);
    const opened = openTestAudit(undefined, folder);
    try {
      const fill = () => {
        for (let count = 0; count < 10_000; count += 1)
          opened.audit.record(entry({ facts: { argv: ['x'.repeat(2_000)] } }));
      };
      expect(refusalOf(fill)).toBe('audit.unwritable');
      expect(refusalOf(() => opened.audit.record(entry({ facts: { argv: ['x'.repeat(30_000)] } })))).toBe(
        'audit.unwritable',
      );
      execFileSync('mount', ['-o', 'remount,size=16m', data]);
      opened.audit.record(entry({ summary: 'room again' }));
      expect(await opened.audit.verify()).toMatchObject({ isWhole: true, problems: [] });
    } finally {
      opened.audit.close();
      // The store lets go of its files when it is collected, which may be later.
      execFileSync('umount', ['-l', data]);
      rmSync(folder, { recursive: true });
    }
  });
});

function refusalOf(work: () => unknown): string {
  try {
    work();
    return 'none';
  } catch (thrown) {
    return FarhandError.from(thrown).code;
  }
}
