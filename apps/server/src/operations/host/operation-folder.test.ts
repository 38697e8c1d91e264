import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { REMOVE_SCRIPT } from './operation-folder.ts';

/** Root could remove everything. */
const AS_USER =
  process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];

describe('removing a workspace’s folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'farhand-remove-'));
    chmodSync(folder, 0o777);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const sh = (script: string, ...args: string[]) => {
    const [program = 'sh', ...words] = [...AS_USER, 'sh', '-c', script, 'sh', ...args];
    execFileSync(program, words, { cwd: folder });
  };
  const remove = (name: string) => sh(REMOVE_SCRIPT, folder, name);

  it('removes what an agent locked', () => {
    sh(
      'mkdir -p ws/ses/requests/a/b && chmod 0 ws/ses/requests/a/b && chmod 500 ws/ses/requests/a && chmod 0 ws/ses/requests',
    );
    remove('ws');
    expect(readdirSync(folder)).toEqual([]);
    remove('ws');
    sh(REMOVE_SCRIPT, join(folder, 'none'), 'ws');
  });

  it('follows no link', () => {
    mkdirSync(join(folder, 'other'));
    writeFileSync(join(folder, 'other/file'), '');
    symlinkSync(join(folder, 'other'), join(folder, 'ws'));
    remove('ws');
    expect(existsSync(join(folder, 'ws'))).toBe(false);
    expect(existsSync(join(folder, 'other/file'))).toBe(true);
  });
});
