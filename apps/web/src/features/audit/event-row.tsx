import type { AuditEvent } from '@farhand/shared/model/audit';
import { useIsPhone } from '@/client/use-media.ts';
import { cx } from '@/ui/cx.ts';
import { visibleText } from '../approvals/visible-text.ts';
import { COLUMNS, type ColumnSet } from './columns.ts';
import { actorText, KIND_NAMES, timeText, toneOf } from './event-text.ts';

interface EventRowProps {
  readonly event: AuditEvent;
  /** In ms: what is of another day says its date. */
  readonly now: number;
  readonly columns: ColumnSet;
  readonly isOpen: boolean;
  /** Reached by Tab; the others by the arrow keys. */
  readonly isStop: boolean;
  readonly onOpen: () => void;
}

const TONES = { good: 'text-text-2', bad: 'text-failed', plain: 'text-text' } as const;

/** One event: a line, on a phone a card. */
export function EventRow({ event, now, columns, isOpen, isStop, onOpen }: EventRowProps) {
  const isPhone = useIsPhone();
  const { seq, at, kind, actor, hostId } = event;
  const tone = TONES[toneOf(event)];
  const summary = visibleText(event.summary);
  const time = timeText(at, new Date(now));
  const look = cx('w-full border-b border-hairline text-left hover:bg-hover', isOpen && 'bg-selected');
  const common = {
    type: 'button',
    'data-audit-row': seq,
    'aria-expanded': isOpen,
    tabIndex: isStop ? 0 : -1,
    onClick: onOpen,
  } as const;
  if (isPhone)
    return (
      <button {...common} className={cx('flex min-h-11 flex-col gap-1 px-4 py-2', look)}>
        <span className={`line-clamp-2 break-words ${tone}`}>{summary}</span>
        <span className="text-small text-text-3">
          {[KIND_NAMES[kind], actorText(actor), hostId, time].filter(Boolean).join(' · ')}
        </span>
      </button>
    );
  return (
    <button {...common} className={cx(COLUMNS[columns], 'h-8', look)}>
      <span className="truncate text-small tabular-nums text-text-3">{time}</span>
      <span className="truncate text-text-2">{KIND_NAMES[kind]}</span>
      {columns === 'wide' && <span className="truncate text-text-2">{actorText(actor)}</span>}
      {columns === 'wide' && <span className="truncate text-text-2">{hostId ?? ''}</span>}
      <span className={`truncate ${tone}`} title={summary}>
        {summary}
      </span>
      <span className="text-right text-small tabular-nums text-text-3">{seq}</span>
    </button>
  );
}
