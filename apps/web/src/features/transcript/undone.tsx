import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '@/ui/cx.ts';
import { useOpened } from './opened.ts';

interface UndoneProps {
  /** Of the first row. */
  readonly id: string;
  readonly messages: number;
  readonly children: ReactNode;
}

/** What a rewind took back: folded to one line, grey when it is opened. */
export function Undone({ id, messages, children }: UndoneProps) {
  const [isShown, toggle] = useOpened(`undone ${id}`, false);
  return (
    <section className="tool" aria-label="Taken back">
      <button type="button" className="tool-line" aria-expanded={isShown} onClick={toggle}>
        <ChevronRight className={cx('size-3 shrink-0 text-text-3', isShown && 'rotate-90')} aria-hidden />
        <span className="min-w-0 truncate text-text-3">
          {messages === 1 ? '1 message' : `${messages} messages`} taken back
        </span>
        <span className="h-px min-w-4 flex-1 bg-hairline" aria-hidden />
      </button>
      {isShown && <div className="pt-2 opacity-60">{children}</div>}
    </section>
  );
}
