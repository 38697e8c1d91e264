import type { ReactNode } from 'react';

interface GroupProps {
  readonly title: string;
  /** One sentence below the title. */
  readonly note?: ReactNode;
  /** Stands at the right of the title. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A group of settings under a title of its own. */
export function Group({ title, note, aside, children }: GroupProps) {
  return (
    <section aria-label={title} className="flex flex-col gap-2">
      <header className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <h3 className="font-semibold">{title}</h3>
          {note && <p className="text-small text-text-2">{note}</p>}
        </div>
        {aside}
      </header>
      {children}
    </section>
  );
}
