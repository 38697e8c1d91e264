import { spawnSync } from 'node:child_process';
import type { AcpBench, AcpBenchOptions } from './acp-bench.ts';
import type { AcpHost } from './acp-host.ts';

/** Gives a bench on the suite's host; the one of before is closed at the end of its test. */
export interface Benches {
  start(options?: AcpBenchOptions): AcpBench;
  readonly host: AcpHost;
}

/** `<1>` to `<n>`, as the step `count` says them. */
export function numbered(n: number): string {
  return Array.from({ length: n }, (_, index) => `<${index + 1}>`).join('');
}

/** True where no such process runs; one that ended and was not collected runs no more. */
export function isGone(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() === '' || stdout.trim().startsWith('Z');
}

/** For what no event tells of: a process, a file of the host. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}
