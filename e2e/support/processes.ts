import { readdirSync, readFileSync } from 'node:fs';

/** Every process's arguments, joined by spaces; those that end meanwhile are left out. */
export function commandLines(): { readonly pid: number; readonly line: string }[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const line = readFileSync(`/proc/${name}/cmdline`, 'latin1').replaceAll('\0', ' ').trim();
      return [{ pid: Number(name), line }];
    } catch {
      return [];
    }
  });
}

/** Pids of the processes whose arguments are exactly these words. */
export function processes(line: string): number[] {
  return commandLines()
    .filter((process) => process.line === line)
    .map(({ pid }) => pid);
}
