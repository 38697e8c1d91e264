import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';

interface DialogProps {
  readonly title: string;
  /** One sentence below the title. */
  readonly description?: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly width?: 'narrow' | 'wide';
  /** Only read aloud; the content shows its own title. */
  readonly isTitleHidden?: boolean;
}

// Without a mark the focus would go to the button that closes.
function focusMarked(event: Event): void {
  const marked = (event.currentTarget as HTMLElement | null)?.querySelector<HTMLElement>('[data-autofocus]');
  if (!marked) return;
  event.preventDefault();
  marked.focus();
}

/** A modal window in the middle, on a phone the whole screen; open as long as it is mounted. What has `data-autofocus` gets the focus. */
export function Dialog({
  title,
  description,
  onClose,
  children,
  width = 'narrow',
  isTitleHidden = false,
}: DialogProps) {
  return (
    <Radix.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-overlay" />
        <Radix.Content
          {...(!description && { 'aria-describedby': undefined })}
          onOpenAutoFocus={focusMarked}
          className={cx(
            'fixed top-[10dvh] left-1/2 z-40 flex max-h-[80dvh] w-[calc(100vw-2rem)] -translate-x-1/2 flex-col overflow-clip',
            'rounded-ui bg-raised shadow-float outline-none',
            'phone:inset-0 phone:max-h-dvh phone:w-full phone:translate-x-0 phone:rounded-none',
            width === 'wide' ? 'max-w-3xl' : 'max-w-lg',
            'phone:max-w-none',
          )}
        >
          <header
            className={
              isTitleHidden
                ? 'sr-only'
                : 'flex items-start gap-4 border-b border-hairline py-3 pr-3 pl-4 phone:gap-2 phone:py-1 phone:pr-1'
            }
          >
            <div className="min-w-0 flex-1">
              <Radix.Title className="truncate text-read font-semibold text-text phone:leading-11">
                {title}
              </Radix.Title>
              {description && (
                <Radix.Description className="text-small text-text-2 phone:-mt-2 phone:pb-2">
                  {description}
                </Radix.Description>
              )}
            </div>
            {!isTitleHidden && (
              <Radix.Close
                aria-label="Close"
                className="inline-flex size-6 shrink-0 items-center justify-center rounded-ui text-text-3 hover:bg-hover hover:text-text phone:size-11"
              >
                <X aria-hidden="true" className="size-4" />
              </Radix.Close>
            )}
          </header>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** The part of a dialog that scrolls. */
export function DialogBody({
  className,
  children,
}: {
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    // What is hidden but focused, as the input of a choice, has to be of what scrolls, not of the window.
    <div className={cx('relative flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-4', className)}>
      {children}
    </div>
  );
}

/** The buttons at a dialog's end, the main one last. */
export function DialogFooter({ children }: { readonly children: ReactNode }) {
  return (
    <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-hairline px-4 py-3">
      {children}
    </footer>
  );
}
