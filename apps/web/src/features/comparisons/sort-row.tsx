import { cx } from '@/ui/cx.ts';
import { Select } from '@/ui/select.tsx';
import type { SortKey } from './variant-facts.ts';
import { ROW_COLUMNS } from './variant-row.tsx';

const COLUMNS = [
  { key: 'order', label: 'Variant' },
  { key: 'diff', label: 'Diff' },
  { key: 'test', label: 'Test' },
  { key: 'cost', label: 'Cost' },
  { key: 'time', label: 'Time' },
] as const satisfies readonly { key: SortKey; label: string }[];

interface SortRowProps {
  readonly value: SortKey;
  readonly onChange: (key: SortKey) => void;
  readonly hasTest: boolean;
}

/** The heads of the board's columns; a click sorts, best first. On a phone a choice. */
export function SortRow({ value, onChange, hasTest }: SortRowProps) {
  const columns = COLUMNS.filter(({ key }) => hasTest || key !== 'test');
  return (
    <>
      <div className={cx(ROW_COLUMNS, 'h-7 px-3 text-small text-text-3 phone:hidden')}>
        <span />
        {COLUMNS.map(({ key, label }) => (
          <button
            key={key}
            type="button"
            aria-pressed={key === value}
            disabled={key === 'test' && !hasTest}
            title={key === 'order' ? 'In the order of the dialog' : 'Sort by this, best first'}
            onClick={() => onChange(key)}
            className={cx(
              'w-fit rounded-small hover:text-text disabled:pointer-events-none',
              key === value && 'font-medium text-text',
            )}
          >
            {label}
            {key === value && key !== 'order' && <span aria-hidden> ↑</span>}
          </button>
        ))}
      </div>
      <div className="hidden phone:block">
        <Select
          label="Sort by"
          value={value}
          onChange={onChange}
          choices={columns.map(({ key, label }) => ({
            value: key,
            label: key === 'order' ? 'In the order of the dialog' : `By ${label.toLowerCase()}, best first`,
          }))}
        />
      </div>
    </>
  );
}
