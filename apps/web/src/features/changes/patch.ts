import { type FileData, parseDiff } from 'react-diff-view';

/** More lines than this make the table slow: the rest is left out until it is asked for. */
export const LINE_LIMIT = 1500;

// One minified line of a megabyte would freeze the layout.
const LINE_CHARACTERS = 2000;

export interface ReadPatch {
  readonly files: readonly FileData[];
  /** Lines left out at `limit`. */
  readonly hiddenLines: number;
}

/** A unified diff ready to draw; null when it cannot be read as one. */
export function readPatch(patch: string, limit: number): ReadPatch | null {
  const text = withHeader(boundLines(patch));
  try {
    return cap(
      parseDiff(text).filter((file) => file.hunks.length > 0),
      limit,
    );
  } catch {
    return null;
  }
}

function boundLines(patch: string): string {
  if (patch.length <= LINE_CHARACTERS) return patch;
  return patch
    .split('\n')
    .map((line) => (line.length > LINE_CHARACTERS ? `${line.slice(0, LINE_CHARACTERS)} …` : line))
    .join('\n');
}

// The parser wants the first lines that git writes; a plain unified diff or bare hunks do not have them.
function withHeader(patch: string): string {
  if (patch.startsWith('diff --git')) return patch;
  const names = patch.startsWith('@@') ? '--- a/file\n+++ b/file\n' : '';
  return `diff --git a/file b/file\n${names}${patch}`;
}

function cap(files: readonly FileData[], limit: number): ReadPatch {
  let room = limit;
  let hidden = 0;
  const capped = files.map((file) => {
    const hunks = file.hunks.flatMap((hunk) => {
      const kept = hunk.changes.slice(0, Math.max(0, room));
      room -= kept.length;
      hidden += hunk.changes.length - kept.length;
      return kept.length > 0 ? [{ ...hunk, changes: kept }] : [];
    });
    return { ...file, hunks };
  });
  return { files: capped.filter((file) => file.hunks.length > 0), hiddenLines: hidden };
}
