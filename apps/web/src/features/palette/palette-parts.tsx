import { Command } from 'cmdk';
import type { ReactNode } from 'react';
import { cx } from '@/ui/cx.ts';

/** One line of the palette. */
export function PaletteItem({
  value,
  onSelect,
  isTall = false,
  children,
}: {
  readonly value: string;
  readonly onSelect: () => void;
  /** For two lines. */
  readonly isTall?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className={cx(
        'flex items-center gap-2 rounded-ui px-3 text-ui text-text data-[selected=true]:bg-selected',
        isTall ? 'min-h-12 py-1' : 'h-8 phone:h-11',
      )}
    >
      {children}
    </Command.Item>
  );
}

/** Says that nothing was found, or what is going on. */
export function PaletteNote({ children }: { readonly children: ReactNode }) {
  return <output className="block px-3 py-4 text-center text-ui text-text-3">{children}</output>;
}
