import type { ReactNode } from 'react';

interface EmptyStateProps {
  readonly title: string;
  readonly children?: ReactNode;
  /** The buttons that do what the text says. */
  readonly actions?: ReactNode;
}

/** What to do next where there is nothing to show yet. */
export function EmptyState({ title, children, actions }: EmptyStateProps) {
  return (
    <div className="m-auto flex max-w-sm flex-col items-center gap-2 p-6 text-center">
      <h2 className="text-read font-semibold text-text">{title}</h2>
      {children && <div className="text-ui text-text-2">{children}</div>}
      {actions && <div className="mt-2 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}
