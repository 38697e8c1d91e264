import type { Workspace } from '@farhand/shared/model/workspaces';

const LONGEST = 64;

/** A free name for a fork: `checkout fork`, then `checkout fork 2`. */
export function forkName(
  { name, projectId }: Pick<Workspace, 'name' | 'projectId'>,
  workspaces: Readonly<Record<string, Pick<Workspace, 'name' | 'projectId'>>>,
): string {
  const taken = new Set(
    Object.values(workspaces).flatMap((one) => (one.projectId === projectId ? [one.name] : [])),
  );
  // A fork of a fork is not called fork fork.
  const stem = name.replace(/ fork(?: \d+)?$/, '');
  for (let number = 1; ; number += 1) {
    const end = number === 1 ? ' fork' : ` fork ${number}`;
    const made = `${stem.slice(0, LONGEST - end.length)}${end}`;
    if (!taken.has(made)) return made;
  }
}
