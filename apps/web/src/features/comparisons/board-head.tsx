import type { Comparison } from '@farhand/shared/model/comparisons';
import { Columns3, Ellipsis, Trash2 } from 'lucide-react';
import { useServerState } from '@/client/state-store.ts';
import { useIsPhone } from '@/client/use-media.ts';
import { showWorkspace } from '@/client/view-store.ts';
import { Button } from '@/ui/button.tsx';
import { Menu } from '@/ui/menu.tsx';
import { PlaceButton } from '../shell/place-button.tsx';
import { forget, runTests } from './comparison-actions.ts';
import type { Asked } from './comparison-board.tsx';
import { openSideBySide } from './open-variants.ts';
import type { VariantFacts } from './variant-facts.ts';

interface BoardHeadProps {
  readonly comparison: Comparison;
  readonly rows: readonly VariantFacts[];
  onAsk(asked: Asked): void;
}

/** The line above the board: what was forked, and what can be done with all variants. */
export function BoardHead({ comparison, rows, onAsk }: BoardHeadProps) {
  const isPhone = useIsPhone();
  const source = useServerState((state) => state.workspaces[comparison.workspaceId]);
  const rest = rows.filter(({ variant, isKept }) => variant.state !== 'discarded' && !isKept);
  return (
    <header className="flex h-10 shrink-0 items-center gap-2 border-b border-hairline bg-app px-2 phone:h-12 phone:gap-1 phone:px-0.5">
      <PlaceButton />
      <h2 className="shrink-0 text-ui font-semibold">Comparison</h2>
      {source && (
        <button
          type="button"
          onClick={() => showWorkspace(source.id)}
          className="min-w-0 truncate rounded-small text-small text-text-3 hover:text-text phone:h-11"
        >
          on {source.name}
        </button>
      )}
      <span className="flex-1" />
      <Button size="small" className="phone:h-11" onClick={() => openSideBySide(comparison)}>
        <Columns3 className="size-3.5" aria-hidden /> {isPhone ? 'Open all' : 'Open side by side'}
      </Button>
      <Menu
        align="end"
        items={[
          {
            label: 'Run all tests again',
            isDisabled: comparison.testCommand === null,
            onSelect: () => runTests(comparison.id),
          },
          'separator',
          {
            label: 'Discard the rest',
            icon: <Trash2 className="size-3.5" />,
            isDanger: true,
            isDisabled: comparison.keptVariantId === null || rest.length === 0,
            onSelect: () => onAsk({ kind: 'discard', variantId: null }),
          },
          { label: 'Remove the comparison', onSelect: () => void forget(comparison.id) },
        ]}
      >
        <button
          type="button"
          aria-label="More"
          className="inline-flex size-6 shrink-0 items-center justify-center rounded-ui text-text-3 hover:bg-hover hover:text-text phone:size-11"
        >
          <Ellipsis aria-hidden="true" className="size-4" />
        </button>
      </Menu>
    </header>
  );
}
