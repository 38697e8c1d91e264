import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 5;
// After SIGKILL nothing can hold on but the kernel itself.
const GIVE_UP_MS = 2000;

/** Resolves when the process group is gone: SIGTERM, and SIGKILL for what is left after `graceMs`. */
export async function endGroup(pgid: number | undefined, graceMs: number): Promise<void> {
  if (pgid === undefined || !send(pgid, 'SIGTERM')) return;
  send(pgid, 'SIGCONT');
  if (await isGone(pgid, graceMs)) return;
  send(pgid, 'SIGKILL');
  await isGone(pgid, GIVE_UP_MS);
}

async function isGone(pgid: number, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (send(pgid, 0)) {
    await delay(POLL_MS);
    if (!send(pgid, 0) || !(await hasLiving(pgid))) return true;
    if (performance.now() >= until) return false;
  }
  return true;
}

function send(pgid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pgid, signal);
  } catch {
    return false;
  }
}

/**
 * True where a member of the group is more than a zombie. The first process of a container often collects no orphans,
 * and then a group that has ended can be signalled for ever. Without `/proc` every member counts.
 */
async function hasLiving(pgid: number): Promise<boolean> {
  const names = await readdir('/proc').catch(() => null);
  if (names === null) return true;
  const stats = await Promise.all(
    names
      .filter((name) => /^\d+$/.test(name))
      .map((name) => readFile(`/proc/${name}/stat`, 'latin1').catch(() => '')),
  );
  return stats.some((stat) => {
    const [state, , group] = stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
    return Number(group) === pgid && state !== 'Z' && state !== 'X';
  });
}
