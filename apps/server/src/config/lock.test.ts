import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeLock } from './lock.ts';

const LOCK_MODULE = fileURLToPath(new URL('./lock.ts', import.meta.url));

/** Another process that takes the lock, says so, and stays until it is killed. */
async function holder(lockFile: string) {
  const code = `const { takeLock } = await import(${JSON.stringify(LOCK_MODULE)});
    console.log(takeLock(${JSON.stringify(lockFile)}) ? 'held' : 'refused');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(child.stdout, 'data');
  return { child, said: String(said).trim() };
}

describe('the lock of a data folder', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'farhand-lock-'));
    file = join(folder, 'server.lock');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is held by one at a time and can be taken again after its release', () => {
    const first = takeLock(file);
    expect(takeLock(file)).toBeNull();
    first?.release();
    const second = takeLock(file);
    expect(second).not.toBeNull();
    second?.release();
  });

  it('is refused across processes, and is free at once after kill -9', async () => {
    const { child, said } = await holder(file);
    expect(said).toBe('held');
    expect(takeLock(file)).toBeNull();
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    const next = takeLock(file);
    expect(next).not.toBeNull();
    next?.release();
  });

  it('refuses another process while this one holds it', async () => {
    const lock = takeLock(file);
    const { child, said } = await holder(file);
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    expect(said).toBe('refused');
    lock?.release();
  });
});
