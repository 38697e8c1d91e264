import { Check, ChevronDown } from 'lucide-react';
import { Popover } from 'radix-ui';
import { type KeyboardEvent, type ReactNode, useId, useState } from 'react';
import { cx } from './cx.ts';
import type { ControlProps } from './field.tsx';
import { Input } from './field.tsx';

/** One choice of a combobox. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  /** Stands at the right, quiet. */
  readonly note?: ReactNode;
  /** Shown, but it cannot be chosen; the note says why. */
  readonly isDisabled?: boolean;
}

interface ComboboxProps {
  readonly control: ControlProps;
  readonly choices: readonly Choice[];
  readonly value: string;
  /** With a choice's value, or, where `canType`, with what was typed. */
  readonly onChange: (value: string) => void;
  /** True where a text that is no choice is a good value too. */
  readonly canType?: boolean;
  /** Shown as the last line for a typed text, as `Use gpu-7`; makes it a choice. Null where the text is no good. */
  readonly typedLabel?: (text: string) => string | null;
  readonly placeholder?: string;
  readonly isDisabled?: boolean;
  /** True where the focus begins when the dialog around it opens. */
  readonly hasFirstFocus?: boolean;
}

// More than fits on a screen is found by typing.
const MOST_SHOWN = 100;

function matching(choices: readonly Choice[], query: string): readonly Choice[] {
  const wanted = query.trim().toLowerCase();
  return choices
    .filter((choice) => `${choice.label} ${choice.value}`.toLowerCase().includes(wanted))
    .slice(0, MOST_SHOWN);
}

/** A line of text with a list of choices below it, after the combobox pattern of the ARIA practices. */
export function Combobox({
  control,
  choices,
  value,
  onChange,
  canType = false,
  typedLabel,
  ...look
}: ComboboxProps) {
  // What was typed since the list opened; empty for nothing yet, null while the list is closed.
  const [query, setQuery] = useState<string | null>(null);
  const [isTouched, setIsTouched] = useState(false);
  const [active, setActive] = useState(0);
  const listId = useId();
  const [anchor, setAnchor] = useState<HTMLDivElement | null>(null);
  const isOpen = query !== null;
  const chosen = choices.find((choice) => choice.value === value);
  const shown = withTyped(matching(choices, query ?? ''), {
    query: query ?? '',
    canType,
    typedLabel,
    choices,
  });

  const open = (text: string, isTyped: boolean) => {
    setQuery(text);
    setIsTouched(isTyped);
    setActive(
      text === ''
        ? Math.max(
            0,
            choices.findIndex((choice) => choice.value === value),
          )
        : 0,
    );
  };
  const choose = (choice: Choice | undefined) => {
    if (choice?.isDisabled) return;
    if (choice) onChange(choice.value);
    setQuery(null);
  };
  const leave = () => {
    const typed = query?.trim();
    if (typed && canType) onChange(choices.find((choice) => choice.label === typed)?.value ?? typed);
    setQuery(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!isOpen) return open('', false);
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setActive((active + step + shown.length) % Math.max(1, shown.length));
    } else if (isOpen && event.key === 'Enter') {
      event.preventDefault();
      choose(shown[active]);
    } else if (isOpen && event.key === 'Escape') {
      // The dialog around it stays open.
      event.preventDefault();
      event.stopPropagation();
      setQuery(null);
    }
  };

  return (
    <Popover.Root open={isOpen && shown.length > 0}>
      <Popover.Anchor asChild>
        <div ref={setAnchor} className="relative">
          <Input
            {...control}
            {...(look.placeholder && { placeholder: look.placeholder })}
            role="combobox"
            aria-expanded={isOpen}
            aria-controls={listId}
            aria-autocomplete="list"
            aria-activedescendant={isOpen && shown[active] ? `${listId}-${active}` : undefined}
            {...(look.hasFirstFocus && { 'data-autofocus': true })}
            disabled={look.isDisabled ?? false}
            className="pr-7"
            value={isOpen && isTouched ? query : (chosen?.label ?? value)}
            onChange={(event) => open(event.target.value, true)}
            onClick={(event) => {
              event.currentTarget.select();
              if (!isOpen) open('', false);
            }}
            onKeyDown={onKeyDown}
            onBlur={leave}
          />
          <ChevronDown
            aria-hidden="true"
            className="pointer-events-none absolute top-1/2 right-2 size-3.5 -translate-y-1/2 text-text-3"
          />
        </div>
      </Popover.Anchor>
      <Popover.Content
        align="start"
        sideOffset={4}
        collisionPadding={8}
        // A dialog cuts off what stands over its edge.
        collisionBoundary={anchor?.closest('[role="dialog"]') ?? []}
        onOpenAutoFocus={(event) => event.preventDefault()}
        className="z-50 max-h-[min(18rem,var(--radix-popover-content-available-height))] w-(--radix-popover-trigger-width) overflow-y-auto rounded-ui bg-raised p-1 shadow-float"
      >
        <ChoiceList
          id={listId}
          choices={shown}
          active={active}
          value={value}
          onChoose={choose}
          onPoint={setActive}
        />
      </Popover.Content>
    </Popover.Root>
  );
}

interface Typed {
  readonly query: string;
  readonly canType: boolean;
  readonly typedLabel: ((text: string) => string | null) | undefined;
  readonly choices: readonly Choice[];
}

function withTyped(
  shown: readonly Choice[],
  { query, canType, typedLabel, choices }: Typed,
): readonly Choice[] {
  const typed = query.trim();
  const isKnown = choices.some((choice) => choice.label === typed || choice.value === typed);
  const label = !canType || typed === '' || isKnown ? null : (typedLabel?.(typed) ?? null);
  return label === null ? shown : [...shown, { value: typed, label }];
}

interface ChoiceListProps {
  readonly id: string;
  readonly choices: readonly Choice[];
  readonly active: number;
  readonly value: string;
  readonly onChoose: (choice: Choice) => void;
  readonly onPoint: (index: number) => void;
}

function ChoiceList({ id, choices, active, value, onChoose, onPoint }: ChoiceListProps) {
  return (
    <div id={id} role="listbox" aria-label="Choices">
      {choices.map((choice, index) => (
        <button
          type="button"
          key={choice.value}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={choice.value === value}
          aria-disabled={choice.isDisabled ?? false}
          ref={(element) => {
            if (index === active) element?.scrollIntoView({ block: 'nearest' });
          }}
          // The field keeps the focus; losing it would close the list before the click arrives.
          onMouseDown={(event) => event.preventDefault()}
          onMouseMove={() => index !== active && onPoint(index)}
          onClick={() => onChoose(choice)}
          className={cx(
            'flex min-h-7 w-full items-center gap-2 rounded-small px-2 py-1 text-left text-ui phone:min-h-11',
            index === active && 'bg-selected',
            choice.isDisabled && 'cursor-not-allowed text-text-3',
          )}
        >
          <span className="min-w-0 flex-1 truncate">{choice.label}</span>
          {choice.note && (
            <span className="min-w-0 max-w-[55%] truncate text-small text-text-3">{choice.note}</span>
          )}
          <Check
            aria-hidden="true"
            className={cx('size-3.5 shrink-0 text-accent-text', choice.value !== value && 'invisible')}
          />
        </button>
      ))}
    </div>
  );
}
