import type { WorkspaceLosses } from '@farhand/shared/model/workspaces';

const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;

/** What deleting loses, in words: `3 changed files and 1 commit`; null when nothing is lost. */
export function lostWords({
  uncommitted,
  unpushed,
}: Pick<WorkspaceLosses, 'uncommitted' | 'unpushed'>): string | null {
  const parts = [
    uncommitted.length > 0 && count(uncommitted.length, 'changed file', 'changed files'),
    unpushed.length > 0 && count(unpushed.length, 'commit', 'commits'),
  ].filter(Boolean);
  return parts.length === 0 ? null : parts.join(' and ');
}
