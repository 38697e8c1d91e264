import './diff.css';
import { memo, useMemo, useState } from 'react';
import { Decoration, Diff, type FileData, Hunk, type HunkData, markEdits, tokenize } from 'react-diff-view';
import { Button } from '@/ui/button.tsx';
import { cx } from '@/ui/cx.ts';
import { LINE_LIMIT, readPatch } from './patch.ts';

interface DiffViewProps {
  readonly patch: string;
  /** Read aloud: which file. */
  readonly label: string;
  readonly view: 'unified' | 'split';
  readonly className?: string;
}

/** A unified diff, drawn; a long one up to a limit, with a button for the rest. */
export const DiffView = memo(function DiffView({ patch, label, view, className }: DiffViewProps) {
  const [limit, setLimit] = useState(LINE_LIMIT);
  const read = useMemo(() => readPatch(patch, limit), [patch, limit]);
  if (!read || read.files.length === 0)
    return <pre className={cx('diff-plain', className)}>{patch.slice(0, 20_000) || 'No lines differ.'}</pre>;
  return (
    <section className={cx('diff-box', className)} aria-label={`Changes of ${label}`} tabIndex={0}>
      {read.files.map((file, index) => (
        <FileDiff key={index} file={file} view={view} />
      ))}
      {read.hiddenLines > 0 && (
        <div className="flex items-center gap-3 border-t border-hairline px-3 py-2 text-text-2">
          {read.hiddenLines} more lines are not shown
          <Button size="small" onClick={() => setLimit((lines) => lines * 4)}>
            Show more
          </Button>
        </div>
      )}
    </section>
  );
});

function FileDiff({ file, view }: { readonly file: FileData; readonly view: 'unified' | 'split' }) {
  // A new or deleted file has one side only.
  const isOneSided = file.type === 'add' || file.type === 'delete';
  const tokens = useMemo(() => (isOneSided ? null : editsOf(file.hunks)), [isOneSided, file.hunks]);
  return (
    <Diff
      viewType={isOneSided ? 'unified' : view}
      diffType={file.type}
      hunks={file.hunks}
      tokens={tokens}
      optimizeSelection
    >
      {(hunks) =>
        hunks.flatMap((hunk, index) => [
          ...gap(hunks[index - 1], hunk),
          <Hunk key={hunk.content} hunk={hunk} />,
        ])
      }
    </Diff>
  );
}

// Comparing words is slow on long diffs, and on those nobody reads words.
const WORD_LINES = 800;

function editsOf(hunks: HunkData[]) {
  const lines = hunks.reduce((sum, hunk) => sum + hunk.changes.length, 0);
  return lines <= WORD_LINES
    ? tokenize(hunks, { enhancers: [markEdits(hunks.map(rewordedLines), { type: 'line' })] })
    : null;
}

// Words are compared where lines were reworded one for one; elsewhere chance letters would be marked.
function rewordedLines(hunk: HunkData): HunkData {
  const changes: HunkData['changes'] = [];
  let block: HunkData['changes'] = [];
  const close = () => {
    if (block.filter((change) => change.type === 'insert').length * 2 === block.length)
      changes.push(...block);
    block = [];
  };
  for (const change of hunk.changes) {
    if (change.type !== 'normal') {
      block.push(change);
      continue;
    }
    close();
    changes.push(change);
  }
  close();
  return { ...hunk, changes };
}

function gap(previous: HunkData | undefined, hunk: HunkData) {
  const skipped = previous ? hunk.oldStart - previous.oldStart - previous.oldLines : hunk.oldStart - 1;
  if (skipped <= 0) return [];
  return [
    <Decoration key={`gap-${hunk.content}`} contentClassName="diff-gap">
      {`${skipped} unchanged ${skipped === 1 ? 'line' : 'lines'}`}
    </Decoration>,
  ];
}
