import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { ChangedFile } from '@farhand/shared/model/workspaces';
import { type KeyboardEvent, useRef } from 'react';
import { VList, type VListHandle } from 'virtua';
import { cx } from '@/ui/cx.ts';
import { openPane, useActivePane } from '../panes/pane-host.ts';
import { changeMark, splitPath } from './change-row.ts';

const ROW_PX = 28;
const TONES = {
  added: 'text-done',
  changed: 'text-blocked',
  removed: 'text-failed',
  conflict: 'text-failed',
} as const;

/** Changed files; a click or Enter opens the diff, the arrow keys move. */
export function ChangeList({
  workspaceId,
  files,
}: {
  readonly workspaceId: WorkspaceId;
  readonly files: readonly ChangedFile[];
}) {
  const active = useActivePane();
  const shown = active?.kind === 'diff' && active.workspaceId === workspaceId ? active.path : null;
  const list = useRef<VListHandle>(null);
  const box = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const row =
      event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-index]') : null;
    if (step === 0 || !row) return;
    event.preventDefault();
    const index = Math.min(files.length - 1, Math.max(0, Number(row.dataset.index) + step));
    list.current?.scrollToIndex(index, { align: 'nearest' });
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus());
  };
  return (
    <div ref={box}>
      <VList
        ref={list}
        data={files}
        itemSize={ROW_PX}
        style={{ height: Math.min(files.length * ROW_PX, 14 * ROW_PX) }}
      >
        {(file, index) => (
          <ChangeRow
            key={file.path}
            file={file}
            index={index}
            isShown={file.path === shown}
            onKeyDown={onKeyDown}
            onOpen={() => openPane({ kind: 'diff', workspaceId, path: file.path })}
          />
        )}
      </VList>
    </div>
  );
}

interface ChangeRowProps {
  readonly file: ChangedFile;
  readonly index: number;
  readonly isShown: boolean;
  onKeyDown(event: KeyboardEvent): void;
  onOpen(): void;
}

function ChangeRow({ file, index, isShown, onKeyDown, onOpen }: ChangeRowProps) {
  const mark = changeMark(file.status);
  const { name, folder } = splitPath(file.path);
  const was = file.previousPath ? `, was ${file.previousPath}` : '';
  return (
    <button
      type="button"
      data-index={index}
      aria-current={isShown}
      title={`${file.path}${was}: ${mark.word}`}
      onKeyDown={onKeyDown}
      onClick={onOpen}
      className={cx(
        'flex h-7 w-full items-center gap-2 px-3 text-left -outline-offset-2 hover:bg-hover',
        isShown && 'bg-selected',
      )}
    >
      <span
        aria-label={mark.word}
        className={cx('w-3 shrink-0 text-center font-mono text-small', TONES[mark.tone])}
      >
        {mark.letter}
      </span>
      <span className="flex min-w-0 flex-1 gap-1.5">
        <span
          className={cx(
            'shrink-0 truncate',
            folder ? 'max-w-3/4' : 'max-w-full',
            mark.tone === 'removed' && 'line-through',
          )}
        >
          {name}
        </span>
        <span className="min-w-0 truncate text-text-3">{folder.replace(/\/$/, '')}</span>
      </span>
      <span className="shrink-0 text-small tabular-nums">
        {file.additions !== null && file.additions > 0 && (
          <span className="text-done">+{file.additions}</span>
        )}
        {file.deletions !== null && file.deletions > 0 && (
          <span className="pl-1.5 text-failed">−{file.deletions}</span>
        )}
      </span>
    </button>
  );
}
