import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_SOCKET_PATH_BYTES, newSocketPath } from './runtime-directory.ts';

let base = '';
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'fh-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe('newSocketPath', () => {
  it('makes a private folder and gives each socket its own name', () => {
    const directory = join(base, 'run');
    expect(newSocketPath(directory)).not.toBe(newSocketPath(directory));
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  it('refuses a folder that others may enter, and a symlink', () => {
    const open = join(base, 'open');
    mkdirSync(open);
    chmodSync(open, 0o755);
    expect(() => newSocketPath(open)).toThrow(/not private/);
    const link = join(base, 'link');
    mkdirSync(join(base, 'real'), { mode: 0o700 });
    symlinkSync(join(base, 'real'), link);
    expect(() => newSocketPath(link)).toThrow(/not private/);
  });

  it('falls back to a short folder where the path leaves ssh no room', () => {
    const path = newSocketPath(join(base, 'x'.repeat(90)));
    expect(Buffer.byteLength(path)).toBeLessThanOrEqual(MAX_SOCKET_PATH_BYTES);
  });

  it('removes the sockets of servers that are gone, and no others', () => {
    const directory = join(base, 'run');
    newSocketPath(directory);
    const names = { gone: 's4194305-0', ours: `s${process.pid}-99999`, other: 'notes' };
    for (const name of Object.values(names)) writeFileSync(join(directory, name), '');
    newSocketPath(directory);
    expect(Object.values(names).filter((name) => existsSync(join(directory, name)))).toEqual([
      names.ours,
      names.other,
    ]);
  });
});
