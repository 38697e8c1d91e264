import '../terminals/ansi-palette.css';
import './transcript.css';
import type { SessionState } from '@farhand/shared/model/sessions';
import { ArrowDown } from 'lucide-react';
import { type RefObject, useCallback, useLayoutEffect, useMemo, useReducer, useRef, useState } from 'react';
import { type CacheSnapshot, VList, type VListHandle } from 'virtua';
import { Button } from '@/ui/button.tsx';
import { useAskedItem } from './asked-item.ts';
import { ContactLostContext } from './contact-lost.ts';
import { OpenedContext, openedIn } from './opened.ts';
import type { Row } from './rows.ts';
import { STICK_START, type Stick, type StickEvent, stick } from './stick.ts';
import { TranscriptRow } from './transcript-row.tsx';

interface TranscriptProps {
  /** Names what is kept between two looks at the same transcript. */
  readonly id: string;
  readonly rows: readonly Row[];
  readonly state: SessionState;
  onRetry(prompt: string): void;
}

interface Place {
  readonly stick: Stick;
  readonly cache: CacheSnapshot;
  readonly rows: number;
}

// Where each transcript was left, so that going to another pane and back shows the same lines.
const places = new Map<string, Place>();

/** A session's rows, drawn where they are looked at; follows the end only while the reader is there. */
export function Transcript({ id, rows, state, onRetry }: TranscriptProps) {
  const list = useRef<VListHandle>(null);
  const left = places.get(id);
  const [place, tell] = useReducer(stick, left?.stick ?? STICK_START);
  usePlace(id, { list, rows, place, tell });
  const stay = useCallback(() => tell({ kind: 'toggled' }), []);
  useAskedItem(id, { list, rows, onGo: stay });

  const hasMoreAbove = useMoreAbove(rows);

  const canRetry = state !== 'working' && state !== 'blocked' && state !== 'contact_lost';
  const context = useMemo(() => ({ opened: openedIn(id), onToggle: () => tell({ kind: 'toggled' }) }), [id]);
  const jump = () => {
    tell({ kind: 'jumped' });
    list.current?.scrollToIndex(rows.length - 1, { align: 'end' });
  };
  const measure = (offset: number) => {
    const at = list.current;
    if (at) tell({ kind: 'scrolled', offset, distance: at.scrollSize - offset - at.viewportSize });
  };
  const resized = () => {
    const at = list.current;
    if (!at) return;
    if (place.following) at.scrollToIndex(rows.length - 1, { align: 'end' });
    else measure(at.scrollOffset);
  };

  return (
    <ContactLostContext value={state === 'contact_lost'}>
      <OpenedContext value={context}>
        <div className="relative min-h-0 flex-1">
          <VList
            ref={list}
            className="transcript"
            role="log"
            aria-live="off"
            aria-label="Transcript"
            tabIndex={0}
            data={rows}
            {...(left?.rows === rows.length && { cache: left.cache })}
            bufferSize={600}
            shift={hasMoreAbove}
            onScroll={measure}
            onResize={resized}
          >
            {(row, index) => (
              <TranscriptRow
                key={row.key}
                row={row}
                isFirst={index === 0}
                onRetry={canRetry && index === rows.length - 1 ? onRetry : null}
              />
            )}
          </VList>
          {!place.following && <Jump unseen={place.unseen} onJump={jump} />}
        </div>
      </OpenedContext>
    </ContactLostContext>
  );
}

function Jump({ unseen, onJump }: { readonly unseen: number; onJump(): void }) {
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
      <Button className="pointer-events-auto shadow-float" onClick={onJump}>
        <ArrowDown className="size-3.5" aria-hidden />
        Jump to latest
        {unseen > 0 && <span className="text-text-3 tabular-nums">{unseen} new</span>}
      </Button>
    </div>
  );
}

// Of a long transcript the end comes first. What then comes above it must not move what is read.
function useMoreAbove(rows: readonly Row[]): boolean {
  const [known, setKnown] = useState(rows);
  const [hasMore, setHasMore] = useState(false);
  if (rows !== known) {
    setKnown(rows);
    setHasMore(rows[0]?.key !== known[0]?.key);
  }
  return hasMore;
}

interface Following {
  readonly list: RefObject<VListHandle | null>;
  readonly rows: readonly Row[];
  readonly place: Stick;
  tell(event: StickEvent): void;
}

// Follows the end while the reader is there, and keeps the place for the next look.
function usePlace(id: string, { list, rows, place, tell }: Following): void {
  const latest = useRef({ place, count: rows.length });
  useLayoutEffect(() => {
    latest.current = { place, count: rows.length };
  });
  // Before it is painted: the first look is at the end.
  useLayoutEffect(() => {
    tell({ kind: 'grew', rows: rows.length });
    if (latest.current.place.following) list.current?.scrollToIndex(rows.length - 1, { align: 'end' });
  }, [rows, list, tell]);
  useLayoutEffect(() => {
    const at = list.current;
    const left = places.get(id);
    if (left && !left.stick.following) at?.scrollTo(left.stick.offset);
    return () => {
      if (at) places.set(id, { stick: latest.current.place, cache: at.cache, rows: latest.current.count });
    };
  }, [id, list]);
}
