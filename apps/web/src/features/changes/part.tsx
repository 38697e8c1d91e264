import type { ReactNode } from 'react';

interface PartProps {
  readonly title: string;
  readonly count?: number | undefined;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** One part of the inspector with its title, and what can be done with it at the right. */
export function Part({ title, count, aside, children }: PartProps) {
  return (
    <section aria-label={title} className="border-b border-hairline pb-2">
      <header className="flex h-10 items-center gap-2 pr-2 pl-3">
        <h2 className="font-medium text-text-2">{title}</h2>
        {count !== undefined && <span className="text-text-3 tabular-nums">{count}</span>}
        <span className="ml-auto flex items-center gap-1">{aside}</span>
      </header>
      {children}
    </section>
  );
}

/** A sentence where a part has nothing to list. */
export const Quiet = ({ children }: { readonly children: ReactNode }) => (
  <p className="px-3 pb-1 text-text-3">{children}</p>
);
