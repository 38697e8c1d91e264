import { Check, ChevronDown } from 'lucide-react';
import { Select as Radix } from 'radix-ui';
import { cx } from './cx.ts';

interface SelectProps<Value extends string> {
  readonly value: Value | null;
  readonly onChange: (value: Value) => void;
  readonly choices: readonly { readonly value: Value; readonly label: string; readonly note?: string }[];
  readonly placeholder?: string;
  /** Of the `Field` around it; without one give `label`. */
  readonly id?: string;
  readonly label?: string;
  readonly className?: string;
  /** `quiet` has no border, for a line of small controls. */
  readonly look?: 'box' | 'quiet';
}

/** A button that opens a list to choose one from. */
export function Select<Value extends string>({
  value,
  onChange,
  choices,
  placeholder,
  id,
  label,
  className,
  look = 'box',
}: SelectProps<Value>) {
  return (
    <Radix.Root value={value ?? ''} onValueChange={(next) => onChange(next as Value)}>
      <Radix.Trigger
        id={id}
        aria-label={label}
        className={cx(
          'inline-flex min-w-0 items-center gap-1.5 rounded-ui text-ui data-[placeholder]:text-text-3 phone:h-11 phone:text-title',
          look === 'box'
            ? 'h-7 w-full justify-between border border-hairline-strong bg-field px-2 text-text hover:border-text-3'
            : 'h-6 px-1.5 text-small text-text-2 hover:bg-hover hover:text-text',
          className,
        )}
      >
        <span className="truncate">
          <Radix.Value placeholder={placeholder} />
        </span>
        <Radix.Icon asChild>
          <ChevronDown aria-hidden="true" className="size-3.5 shrink-0 text-text-3" />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) overflow-hidden rounded-ui bg-raised p-1 shadow-float"
        >
          <Radix.Viewport>
            {choices.map((choice) => (
              <Radix.Item
                key={choice.value}
                value={choice.value}
                className="flex h-7 items-center gap-2 rounded-small px-2 text-ui text-text outline-none select-none data-[highlighted]:bg-selected phone:h-11"
              >
                <span className="flex-1">
                  <Radix.ItemText>{choice.label}</Radix.ItemText>
                </span>
                {choice.note && <span className="text-small text-text-3">{choice.note}</span>}
                <Radix.ItemIndicator>
                  <Check aria-hidden="true" className="size-3.5 text-accent-text" />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
