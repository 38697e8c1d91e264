import type { SessionId } from '@farhand/shared/model/ids';
import type { SessionEvent } from '@farhand/shared/model/transcripts';
import type { Transcripts } from '../../transcripts/transcripts.ts';
import type { Outbox } from './outbox.ts';

/** Events read from the store at once. An item may carry 48 KiB of output or an image, so that pages stay small. */
const PAGE_EVENTS = 32;
/** A frame is closed when it has grown to this; one large event may make it longer. */
const FRAME_BYTES = 256 * 1024;

interface SessionSubscription {
  readonly sub: number;
  readonly sessionId: SessionId;
  readonly after: number;
  /** What was stored cannot be read. */
  readonly onError: (thrown: unknown) => void;
}

/**
 * Sends every event after `after`, oldest first, then live ones. While the socket is congested live events are let go,
 * for they are stored: when there is room it reads on from the last one sent. Ends when the returned function is called.
 */
export function subscribeSession(
  { sub, sessionId, after, onError }: SessionSubscription,
  transcripts: Pick<Transcripts, 'read' | 'watch'>,
  outbox: Outbox,
): () => void {
  let cursor = after;
  let isLive = false;
  let isEnded = false;

  const send = (events: readonly SessionEvent[], live: boolean) => {
    for (const frame of inFrames(events)) outbox.sendText(frameText(sub, frame.events, live && frame.isLast));
    cursor = events.at(-1)?.seq ?? cursor;
  };
  const isOver = () => isEnded || outbox.isClosed;
  const catchUp = async () => {
    while (!isOver()) {
      if (outbox.isCongested) {
        await outbox.drained();
        continue;
      }
      const events = transcripts.read(sessionId, cursor, PAGE_EVENTS);
      // Between this read and the live events nothing else runs: no gap, no repeat.
      isLive = events.length < PAGE_EVENTS;
      send(events, isLive);
      if (isLive) return;
      await new Promise(setImmediate);
    }
  };
  const unwatch = transcripts.watch(sessionId, (events) => {
    if (!isLive) return;
    const fresh = events.filter((event) => event.seq > cursor);
    if (fresh.length === 0) return;
    if (!outbox.isCongested) return send(fresh, true);
    isLive = false;
    catchUp().catch(onError);
  });
  catchUp().catch(onError);
  return () => {
    isEnded = true;
    unwatch();
  };
}

function* inFrames(events: readonly SessionEvent[]): Generator<{ events: string[]; isLast: boolean }> {
  let frame: string[] = [];
  let sizeBytes = 0;
  for (const event of events) {
    const text = JSON.stringify(event);
    if (frame.length > 0 && sizeBytes + text.length > FRAME_BYTES) {
      yield { events: frame, isLast: false };
      frame = [];
      sizeBytes = 0;
    }
    frame.push(text);
    sizeBytes += text.length;
  }
  yield { events: frame, isLast: true };
}

// The same as an `events` frame; each event was made text once, to know its size.
const frameText = (sub: number, events: readonly string[], live: boolean) =>
  `{"type":"events","sub":${sub},"events":[${events.join(',')}],"live":${live}}`;
