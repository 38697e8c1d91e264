import type { SessionId } from '@farhand/shared/model/ids';
import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import { emptyTranscript, foldEvents, type Transcript } from '@farhand/shared/protocol/fold';
import { useSyncExternalStore } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { subscribe } from '@/client/socket.ts';
import { stateStore } from '@/client/state-store.ts';
import { drawTogether } from './draw-frame.ts';

/** A session's transcript as the page has it. `isLive` once everything stored has come. */
export interface FeedView {
  readonly items: readonly TranscriptItem[];
  readonly isLive: boolean;
  readonly error: ApiError | null;
}

interface SessionFeed {
  get(): FeedView;
  /** Watches the session on the server while anybody watches here. */
  watch(listener: () => void): () => void;
  readonly isIdle: () => boolean;
}

// Of a long transcript the end is asked for first, so that it is on the screen while the rest is read. How many items
// the last events are about is not known before: an agent that streams changes one of them many times.
const END_EVENTS = 200;
const LEAST_ITEMS = 40;
const WIDER = 10;
// The rest is read once the end has been drawn, or the two would wait for each other.
const REST_AFTER_MS = 400;

/** One subscription to the session, and the transcript as it read it. */
interface Reading {
  transcript: Transcript;
  stop(): void;
}

function createSessionFeed(sessionId: SessionId): SessionFeed {
  let shown: Reading | null = null;
  // Reads from the beginning while only the end is shown.
  let whole: Reading | null = null;
  let kept: Transcript = emptyTranscript();
  let isWhole = true;
  let endEvents = END_EVENTS;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let view: FeedView = { items: [], isLive: false, error: null };
  let hasStartedAgain = false;
  const listeners = new Set<() => void>();

  const tell = () => {
    for (const listener of listeners) listener();
  };
  const show = (next: Partial<FeedView>) => {
    view = { ...view, ...next };
    drawTogether(tell);
  };

  const read = (from: Transcript, after: number): Reading => {
    const reading: Reading = { transcript: from, stop: () => undefined };
    reading.stop = subscribe(
      { kind: 'session', sessionId, after },
      {
        onEvents(events, isLive) {
          const folded = foldEvents(reading.transcript, events);
          if (folded === 'gap') return startAgain();
          reading.transcript = folded;
          if (reading === whole && isLive) showWhole(reading);
          if (reading !== shown) return;
          if (!isWhole && isLive && !view.isLive && folded.items.length < LEAST_ITEMS) return widen();
          // It comes in pieces, oldest first: what is shown first has the end.
          const isShown = isLive || view.isLive;
          if (isWhole || isShown) kept = folded;
          if (!isShown) return;
          hasStartedAgain &&= !isLive;
          show({ items: folded.items, isLive: true, error: null });
          if (isLive && !isWhole) readWholeLater();
        },
        onError: (error) => show({ error }),
      },
    );
    return reading;
  };
  const readWholeLater = () => {
    timer ??= setTimeout(() => {
      whole = read(emptyTranscript(), 0);
    }, REST_AFTER_MS);
  };
  const showWhole = (reading: Reading) => {
    shown?.stop();
    shown = reading;
    whole = null;
    isWhole = true;
  };
  const start = () => {
    const newest = stateStore.getState().sessions[sessionId]?.lastSeq ?? 0;
    const isNew = kept.lastSeq === 0;
    if (isNew) isWhole = hasStartedAgain || newest <= 3 * endEvents;
    shown = read(kept, isNew && !isWhole ? newest - endEvents : kept.lastSeq);
  };
  const stop = () => {
    shown?.stop();
    whole?.stop();
    if (timer) clearTimeout(timer);
    timer = null;
    shown = null;
    whole = null;
  };
  const widen = () => {
    stop();
    endEvents *= WIDER;
    start();
  };
  const startAgain = () => {
    stop();
    kept = emptyTranscript();
    // A second gap on the way is the server's fault: asking on and on would help nobody.
    if (hasStartedAgain) return show({ error: ApiError.of('internal.unexpected') });
    hasStartedAgain = true;
    start();
  };

  return {
    get: () => view,
    isIdle: () => listeners.size === 0,
    watch(listener) {
      listeners.add(listener);
      if (!shown) start();
      return () => {
        listeners.delete(listener);
        // The cursor stays, so that coming back asks for the rest only.
        if (listeners.size === 0) stop();
      };
    },
  };
}

// Transcripts of sessions that nobody looks at; a dozen covers going back and forth between panes.
const MOST_IDLE = 12;

const feeds = new Map<SessionId, SessionFeed>();

function sessionFeed(sessionId: SessionId): SessionFeed {
  const known = feeds.get(sessionId);
  if (known) return known;
  const idle = [...feeds].filter(([, feed]) => feed.isIdle());
  for (const [id] of idle.slice(0, Math.max(0, idle.length - MOST_IDLE))) feeds.delete(id);
  const feed = createSessionFeed(sessionId);
  feeds.set(sessionId, feed);
  return feed;
}

/** The live transcript of a session; nothing is asked of the server after the last component that uses it is gone. */
export function useSessionFeed(sessionId: SessionId): FeedView {
  const feed = sessionFeed(sessionId);
  return useSyncExternalStore(feed.watch, feed.get, feed.get);
}
