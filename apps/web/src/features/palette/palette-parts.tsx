import { Command } from 'cmdk';
import type { ReactNode } from 'react';

/** One line of the palette. */
export function PaletteItem({
  value,
  onSelect,
  children,
}: {
  readonly value: string;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex h-8 items-center gap-2 rounded-ui px-3 text-ui text-text data-[selected=true]:bg-selected phone:h-11"
    >
      {children}
    </Command.Item>
  );
}

/** Says that nothing was found, or what is going on. */
export function PaletteNote({ children }: { readonly children: ReactNode }) {
  return <output className="block px-3 py-4 text-center text-ui text-text-3">{children}</output>;
}
