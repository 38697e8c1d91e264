import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeDataFolder } from './data-folder.ts';
import { resolvePaths } from './paths.ts';

describe('takeDataFolder', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'farhand-data-'));
  });
  afterEach(() => rmSync(home, { recursive: true }));
  const pathsOf = (folder: string) => resolvePaths({ FARHAND_HOME: folder }, home);

  it('makes a folder for its user alone, and closes one that was open', () => {
    const folder = join(home, 'data');
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    takeDataFolder(pathsOf(folder)).release();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('refuses a folder that others use, and leaves it as it is', () => {
    const shared = join(home, 'shared');
    mkdirSync(shared);
    chmodSync(shared, 0o1777);
    expect(() => takeDataFolder(pathsOf(shared))).toThrow(
      expect.objectContaining({ code: 'server.folder_shared', message: expect.stringContaining(shared) }),
    );
    expect(statSync(shared).mode & 0o7777).toBe(0o1777);
  });

  it('empties what a killed server left of its transfers', () => {
    const paths = pathsOf(join(home, 'data'));
    mkdirSync(join(paths.scratchDirectory, 'pack-x'), { recursive: true });
    writeFileSync(join(paths.scratchDirectory, 'pack-x/index'), 'x');
    takeDataFolder(paths).release();
    expect(existsSync(paths.scratchDirectory)).toBe(false);
  });

  it('is refused while another has it, and told who', () => {
    const paths = pathsOf(join(home, 'data'));
    const first = takeDataFolder(paths);
    expect(() => takeDataFolder(paths)).toThrow(expect.objectContaining({ code: 'server.already_running' }));
    first.release();
  });
});
