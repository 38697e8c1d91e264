import type { RewindFile, RewindTarget } from '@farhand/shared/model/checkpoints';
import type { SessionId } from '@farhand/shared/model/ids';
import { useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { load } from '@/client/load.ts';
import { cx } from '@/ui/cx.ts';
import { Skeleton } from '@/ui/skeleton.tsx';

const DiffView = lazy(() =>
  load(async () => ({ default: (await import('../changes/diff-view.tsx')).DiffView })),
);

const WORDS: Readonly<Record<RewindFile['status'], string>> = {
  added: 'comes back',
  modified: 'is put back',
  deleted: 'is removed',
  type_changed: 'is put back',
};

interface RewindFilesProps {
  readonly files: readonly RewindFile[];
  readonly sessionId: SessionId;
  readonly to: RewindTarget;
}

/** The files that a rewind would change, those in conflict first; each opens to its diff. */
export function RewindFiles({ files, ...place }: RewindFilesProps) {
  const sorted = files.toSorted((a, b) => Number(b.isConflict) - Number(a.isConflict));
  return (
    <ul aria-label="Files that change" className="divide-y divide-hairline rounded-ui border border-hairline">
      {sorted.map((file) => (
        <File key={file.path} file={file} {...place} />
      ))}
    </ul>
  );
}

function File({ file, sessionId, to }: Omit<RewindFilesProps, 'files'> & { readonly file: RewindFile }) {
  const [isOpen, setIsOpen] = useState(false);
  const { path, status, additions, deletions, isConflict } = file;
  return (
    <li>
      <button
        type="button"
        aria-expanded={isOpen}
        className="flex min-h-7 w-full items-center gap-2 px-3 text-left hover:bg-hover phone:min-h-11"
        onClick={() => setIsOpen(!isOpen)}
      >
        <ChevronRight className={cx('size-3 shrink-0 text-text-3', isOpen && 'rotate-90')} aria-hidden />
        <span className="min-w-0 truncate font-mono text-small" title={path}>
          {path}
        </span>
        {isConflict && <span className="shrink-0 text-small text-blocked">edited since</span>}
        <span className="ml-auto shrink-0 text-small text-text-3 phone:hidden">{WORDS[status]}</span>
        {additions !== null && deletions !== null && (
          <span className="shrink-0 text-small tabular-nums">
            <span className="text-done">+{additions}</span> <span className="text-failed">−{deletions}</span>
          </span>
        )}
      </button>
      {isOpen && <Change path={path} sessionId={sessionId} to={to} />}
    </li>
  );
}

function Change({ path, sessionId, to }: Omit<RewindFilesProps, 'files'> & { readonly path: string }) {
  const diff = useQuery({
    queryKey: ['rewind-diff', sessionId, to, path],
    queryFn: ({ signal }) => call('checkpoint.diff', { sessionId, to, path }, { signal }),
    staleTime: 0,
    gcTime: 0,
  });
  if (diff.error)
    return <p className="px-3 pb-2 text-small text-failed">{ApiError.from(diff.error).message}</p>;
  if (!diff.data) return <Skeleton className="mx-3 mb-2 h-10" />;
  if (diff.data.binary) return <p className="px-3 pb-2 text-small text-text-2">Not text.</p>;
  return (
    <div className="px-3 pb-3">
      <Suspense fallback={<Skeleton className="h-10" />}>
        <DiffView patch={diff.data.patch} label={path} view="unified" />
      </Suspense>
      {diff.data.truncated && <p className="pt-1 text-small text-text-3">The rest is not shown.</p>}
    </div>
  );
}
