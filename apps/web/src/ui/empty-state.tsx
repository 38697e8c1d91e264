import type { ReactNode } from 'react';
import { cx } from './cx.ts';

interface EmptyStateProps {
  readonly title: string;
  readonly children?: ReactNode;
  /** The buttons that do what the text says. */
  readonly actions?: ReactNode;
  /** Where a list would begin, in place of the middle. */
  readonly isAtTop?: boolean;
}

/** What to do next where there is nothing to show yet. */
export function EmptyState({ title, children, actions, isAtTop = false }: EmptyStateProps) {
  return (
    <div
      className={cx(
        'flex max-w-sm flex-col items-center gap-2 p-6 text-center',
        isAtTop ? 'mx-auto' : 'm-auto',
      )}
    >
      <h2 className="text-read font-semibold text-text">{title}</h2>
      {children && <div className="text-ui text-text-2">{children}</div>}
      {actions && <div className="mt-2 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}
