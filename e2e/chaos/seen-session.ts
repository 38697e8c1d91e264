import type { SessionId } from '@farhand/shared/model/ids';
import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import { emptyTranscript, foldEvents, type Transcript } from '@farhand/shared/protocol/fold';
import type { ServerFrame } from '@farhand/shared/protocol/frames';
import type { Tally } from './tally.ts';

/** A transcript folded from events as they came over any number of sockets. */
export class SeenSession {
  transcript: Transcript = emptyTranscript();
  /** True once all that was stored at the present subscription has come. */
  isLive = false;
  readonly #id: SessionId;
  readonly #tally: Tally;

  constructor(id: SessionId, tally: Tally) {
    this.#id = id;
    this.#tally = tally;
  }

  get items(): readonly TranscriptItem[] {
    return this.transcript.items;
  }

  /** A new subscription after the newest number. */
  begin(): void {
    this.isLive = false;
  }

  take({ events, live }: Extract<ServerFrame, { type: 'events' }>): void {
    let last = this.transcript.lastSeq;
    for (const { seq } of events) {
      if (seq <= last) this.#tally.problem('repeated', this.#id, `event ${seq} came after event ${last}`);
      last = seq;
    }
    const folded = foldEvents(this.transcript, events);
    if (folded === 'gap') {
      this.#tally.problem('lost', this.#id, `text was added at a place that event ${last} does not have`);
      return;
    }
    this.transcript = folded;
    this.isLive = live;
  }
}
