import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import { ChevronRight } from 'lucide-react';
import { cx } from '@/ui/cx.ts';
import { useOpened } from './opened.ts';

/** What the model thought, folded to one line. */
export function Reasoning({ item }: { readonly item: Extract<TranscriptItem, { kind: 'reasoning' }> }) {
  const [isShown, toggle] = useOpened(item.id, false);
  return (
    <div className="pb-1">
      <button type="button" className="tool-line" aria-expanded={isShown} onClick={toggle}>
        <ChevronRight className={cx('size-3.5 shrink-0 text-text-3', isShown && 'rotate-90')} aria-hidden />
        <span className="text-text-3">{item.done ? 'Thought' : 'Thinking'}</span>
        {!isShown && (
          <span className="min-w-0 truncate text-text-3">{item.text.trim().split('\n').at(-1)}</span>
        )}
      </button>
      {isShown && (
        <div className="border-l border-hairline py-1 pl-3 whitespace-pre-wrap text-text-2">
          {item.text.trim()}
        </div>
      )}
    </div>
  );
}
