import type { WorkspaceId } from '@farhand/shared/model/ids';
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import { ApiError } from '@/client/api-error.ts';
import { createStoredStore } from '@/client/stored.ts';
import { Button, IconButton } from '@/ui/button.tsx';
import { Skeleton } from '@/ui/skeleton.tsx';
import { InlineError } from '../composer/inline-error.tsx';
import { openPane } from '../panes/pane-host.ts';
import { neighbour, splitPath } from './change-row.ts';
import { countPatch } from './count-patch.ts';
import { DiffView } from './diff-view.tsx';
import { useChanges, useDiff } from './queries.ts';

type View = 'unified' | 'split';

/** How diffs are laid out in this browser; remembered. */
const diffLook = createStoredStore<{ readonly view: View }>('diff', (stored) => ({
  view: (stored as { view?: unknown } | null)?.view === 'split' ? 'split' : 'unified',
}));

/** What changed in one file of a workspace. Alt+↑ and Alt+↓ or J and K go through the changed files. */
export default function DiffPane({
  workspaceId,
  path,
}: {
  readonly workspaceId: WorkspaceId;
  readonly path: string;
}) {
  const { data, error } = useDiff(workspaceId, path);
  const { view } = useStore(diffLook);
  const go = useNeighbours(workspaceId, path);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'j') go(1);
    else if (event.key === 'k') go(-1);
    else return;
    event.preventDefault();
  };
  return (
    <section aria-label={`Changes of ${path}`} className="flex h-full flex-col" onKeyDown={onKeyDown}>
      <Head path={path} patch={data?.patch ?? ''} view={view} onStep={go} />
      <div className="min-h-0 flex-1 overflow-auto">
        {error && (
          <div className="p-3">
            <InlineError error={ApiError.from(error)} />
          </div>
        )}
        {!data && !error && <Loading />}
        {data?.binary && (
          <p className="p-4 text-text-2">This is a binary file: there are no lines to compare.</p>
        )}
        {data && !data.binary && <DiffView patch={data.patch} label={path} view={view} />}
        {data?.truncated && (
          <p className="p-3 text-text-2">The diff is longer than 512 KiB: the rest is not shown.</p>
        )}
      </div>
    </section>
  );
}

interface HeadProps {
  readonly path: string;
  readonly patch: string;
  readonly view: View;
  onStep(step: 1 | -1): void;
}

function Head({ path, patch, view, onStep }: HeadProps) {
  const { name, folder } = splitPath(path);
  const { additions, deletions } = countPatch(patch);
  const other: View = view === 'split' ? 'unified' : 'split';
  return (
    <header className="flex h-9 shrink-0 items-center gap-2 border-b border-hairline pr-2 pl-3">
      <span className="min-w-0 truncate" title={path}>
        <span className="text-text-3">{folder}</span>
        <span className="text-text">{name}</span>
      </span>
      <span className="shrink-0 text-small tabular-nums">
        <span className="text-done">+{additions}</span> <span className="text-failed">−{deletions}</span>
      </span>
      <span className="ml-auto flex items-center gap-1">
        <IconButton label="Previous file" keys="k" onClick={() => onStep(-1)}>
          <ArrowUp className="size-3.5" aria-hidden />
        </IconButton>
        <IconButton label="Next file" keys="j" onClick={() => onStep(1)}>
          <ArrowDown className="size-3.5" aria-hidden />
        </IconButton>
        <Button size="small" onClick={() => diffLook.setState({ view: other }, true)}>
          {view === 'split' ? 'Unified' : 'Side by side'}
        </Button>
      </span>
    </header>
  );
}

function useNeighbours(workspaceId: WorkspaceId, path: string): (step: 1 | -1) => void {
  const { data } = useChanges(workspaceId);
  return (step) => {
    const next = neighbour(data?.files ?? [], path, step);
    if (next !== null && next !== path) openPane({ kind: 'diff', workspaceId, path: next });
  };
}

function Loading() {
  return (
    <div className="flex flex-col gap-2 p-4" aria-busy="true" aria-label="Loading the diff">
      {['w-1/2', 'w-3/4', 'w-2/3', 'w-1/3', 'w-3/5'].map((width) => (
        <Skeleton key={width} className={`h-3.5 ${width}`} />
      ))}
    </div>
  );
}
