/** Hosts whose PATH is one folder with chosen programs in it. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OddHostOptions } from './odd-host.ts';
import { pathOf } from './odd-host.ts';

const FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/usr/local/bin'];

/** What a host needs for that PATH; with more programs by their text. `close` removes the folder. */
export function userland(
  programs: Readonly<Record<string, string>>,
  made: Readonly<Record<string, string>> = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'farhand-bin-'));
  execFileSync('chmod', ['755', folder]);
  for (const [name, target] of Object.entries(programs)) symlinkSync(target, join(folder, name));
  for (const [name, text] of Object.entries(made)) writeFileSync(join(folder, name), text, { mode: 0o755 });
  const host: OddHostOptions = {
    environment: { PATH: folder, SHELL: join(folder, 'sh') },
    // After /etc/profile, which has a PATH of its own.
    files: { '.profile': `export PATH=${folder}\n` },
  };
  return { folder, host, close: () => rmSync(folder, { recursive: true }) };
}

/** All applets of busybox. */
export function busyboxApplets(): Record<string, string> {
  const busybox = pathOf('busybox');
  const names = execFileSync(busybox, ['--list'], { encoding: 'utf8' }).trim().split('\n');
  return Object.fromEntries(names.map((name) => [name, busybox]));
}

/** The everyday tools of this machine but for some. */
export function toolsBut(...missing: readonly string[]): Record<string, string> {
  const names = Object.keys(busyboxApplets()).concat('bash', 'ps', 'perl', 'python3', 'script', 'git');
  return Object.fromEntries(
    names
      .filter((name) => !missing.includes(name))
      .flatMap((name) => {
        const found = FOLDERS.map((folder) => join(folder, name)).find((path) => existsSync(path));
        return found === undefined ? [] : [[name, found] as const];
      }),
  );
}
