import type { Comparison } from '@farhand/shared/model/comparisons';
import type { ComparisonId } from '@farhand/shared/model/ids';
import { useState } from 'react';
import { stateStore, useServerState } from '@/client/state-store.ts';
import { useNow } from '@/client/use-now.ts';
import { showWorkspace } from '@/client/view-store.ts';
import { Button } from '@/ui/button.tsx';
import { EmptyState } from '@/ui/empty-state.tsx';
import { BoardHead } from './board-head.tsx';
import { BoardSummary } from './board-summary.tsx';
import { keep } from './comparison-actions.ts';
import { DiscardDialog } from './discard-dialog.tsx';
import { openVariant } from './open-variants.ts';
import { SortRow } from './sort-row.tsx';
import { TakeFilesDialog } from './take-files-dialog.tsx';
import { useBoardKeys } from './use-board-keys.ts';
import { type SortKey, sorted, type VariantFacts, variantFacts } from './variant-facts.ts';
import { VariantRow } from './variant-row.tsx';

/** The board of one comparison, which the address names (`?c=`). */
export default function ComparisonBoard({ comparisonId }: { readonly comparisonId: ComparisonId }) {
  const comparison = useServerState((state) => state.comparisons[comparisonId]);
  if (comparison) return <Board comparison={comparison} key={comparisonId} />;
  return (
    <main className="flex min-w-0 flex-1 flex-col bg-pane">
      <EmptyState
        title="There is no such comparison"
        actions={<Button onClick={() => showWorkspace(null)}>To the list</Button>}
      >
        It was removed, or the address belongs to another server. Workspaces of its variants that were not
        discarded are in the list.
      </EmptyState>
    </main>
  );
}

/** What is asked for over the board. */
export type Asked =
  | { readonly kind: 'discard'; readonly variantId: string | null }
  | { readonly kind: 'take_files'; readonly from: string };

// What its row's button says too: one that is kept, gone or not made yet is not kept.
const canKeep = ({ variant, isKept }: VariantFacts): boolean =>
  !isKept &&
  variant.workspaceId !== null &&
  stateStore.getState().workspaces[variant.workspaceId]?.state === 'ready';

function Board({ comparison }: { readonly comparison: Comparison }) {
  const sessions = useServerState((state) => state.sessions);
  const approvals = useServerState((state) => state.approvals);
  const isGoingOn = comparison.variants.some(
    ({ startedAt, endedAt, state }) => startedAt !== null && endedAt === null && state !== 'discarded',
  );
  const now = useNow(1000, isGoingOn);
  const [sort, setSort] = useState<SortKey>('order');
  const [asked, setAsked] = useState<Asked | null>(null);
  const rows = sorted(variantFacts(comparison, { sessions, approvals }, now), sort);
  const [chosen, setChosen] = useState<string | null>(null);
  const active = rows.find(({ variant }) => variant.id === chosen) ?? rows[0];
  const list = useBoardKeys({
    ids: rows.map(({ variant }) => variant.id),
    active: active?.variant.id ?? null,
    onMove: setChosen,
    onOpen: () => active && openVariant(active.variant),
    onKeep: () => active && canKeep(active) && keep(comparison.id, active.variant.id),
  });
  return (
    <main aria-label="Comparison" className="flex min-w-0 flex-1 flex-col bg-pane">
      <BoardHead comparison={comparison} rows={rows} onAsk={setAsked} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-6xl flex-col gap-4 px-4 py-4 phone:px-3">
          <BoardSummary comparison={comparison} rows={rows} onAsk={setAsked} />
          <section aria-label="Variants" className="flex flex-col">
            <SortRow value={sort} onChange={setSort} hasTest={comparison.testCommand !== null} />
            <ol
              ref={list}
              className="divide-y divide-hairline rounded-ui border border-hairline bg-raised phone:mt-2"
            >
              {rows.map((facts) => (
                <VariantRow
                  key={facts.variant.id}
                  comparison={comparison}
                  facts={facts}
                  isActive={facts === active}
                  onActive={() => setChosen(facts.variant.id)}
                  onAsk={setAsked}
                />
              ))}
            </ol>
          </section>
        </div>
      </div>
      {asked?.kind === 'discard' && (
        <DiscardDialog
          comparison={comparison}
          rows={rows}
          variantId={asked.variantId}
          onClose={() => setAsked(null)}
        />
      )}
      {asked?.kind === 'take_files' && (
        <TakeFilesDialog
          comparison={comparison}
          rows={rows}
          from={asked.from}
          onClose={() => setAsked(null)}
        />
      )}
    </main>
  );
}
