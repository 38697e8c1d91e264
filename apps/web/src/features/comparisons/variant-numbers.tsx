import type { VariantTest } from '@farhand/shared/model/comparisons';
import { durationText } from '@/client/duration.ts';
import { cx } from '@/ui/cx.ts';
import { formatCount } from '../transcript/amounts.ts';
import { formatCost } from '../transcript/cost.ts';
import type { VariantFacts } from './variant-facts.ts';

interface CellProps {
  readonly facts: VariantFacts;
}

interface OpenableProps extends CellProps {
  readonly isOpen: boolean;
  onToggle(): void;
}

const NONE = (
  <span className="text-small text-text-3 phone:hidden">
    <span aria-hidden>–</span>
  </span>
);

const BUTTON = '-ml-1.5 w-fit rounded-ui px-1.5 py-0.5 text-left text-small hover:bg-hover phone:min-h-11';

/** How much it changed; a click shows the files. */
export function DiffCell({ facts: { variant, number }, isOpen, onToggle }: OpenableProps) {
  const { diff } = variant;
  if (!diff || variant.state === 'discarded') return NONE;
  if (diff.files === 0) return <span className="text-small text-text-3">No change</span>;
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      aria-label={`Changes of variant ${number}: ${diff.files} files, ${diff.additions} lines added, ${diff.deletions} deleted`}
      onClick={onToggle}
      className={cx(BUTTON, 'tabular-nums', isOpen && 'bg-selected')}
    >
      <span className="text-text-2">{diff.files === 1 ? '1 file' : `${diff.files} files`}</span>{' '}
      <span className="text-done">+{diff.additions}</span>{' '}
      <span className="text-failed">−{diff.deletions}</span>
    </button>
  );
}

const TESTS: Readonly<Record<VariantTest['state'], { readonly word: string; readonly tone: string }>> = {
  waiting: { word: 'waits', tone: 'text-text-3' },
  running: { word: 'running', tone: 'text-working' },
  passed: { word: 'passed', tone: 'text-done' },
  failed: { word: 'failed', tone: 'text-failed' },
};

/** How its test ended; a click shows what it printed. */
export function TestCell({ facts: { variant, number }, isOpen, onToggle }: OpenableProps) {
  const { test } = variant;
  if (!test || variant.state === 'discarded') return NONE;
  const { word, tone } = TESTS[test.state];
  const time = test.durationMs === null ? null : durationText(test.durationMs);
  if (test.state === 'waiting') return <span className={cx('text-small', tone)}>Test {word}</span>;
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      aria-label={`Test of variant ${number} ${word}`}
      onClick={onToggle}
      className={cx(BUTTON, isOpen && 'bg-selected')}
    >
      <span className={cx('font-medium', tone)}>Test {word}</span>{' '}
      {time && <span className="text-text-3 tabular-nums">{time}</span>}
    </button>
  );
}

/** What it cost; its tokens where nobody knows the price. */
export function CostCell({ facts: { costUsd, tokens } }: CellProps) {
  if (costUsd === null && tokens === 0) return NONE;
  return (
    <span className="text-small tabular-nums text-text-2" title={`${formatCount(tokens)} tokens`}>
      {costUsd === null ? `${formatCount(tokens)} tokens` : formatCost(costUsd)}
    </span>
  );
}

export function TimeCell({ facts: { timeMs } }: CellProps) {
  if (timeMs === null) return NONE;
  return <span className="text-small tabular-nums text-text-2">{durationText(timeMs)}</span>;
}
