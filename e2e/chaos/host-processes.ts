import { readFileSync } from 'node:fs';
import { commandLines } from '../support/processes.ts';

/** Pids of a process's own children whose arguments match. */
export function childrenOf(parent: number, line: RegExp): number[] {
  return commandLines()
    .filter((process) => line.test(process.line) && parentOf(process.pid) === parent)
    .map(({ pid }) => pid);
}

function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}
