import { type ReactNode, useEffect } from 'react';
import { cx } from '@/ui/cx.ts';

interface OfferListProps {
  readonly id: string;
  readonly label: string;
  readonly active: number;
  readonly rows: readonly { readonly key: string; readonly content: ReactNode }[];
  onChoose(index: number): void;
}

/** What fits the word at the caret, above the composer. The focus stays in the text. */
export function OfferList({ id, label, active, rows, onChoose }: OfferListProps) {
  const activeId = `${id}-${active}`;
  useEffect(() => {
    // Newer browsers return a promise, which is no way to end an effect.
    void document.getElementById(activeId)?.scrollIntoView({ block: 'nearest' });
  }, [activeId]);
  return (
    <div
      id={id}
      role="listbox"
      aria-label={label}
      className="absolute inset-x-0 bottom-full z-20 mb-1 max-h-64 overflow-y-auto rounded-ui bg-raised p-1 shadow-float"
    >
      {rows.map(({ key, content }, index) => (
        <div
          key={key}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          className={cx(
            'flex min-h-7 items-center gap-2 rounded-small px-2 phone:min-h-11',
            index === active && 'bg-selected',
          )}
          onMouseDown={(event) => {
            event.preventDefault();
            onChoose(index);
          }}
        >
          {content}
        </div>
      ))}
    </div>
  );
}
