import type { Comparison } from '@farhand/shared/model/comparisons';
import type { ProjectId, WorkspaceId } from '@farhand/shared/model/ids';
import { Columns3 } from 'lucide-react';
import { useServerState } from '@/client/state-store.ts';
import { showComparison, useView } from '@/client/view-store.ts';
import { cx } from '@/ui/cx.ts';
import { StatusMark } from '@/ui/status-mark.tsx';
import { comparisonsOf, comparisonsWithout } from './comparisons-of.ts';
import { comparisonStatus, variantFacts } from './variant-facts.ts';

/** The comparisons on a workspace of the sidebar, to stand below its row. */
export function WorkspaceComparisons({ workspaceId }: { readonly workspaceId: WorkspaceId }) {
  const own = useServerState((state) => comparisonsOf(state, workspaceId));
  return own.map((comparison) => <ComparisonRow key={comparison.id} comparison={comparison} />);
}

/** Those of a project whose workspace is not in the list any more. */
export function ProjectComparisons({ projectId }: { readonly projectId: ProjectId }) {
  const left = useServerState((state) => comparisonsWithout(state, projectId));
  return left.map((comparison) => <ComparisonRow key={comparison.id} comparison={comparison} />);
}

function ComparisonRow({ comparison }: { readonly comparison: Comparison }) {
  const { id, prompt, variants } = comparison;
  const isShown = useView((view) => view.comparisonId === id);
  const status = useServerState((state) => comparisonStatus(variantFacts(comparison, state, 0)));
  const count = variants.filter(({ state }) => state !== 'discarded').length;
  return (
    <a
      href={`?c=${id}`}
      data-row
      title={prompt.slice(0, 500)}
      aria-label={`Comparison: ${prompt.slice(0, 80)}, ${count} variants`}
      aria-current={isShown ? 'page' : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        showComparison(id);
      }}
      className={cx(
        'flex h-7 items-center gap-2 rounded-ui pr-2 pl-8 text-small outline-offset-[-2px] phone:h-11',
        isShown ? 'bg-selected text-text' : 'text-text-2 hover:bg-hover hover:text-text',
      )}
    >
      <StatusMark status={status} />
      <span className="min-w-0 flex-1 truncate">{prompt}</span>
      <Columns3 aria-hidden="true" className="size-3.5 shrink-0 text-text-3" />
      <span className="shrink-0 text-micro tabular-nums text-text-3">{count}</span>
    </a>
  );
}
