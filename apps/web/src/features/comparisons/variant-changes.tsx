import type { Comparison } from '@farhand/shared/model/comparisons';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { ChangedFile } from '@farhand/shared/model/workspaces';
import { Columns3 } from 'lucide-react';
import { useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { Button } from '@/ui/button.tsx';
import { cx } from '@/ui/cx.ts';
import { Skeleton } from '@/ui/skeleton.tsx';
import { changeMark } from '../changes/change-row.ts';
import { DiffView } from '../changes/diff-view.tsx';
import { useChanges, useDiff } from '../changes/queries.ts';
import { InlineError } from '../composer/inline-error.tsx';
import { openFileSideBySide } from './open-variants.ts';

interface VariantChangesProps {
  readonly comparison: Comparison;
  readonly workspaceId: WorkspaceId;
}

/** The files that a variant changed, and the diff of the chosen one. */
export function VariantChanges({ comparison, workspaceId }: VariantChangesProps) {
  const { data, error } = useChanges(workspaceId);
  const [chosen, setChosen] = useState<string | null>(null);
  const files = data?.files ?? [];
  const path = files.find((file) => file.path === chosen)?.path ?? files[0]?.path;
  return (
    <section aria-label="Changes" className="mt-2 flex flex-col gap-2 pl-6 phone:pl-0">
      {error && <InlineError error={ApiError.from(error)} />}
      {!data && !error && <Skeleton className="h-5 w-1/2" />}
      {data && files.length === 0 && (
        <p className="text-small text-text-3">Nothing differs from what was sent.</p>
      )}
      {path !== undefined && (
        <div className="grid grid-cols-[14rem_1fr] overflow-hidden rounded-ui border border-hairline bg-pane phone:grid-cols-1">
          <ul
            aria-label="Changed files"
            className="max-h-96 overflow-y-auto border-r border-hairline py-1 phone:max-h-40 phone:border-r-0 phone:border-b"
          >
            {files.map((file) => (
              <li key={file.path}>
                <FileButton file={file} isShown={file.path === path} onShow={() => setChosen(file.path)} />
              </li>
            ))}
            {data?.truncated && (
              <li className="px-3 text-small text-text-3">More changed than are listed.</li>
            )}
          </ul>
          <FileDiff comparison={comparison} workspaceId={workspaceId} path={path} key={path} />
        </div>
      )}
    </section>
  );
}

interface FileButtonProps {
  readonly file: ChangedFile;
  readonly isShown: boolean;
  onShow(): void;
}

function FileButton({ file, isShown, onShow }: FileButtonProps) {
  return (
    <button
      type="button"
      aria-current={isShown}
      title={`${file.path}: ${changeMark(file.status).word}`}
      onClick={onShow}
      className={cx(
        'flex h-7 w-full items-center gap-2 px-3 text-left text-small -outline-offset-2 hover:bg-hover phone:h-11',
        isShown && 'bg-selected',
      )}
    >
      <FileName file={file} />
    </button>
  );
}

/** A changed file by its path and its lines, cut at the front where there is no room. */
export function FileName({ file }: { readonly file: ChangedFile }) {
  return (
    <>
      <span className="w-3 shrink-0 text-center font-mono text-text-3" aria-hidden>
        {changeMark(file.status).letter}
      </span>
      <span className="min-w-0 flex-1 truncate text-left" dir="rtl">
        <bdi>{file.path}</bdi>
      </span>
      <span className="shrink-0 tabular-nums">
        {(file.additions ?? 0) > 0 && <span className="text-done">+{file.additions}</span>}{' '}
        {(file.deletions ?? 0) > 0 && <span className="text-failed">−{file.deletions}</span>}
      </span>
    </>
  );
}

interface FileDiffProps extends VariantChangesProps {
  readonly path: string;
}

function FileDiff({ comparison, workspaceId, path }: FileDiffProps) {
  const { data, error } = useDiff(workspaceId, path);
  return (
    <div className="flex max-h-96 min-w-0 flex-col">
      <header className="flex h-8 shrink-0 items-center gap-2 border-b border-hairline pr-1.5 pl-3 text-small">
        <span className="min-w-0 flex-1 truncate text-text-2" title={path}>
          {path}
        </span>
        <Button
          size="small"
          variant="ghost"
          title="What each variant made of this file"
          onClick={() => openFileSideBySide(comparison, path)}
        >
          <Columns3 className="size-3.5" aria-hidden /> In all
        </Button>
      </header>
      <div className="min-h-0 flex-1 overflow-auto">
        {error && (
          <div className="p-3">
            <InlineError error={ApiError.from(error)} />
          </div>
        )}
        {!data && !error && <Skeleton className="m-3 h-4 w-1/2" />}
        {data?.binary && (
          <p className="p-3 text-text-2">This is a binary file: there are no lines to compare.</p>
        )}
        {data && !data.binary && <DiffView patch={data.patch} label={path} view="unified" />}
        {data?.truncated && <p className="p-3 text-text-2">The diff is longer than 512 KiB: cut here.</p>}
      </div>
    </div>
  );
}
