import type { RewindFile, RewindPreview } from '@farhand/shared/model/checkpoints';
import type { ChangedFile } from '@farhand/shared/model/workspaces';
import type { CheckpointRow } from './checkpoint-store.ts';
import type { Between } from './conflicts.ts';
import type { Comparison } from './host/files-at.ts';
import type { Moment } from './host/moment.ts';
import { toCheckpoint } from './shown.ts';

const MOST_FILES = 2000;

/** What is known of one rewind before it is done. */
export interface Look {
  readonly target: CheckpointRow;
  /** Null where the target has no files. */
  readonly now: Moment | null;
  readonly comparison: Comparison | null;
  readonly between: Between;
  readonly conversationRefusal: string | null;
  readonly turns: number;
}

/** The paths of files that others changed since; every one where nobody knows. */
export function conflictsOf({ comparison, between }: Look): string[] {
  if (!comparison) return [];
  const { files, others } = comparison;
  return files.map(({ path }) => path).filter((path) => !between.isKnown || others.has(path));
}

/** True where going back would move the branch or commit that others moved meanwhile. */
export function isBranchConflict({ target, now, between }: Look): boolean {
  return (
    now !== null &&
    target.moment !== null &&
    isMoved(now, target.moment) &&
    (between.isMoved || !between.isKnown)
  );
}

export function previewOf(look: Look): RewindPreview {
  const { target, now, comparison, between, conversationRefusal, turns } = look;
  const conflicts = new Set(conflictsOf(look));
  const files = comparison?.files ?? [];
  const then = target.moment;
  return {
    target: toCheckpoint(target),
    files: files.slice(0, MOST_FILES).map((file) => toFile(file, conflicts.has(file.path))),
    isCut: files.length > MOST_FILES || comparison?.isCut === true,
    commits:
      now && then && isMoved(now, then)
        ? {
            branch: then.branch?.replace('refs/heads/', '') ?? null,
            lost: comparison?.lost ?? 0,
            isConflict: isBranchConflict(look),
          }
        : null,
    notes: then && now ? notesOf(now, then) : [],
    isOriginKnown: between.isKnown,
    conversationRefusal,
    turns,
  };
}

function isMoved(now: Moment, then: Moment): boolean {
  return !then.isBusy && !now.isBusy && (now.head !== then.head || now.branch !== then.branch);
}

function notesOf(now: Moment, then: Moment): string[] {
  const left = then.leftCount + now.leftCount;
  const named = [...new Set([...then.left, ...now.left])].slice(0, 5).join(', ');
  return [
    ...(left > 0
      ? [
          `Left as they are, for their size or because they are repositories of their own: ${named}${left > 5 ? ' …' : ''}`,
        ]
      : []),
    ...(then.isBusy || now.isBusy
      ? [
          'Git is, or was then, in the middle of a rebase or bisection: files are put back; commit, branch and index are not.',
        ]
      : []),
  ];
}

function toFile({ path, status, additions, deletions }: ChangedFile, isConflict: boolean): RewindFile {
  const known = status === 'added' || status === 'deleted' || status === 'type_changed' ? status : 'modified';
  return { path, status: known, additions, deletions, isConflict };
}
