import type { AuditEvent } from '@farhand/shared/model/audit';
import { type KeyboardEvent, useRef, useState } from 'react';
import { VList, type VListHandle } from 'virtua';
import { useIsPhone } from '@/client/use-media.ts';
import { useNow } from '@/client/use-now.ts';
import { COLUMNS, type ColumnSet } from './columns.ts';
import { EventRow } from './event-row.tsx';

interface EventListProps {
  readonly events: readonly AuditEvent[];
  readonly open: number | null;
  readonly onOpen: (seq: number) => void;
  readonly isMore: boolean;
  readonly isReading: boolean;
  readonly onMore: () => void;
}

/** Older ones are asked for when so much is left below. */
const READ_AHEAD_PX = 600;
const MINUTE_MS = 60_000;

/** As many events as were read, of which only those are drawn that are seen; arrow keys go from one to the next. */
export function EventList({ events, open, onOpen, isMore, isReading, onMore }: EventListProps) {
  const isPhone = useIsPhone();
  const list = useRef<VListHandle>(null);
  const [isAtTop, setIsAtTop] = useState(true);
  const [focused, setFocused] = useState<number | null>(null);
  // The list is one stop for Tab, so that what follows it is a key away; it is drawn also where it is out of sight.
  const stop = Math.max(
    0,
    events.findIndex(({ seq }) => seq === (focused ?? open)),
  );
  const columns = open === null ? 'wide' : 'narrow';
  const now = useNow(MINUTE_MS, true);
  const readOn = (offset: number) => {
    setIsAtTop(offset <= 0);
    const at = list.current;
    if (at && isMore && !isReading && at.scrollSize - offset - at.viewportSize < READ_AHEAD_PX) onMore();
  };
  return (
    <section
      aria-label="Events"
      className="flex min-h-0 min-w-0 flex-1 flex-col"
      // The rows are buttons, which do all else.
      onKeyDown={moveByArrow}
      onFocus={({ target }) => {
        const seq = target.dataset.auditRow;
        if (seq !== undefined) setFocused(Number(seq));
      }}
    >
      {!isPhone && <ColumnNames set={columns} />}
      <VList
        ref={list}
        className="min-h-0 flex-1"
        data={events}
        keepMounted={[stop]}
        // New ones above leave in place what is being read.
        shift={!isAtTop}
        onScroll={readOn}
      >
        {(event) => (
          <EventRow
            key={event.seq}
            event={event}
            now={now}
            columns={columns}
            isOpen={event.seq === open}
            isStop={event.seq === events[stop]?.seq}
            onOpen={() => onOpen(event.seq)}
          />
        )}
      </VList>
      <p aria-live="polite" className="shrink-0 border-t border-hairline px-4 py-1 text-small text-text-3">
        {isReading
          ? 'Reading older events'
          : isMore
            ? `${events.length} shown; scroll for older ones`
            : countText(events.length)}
      </p>
    </section>
  );
}

const countText = (count: number) => (count === 1 ? '1 event' : `${count} events`);

function ColumnNames({ set }: { readonly set: ColumnSet }) {
  return (
    <div
      aria-hidden="true"
      className={`${COLUMNS[set]} h-7 shrink-0 border-b border-hairline text-small font-medium text-text-3`}
    >
      <span>When</span>
      <span>What</span>
      {set === 'wide' && <span>Who</span>}
      {set === 'wide' && <span>Host</span>}
      <span>Summary</span>
      <span className="text-right">Number</span>
    </div>
  );
}

function moveByArrow(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-audit-row]')];
  const next = rows[rows.indexOf(document.activeElement as HTMLElement) + step];
  if (!next || !rows.includes(document.activeElement as HTMLElement)) return;
  event.preventDefault();
  next.focus();
}
