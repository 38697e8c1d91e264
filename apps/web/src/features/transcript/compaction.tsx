import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import { ChevronRight, FoldVertical } from 'lucide-react';
import { cx } from '@/ui/cx.ts';
import { formatCount } from './amounts.ts';
import { Markdown } from './markdown.tsx';
import { useOpened } from './opened.ts';

/** Where the model began to know what was before by a summary only; opens to it. */
export function Compaction({ item }: { readonly item: Extract<TranscriptItem, { kind: 'compaction' }> }) {
  const [isShown, toggle] = useOpened(item.id, false);
  return (
    <div className="tool" data-compaction>
      <button type="button" className="tool-line" aria-expanded={isShown} onClick={toggle}>
        <FoldVertical className="size-3.5 shrink-0 text-text-3" aria-hidden />
        <span className="min-w-0 truncate text-text-2 tabular-nums">
          Context compacted {formatCount(item.tokensBefore)} → {formatCount(item.tokensAfter)} tokens
        </span>
        <span className="h-px min-w-4 flex-1 bg-hairline" aria-hidden />
        <ChevronRight className={cx('size-3 shrink-0 text-text-3', isShown && 'rotate-90')} aria-hidden />
      </button>
      {isShown && (
        <div className="tool-details">
          <section className="tool-box max-h-105 overflow-auto p-3" aria-label="Summary" tabIndex={0}>
            <Markdown text={item.summary} isStreaming={false} />
          </section>
        </div>
      )}
    </div>
  );
}
