import type { LucideIcon } from 'lucide-react';
import { Popover } from 'radix-ui';
import type { ReactNode } from 'react';
import { openDialog, type SettingsPart } from '@/client/view-store.ts';
import { Button } from '@/ui/button.tsx';
import { cx } from '@/ui/cx.ts';

interface HeaderChoiceProps {
  readonly icon: LucideIcon;
  /** Stands in the header where there is room. */
  readonly text: string;
  /** Read aloud; the text where absent. */
  readonly label?: string;
  /** What it means, shown where a pointer rests. */
  readonly title: string;
  readonly look: string;
  /** What the choices are called together. */
  readonly choicesLabel: string;
  /** Said below the choices, with the way to the settings that belong to them. */
  readonly note: string;
  readonly settings: { readonly part: SettingsPart; readonly label: string };
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly children: ReactNode;
}

/** A setting of a workspace in its header, which opens to its choices. */
export function HeaderChoice(props: HeaderChoiceProps) {
  const { icon: Icon, text, label = text, title, look, choicesLabel, note, settings } = props;
  return (
    <Popover.Root open={props.isOpen} onOpenChange={props.onOpenChange}>
      <Popover.Trigger asChild>
        <button
          type="button"
          title={title}
          aria-label={label}
          className={cx(
            'inline-flex h-6 min-w-0 shrink items-center gap-1 rounded-ui px-1.5 text-small phone:h-11 phone:min-w-11 phone:shrink-0 phone:justify-center',
            // The name and the branch give way first.
            '@2xl/header:max-w-48 @2xl/header:shrink-0',
            look,
          )}
        >
          <Icon aria-hidden="true" className="size-3.5 shrink-0" />
          <span className="truncate @max-2xl/header:hidden">{text}</span>
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label={choicesLabel}
          className="z-50 flex max-h-(--radix-popover-content-available-height) w-96 max-w-[calc(100vw-1rem)] flex-col gap-1 overflow-y-auto rounded-ui bg-raised p-2 text-ui text-text shadow-float outline-none"
        >
          {props.children}
          <p className="flex items-center gap-2 border-t border-hairline px-2 pt-2 text-small text-text-3">
            <span className="flex-1">{note}</span>
            <Popover.Close asChild>
              <Button
                size="small"
                className="phone:h-11"
                onClick={() => openDialog({ kind: 'settings', part: settings.part })}
              >
                {settings.label}
              </Button>
            </Popover.Close>
          </p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
