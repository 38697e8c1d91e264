import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import { ChevronRight, ListChecks } from 'lucide-react';
import { cx } from '@/ui/cx.ts';
import { useOpened } from './opened.ts';
import { TodoList } from './todo-list.tsx';

/** The agent's checklist; the newest is open from the start, older ones fold to how far they came. */
export function Plan({
  item,
  isLatest,
}: {
  readonly item: Extract<TranscriptItem, { kind: 'plan' }>;
  readonly isLatest: boolean;
}) {
  const [isShown, toggle] = useOpened(item.id, isLatest);
  const done = item.entries.filter(({ state }) => state === 'done').length;
  const doing = item.entries.find(({ state }) => state === 'doing');
  return (
    <div className="tool" data-plan>
      <button type="button" className="tool-line" aria-expanded={isShown} onClick={toggle}>
        <ListChecks className="size-3.5 shrink-0 text-text-3" aria-hidden />
        <span className="shrink-0 text-text-2">Plan</span>
        {!isShown && <span className="min-w-0 truncate text-text">{doing?.text}</span>}
        <span className="ml-auto flex shrink-0 items-center gap-2 pl-2 text-small text-text-3 tabular-nums">
          {done} of {item.entries.length} done
          <ChevronRight className={cx('size-3', isShown && 'rotate-90')} aria-hidden />
        </span>
      </button>
      {isShown && (
        <div className="tool-details">
          <TodoList todos={item.entries} />
        </div>
      )}
    </div>
  );
}
