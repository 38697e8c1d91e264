import type { ChangedFile } from '@farhand/shared/model/workspaces';

/** The one letter of a changed file, the word for it, and how it is coloured. */
export interface ChangeMark {
  readonly letter: string;
  readonly word: string;
  readonly tone: 'added' | 'changed' | 'removed' | 'conflict';
}

const MARKS: Readonly<Record<ChangedFile['status'], ChangeMark>> = {
  added: { letter: 'A', word: 'added', tone: 'added' },
  untracked: { letter: 'U', word: 'new, not tracked by git', tone: 'added' },
  modified: { letter: 'M', word: 'modified', tone: 'changed' },
  renamed: { letter: 'R', word: 'renamed', tone: 'changed' },
  type_changed: { letter: 'T', word: 'type changed', tone: 'changed' },
  deleted: { letter: 'D', word: 'deleted', tone: 'removed' },
  conflicted: { letter: '!', word: 'in conflict', tone: 'conflict' },
};

export function changeMark(status: ChangedFile['status']): ChangeMark {
  return MARKS[status];
}

/** A path as name and folder; the folder keeps its slash and is empty at the top. */
export function splitPath(path: string): { name: string; folder: string } {
  const slash = path.lastIndexOf('/', path.length - 2);
  return { name: path.slice(slash + 1), folder: path.slice(0, slash + 1) };
}

/** Lines added and deleted over all files; files of which git counts none add nothing. */
export function changeTotals(files: readonly ChangedFile[]): { additions: number; deletions: number } {
  return files.reduce(
    (sum, file) => ({
      additions: sum.additions + (file.additions ?? 0),
      deletions: sum.deletions + (file.deletions ?? 0),
    }),
    { additions: 0, deletions: 0 },
  );
}

/** The path `step` places after `current` in the list, stopping at its ends; the first when `current` is not there. */
export function neighbour(
  files: readonly ChangedFile[],
  current: string | null,
  step: 1 | -1,
): string | null {
  const index = files.findIndex((file) => file.path === current);
  const next = index < 0 ? 0 : Math.min(files.length - 1, Math.max(0, index + step));
  return files[next]?.path ?? null;
}
