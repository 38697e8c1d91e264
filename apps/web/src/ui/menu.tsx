import { ContextMenu, DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { Kbd } from './kbd.tsx';

const CONTENT = 'z-50 min-w-44 rounded-ui bg-raised p-1 text-ui text-text shadow-float';
const ITEM =
  'flex h-7 items-center gap-2 rounded-small px-2 outline-none select-none data-[highlighted]:bg-selected ' +
  'data-[disabled]:opacity-50 phone:h-11';

/** One line of a menu; `separator` draws a hairline. */
export type MenuItem =
  | 'separator'
  | {
      readonly label: string;
      readonly icon?: ReactNode;
      /** As `mod+k`. */
      readonly keys?: string | null | undefined;
      readonly isDanger?: boolean;
      readonly isDisabled?: boolean;
      readonly onSelect: () => void;
    };

type Parts = Pick<typeof DropdownMenu, 'Item' | 'Separator'>;

function renderItems(items: readonly MenuItem[], { Item, Separator }: Parts) {
  return items.map((item, index) =>
    item === 'separator' ? (
      // A menu's lines do not move, so their places name them.
      <Separator key={index} className="my-1 h-px bg-hairline" />
    ) : (
      <Item
        key={item.label}
        disabled={item.isDisabled ?? false}
        onSelect={item.onSelect}
        className={cx(ITEM, item.isDanger && 'text-failed')}
      >
        {item.icon && (
          <span className="inline-flex size-4 items-center justify-center text-text-3">{item.icon}</span>
        )}
        <span className="flex-1">{item.label}</span>
        {item.keys && <Kbd keys={item.keys} />}
      </Item>
    ),
  );
}

/** For a menu that a key opens too. */
interface ControlledMenu {
  readonly open?: boolean;
  readonly onOpenChange?: (isOpen: boolean) => void;
}

interface MenuProps extends ControlledMenu {
  readonly items: readonly MenuItem[];
  /** The button that opens it. */
  readonly children: ReactNode;
  readonly align?: 'start' | 'end';
}

/** A menu below its button. */
export function Menu({ items, children, align = 'start', ...controlled }: MenuProps) {
  return (
    <DropdownMenu.Root {...controlled}>
      <DropdownMenu.Trigger asChild>{children}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align={align} sideOffset={4} collisionPadding={8} className={CONTENT}>
          {renderItems(items, DropdownMenu)}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** The menu of the right mouse button over its child. */
export function RightClickMenu({ items, children }: Pick<MenuProps, 'items' | 'children'>) {
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger asChild>{children}</ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Content collisionPadding={8} className={CONTENT}>
          {renderItems(items, ContextMenu)}
        </ContextMenu.Content>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}
