import { ChevronDown } from 'lucide-react';
import { cx } from '@/ui/cx.ts';
import { byGroup } from './control-groups.ts';

interface ControlChoice {
  readonly value: string;
  readonly name: string;
  readonly description: string | null;
  readonly group: string | null;
}

interface ControlSelectProps {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly ControlChoice[];
  /** Shown before the choice where that alone would not say what it is of, as `Default`. */
  readonly isNamed?: boolean;
  readonly className?: string;
  onChange(value: string): void;
}

/** One small list to choose from, as wide as what is chosen: the phone shows its own wheel for it. */
export function ControlSelect({
  label,
  value,
  choices,
  isNamed = false,
  className,
  onChange,
}: ControlSelectProps) {
  const chosen = choices.find((choice) => choice.value === value);
  return (
    <span
      className={cx('relative flex min-w-0 items-center text-small text-text-2 hover:text-text', className)}
    >
      {isNamed && (
        <span aria-hidden="true" className="shrink-0 pl-1 text-text-3">
          {label}
        </span>
      )}
      <select
        aria-label={label}
        title={chosen?.description ? `${label}: ${chosen.description}` : label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="composer-select"
      >
        {!chosen && <option value={value}>{value}</option>}
        {byGroup(choices).map(({ group, choices: ofGroup }) =>
          group === null ? (
            <Options key="" choices={ofGroup} />
          ) : (
            <optgroup key={group} label={group}>
              <Options choices={ofGroup} />
            </optgroup>
          ),
        )}
      </select>
      <ChevronDown className="pointer-events-none absolute right-1 size-3 text-text-3" aria-hidden />
    </span>
  );
}

function Options({ choices }: { readonly choices: readonly ControlChoice[] }) {
  return choices.map((choice) => (
    <option key={choice.value} value={choice.value} title={choice.description ?? undefined}>
      {choice.name}
    </option>
  ));
}
