import type { Comparison } from '@farhand/shared/model/comparisons';
import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { useServerState } from '@/client/state-store.ts';
import { showWorkspace } from '@/client/view-store.ts';
import { Button } from '@/ui/button.tsx';
import { cx } from '@/ui/cx.ts';
import { Menu } from '@/ui/menu.tsx';
import { StatusMark } from '@/ui/status-mark.tsx';
import { ApprovalCard } from '../approvals/approval-card.tsx';
import { HostChip } from '../hosts/host-chip.tsx';
import { agentName } from '../sessions/agent-name.ts';
import { keep, runTests } from './comparison-actions.ts';
import type { Asked } from './comparison-board.tsx';
import { openVariant } from './open-variants.ts';
import { VariantChanges } from './variant-changes.tsx';
import { VariantError } from './variant-error.tsx';
import type { VariantFacts } from './variant-facts.ts';
import { CostCell, DiffCell, TestCell, TimeCell } from './variant-numbers.tsx';
import { VariantTestOutput } from './variant-test.tsx';

/** The columns of the board: mark, variant, diff, test, cost, time, what can be done. */
export const ROW_COLUMNS =
  'grid grid-cols-[0.75rem_minmax(8rem,1fr)_minmax(7.5rem,9rem)_minmax(7rem,7.5rem)_5rem_minmax(4rem,5.5rem)_8rem] items-center gap-x-2 ' +
  'phone:grid-cols-[0.75rem_1fr_auto]';

interface VariantRowProps {
  readonly comparison: Comparison;
  readonly facts: VariantFacts;
  /** True for the one that keys are about. */
  readonly isActive: boolean;
  onActive(): void;
  onAsk(asked: Asked): void;
}

/** One variant of the board; what it changed and how its test ended open below it. */
export function VariantRow({ comparison, facts, isActive, onActive, onAsk }: VariantRowProps) {
  const { variant, number, status, words, needs, isKept } = facts;
  const [shown, setShown] = useState<'changes' | 'test' | null>(null);
  const toggle = (part: 'changes' | 'test') => setShown(shown === part ? null : part);
  const isGone = variant.state === 'discarded';
  const isMade = useServerState(
    (state) => variant.workspaceId !== null && state.workspaces[variant.workspaceId]?.state === 'ready',
  );
  return (
    <li
      data-variant={variant.id}
      tabIndex={isActive ? 0 : -1}
      aria-label={`Variant ${number}, ${nameOf(facts)}: ${words}`}
      onFocus={onActive}
      className={cx('flex flex-col px-3 py-2 -outline-offset-2', isGone && 'text-text-3')}
    >
      <div className={cx(ROW_COLUMNS, 'gap-y-1')}>
        <StatusMark status={status} label={words} />
        <Name facts={facts} />
        <div className="contents phone:order-3 phone:col-span-3 phone:flex phone:flex-wrap phone:items-center phone:gap-x-4 phone:gap-y-1 phone:pl-6">
          <DiffCell facts={facts} isOpen={shown === 'changes'} onToggle={() => toggle('changes')} />
          <TestCell facts={facts} isOpen={shown === 'test'} onToggle={() => toggle('test')} />
          <CostCell facts={facts} />
          <TimeCell facts={facts} />
        </div>
        <span className="flex items-center justify-end gap-1">
          {!isGone && (
            <>
              <Button size="small" className="phone:h-11" onClick={() => openVariant(variant)}>
                Open
              </Button>
              {isKept ? (
                <span className="px-2 text-small font-medium text-done">Kept</span>
              ) : (
                <Button
                  size="small"
                  className="phone:h-11"
                  disabled={!isMade}
                  onClick={() => keep(comparison.id, variant.id)}
                >
                  Keep
                </Button>
              )}
              <More
                comparison={comparison}
                facts={facts}
                onAsk={onAsk}
                onChanges={() => setShown('changes')}
              />
            </>
          )}
        </span>
      </div>
      {!isGone && variant.error && <VariantError variant={variant} error={variant.error} />}
      {needs[0] && (
        <div className="mt-2 pl-6 phone:pl-0">
          <ApprovalCard key={needs[0].id} approval={needs[0]} compact />
          {needs.length > 1 && (
            <p className="pt-1 text-small text-text-3">{needs.length - 1} more after this one</p>
          )}
        </div>
      )}
      {shown === 'test' && !isGone && <VariantTestOutput comparison={comparison} variant={variant} />}
      {shown === 'changes' && !isGone && variant.workspaceId && (
        <VariantChanges comparison={comparison} workspaceId={variant.workspaceId} />
      )}
    </li>
  );
}

/** As `Farhand · openai/gpt-5`; the model that answered where none was chosen. */
export function nameOf({ variant, session }: VariantFacts): string {
  const model = variant.model ?? session?.model ?? null;
  return model === null ? agentName(variant.agent) : `${agentName(variant.agent)} · ${model}`;
}

function Name({ facts }: { readonly facts: VariantFacts }) {
  const { variant, number, words, isKept } = facts;
  const workspaceId = variant.workspaceId;
  const name = useServerState((state) => workspaceId && state.workspaces[workspaceId]?.name);
  return (
    <div className="flex min-w-0 flex-col">
      <p className="flex min-w-0 items-baseline gap-2">
        <span className="shrink-0 text-small text-text-3 tabular-nums">{number}</span>
        <span className={cx('min-w-0 truncate font-medium', isKept && 'text-done')}>{nameOf(facts)}</span>
      </p>
      <p className="flex min-w-0 items-baseline gap-2 text-small text-text-3">
        <span className="shrink-0">{words}</span>
        <HostChip hostId={variant.hostId} className="shrink-0" />
        {workspaceId && name && (
          <a
            href={`?w=${workspaceId}`}
            className="min-w-0 truncate rounded-small hover:text-text phone:hidden"
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return;
              event.preventDefault();
              showWorkspace(workspaceId);
            }}
          >
            {name}
          </a>
        )}
      </p>
    </div>
  );
}

interface MoreProps extends Pick<VariantRowProps, 'comparison' | 'facts' | 'onAsk'> {
  onChanges(): void;
}

function More({ comparison, facts, onAsk, onChanges }: MoreProps) {
  const { variant, number, isKept } = facts;
  return (
    <Menu
      align="end"
      items={[
        { label: 'See what it changed', onSelect: onChanges },
        {
          label: 'Take files…',
          isDisabled: (variant.diff?.files ?? 0) === 0,
          onSelect: () => onAsk({ kind: 'take_files', from: variant.id }),
        },
        {
          label: 'Run the test again',
          isDisabled: comparison.testCommand === null || variant.state === 'making',
          onSelect: () => runTests(comparison.id, { variantId: variant.id }),
        },
        'separator',
        {
          label: 'Discard…',
          isDanger: true,
          isDisabled: isKept,
          onSelect: () => onAsk({ kind: 'discard', variantId: variant.id }),
        },
      ]}
    >
      <button
        type="button"
        aria-label={`More about variant ${number}`}
        className="inline-flex size-6 items-center justify-center rounded-ui text-text-3 hover:bg-hover hover:text-text phone:size-11"
      >
        <Ellipsis aria-hidden="true" className="size-4" />
      </button>
    </Menu>
  );
}
