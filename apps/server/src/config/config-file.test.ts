import { mkdtempSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ConfigFile, openConfigFile } from './config-file.ts';

let folder: string;
let file: ConfigFile;
const path = () => join(folder, 'config.toml');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'farhand-config-'));
  file = openConfigFile(path());
});
afterEach(() => {
  file.close();
  rmSync(folder, { recursive: true });
});

describe('a config file', () => {
  it('says what it says now, whoever wrote it', async () => {
    expect(file.read()).toEqual({});
    const told = new Promise<void>((resolve) => file.watch(resolve));
    writeFileSync(path(), '[hosts.a]\nhost = "x"\n');
    expect(file.read()).toEqual({ hosts: { a: { host: 'x' } } });
    file.setTable(['hosts', 'b'], { host: 'y' });
    await told;
    expect(file.read()).toEqual({ hosts: { a: { host: 'x' }, b: { host: 'y' } } });
    expect(statSync(path()).mode & 0o777).toBe(0o600);
  });

  it('tells of a change by an editor that replaces the file', async () => {
    const told = new Promise<void>((resolve) => file.watch(resolve));
    writeFileSync(join(folder, 'other'), 'a = 1\n');
    renameSync(join(folder, 'other'), path());
    await told;
    expect(file.read()).toEqual({ a: 1 });
  });

  it('tells of a change that somebody has read already', async () => {
    const told = new Promise<void>((resolve) => file.watch(resolve));
    writeFileSync(path(), 'a = 1\n');
    expect(file.read()).toEqual({ a: 1 });
    await told;
  });

  it('keeps what it said while it is broken, says where, and is not written to then', () => {
    file.replace('a = 1\n');
    writeFileSync(path(), 'a = 2\nb = \n');
    expect(file.read()).toEqual({ a: 1 });
    expect(file.problem()).toContain('config.toml, line 2, column');
    expect(() => file.setTable(['hosts', 'a'], { host: 'x' })).toThrow(/line 2/);
    expect(readFileSync(path(), 'utf8')).toBe('a = 2\nb = \n');
    writeFileSync(path(), 'a = 3\n');
    expect([file.problem(), file.read()]).toEqual([null, { a: 3 }]);
  });

  it('refuses a text that is no TOML, and writes through a link', () => {
    writeFileSync(join(folder, 'real.toml'), '# mine\n');
    symlinkSync('real.toml', path());
    expect(() => file.replace('a = ')).toThrow(/line 1/);
    file.setTable(['hosts', 'a'], { host: 'x' });
    expect(readFileSync(join(folder, 'real.toml'), 'utf8')).toBe('# mine\n\n[hosts.a]\nhost = "x"\n');
  });
});
