import type { ItemId } from '../model/ids.ts';
import type { SessionEvent, TranscriptItem } from '../model/transcripts.ts';

/** A session's transcript as far as a client knows it. Never changed in place: a fold gives a new one. */
export interface Transcript {
  /** In the order in which they first appeared. An item that did not change is the same object as before. */
  readonly items: readonly TranscriptItem[];
  /** The number of the newest event folded in: the cursor to subscribe after. 0 when none. */
  readonly lastSeq: number;
  /** For the fold alone. */
  readonly places: Places;
}

interface Places {
  /** The number under which each of `items` first appeared, ascending. */
  readonly firsts: readonly number[];
  /** An item's number never changes, so all versions of one transcript share this map; it may know more than `firsts`. */
  readonly ofItem: Map<ItemId, number>;
}

/** A transcript with nothing in it, to fold from. Make one per session and per start from the beginning. */
export function emptyTranscript(): Transcript {
  return { items: [], lastSeq: 0, places: { firsts: [], ofItem: new Map() } };
}

/**
 * The transcript after these events, which come in rising order; those that it has already are ignored. `'gap'` when
 * text was added to something it does not have: then subscribe again from 0 with an empty transcript.
 */
export function foldEvents(transcript: Transcript, events: readonly SessionEvent[]): Transcript | 'gap' {
  const fresh = events.filter((event) => event.seq > transcript.lastSeq);
  if (fresh.length === 0) return transcript;
  const draft = new Draft(transcript);
  for (const event of fresh) {
    if ('item' in event) draft.put(event.item, event.first ?? event.seq);
    else if (!draft.append(event.append)) return 'gap';
  }
  return draft.finish(fresh.at(-1)?.seq ?? transcript.lastSeq);
}

type Append = Extract<SessionEvent, { append: unknown }>['append'];

// One copy of the arrays per fold, however many events it takes.
class Draft {
  readonly #items: TranscriptItem[];
  readonly #firsts: number[];
  readonly #ofItem: Map<ItemId, number>;

  constructor(transcript: Transcript) {
    this.#items = transcript.items.slice();
    this.#firsts = transcript.places.firsts.slice();
    this.#ofItem = transcript.places.ofItem;
  }

  put(item: TranscriptItem, first: number): void {
    const place = this.#placeOf(this.#ofItem.get(item.id) ?? first);
    const isKnown = this.#items[place]?.id === item.id;
    this.#items.splice(place, isKnown ? 1 : 0, item);
    if (isKnown) return;
    this.#firsts.splice(place, 0, first);
    this.#ofItem.set(item.id, first);
  }

  append(append: Append): boolean {
    const first = this.#ofItem.get(append.itemId);
    if (first === undefined) return false;
    const place = this.#placeOf(first);
    const item = this.#items[place];
    if (item?.id !== append.itemId) return false;
    const grown = grow(item, append);
    if (grown) this.#items[place] = grown;
    return grown !== null;
  }

  finish(lastSeq: number): Transcript {
    return { items: this.#items, lastSeq, places: { firsts: this.#firsts, ofItem: this.#ofItem } };
  }

  // The index of the first item that appeared at `first` or later.
  #placeOf(first: number): number {
    let low = 0;
    let high = this.#firsts.length;
    // News is about the newest item nearly always.
    if (high > 0 && (this.#firsts[high - 1] ?? 0) < first) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#firsts[middle] ?? 0) < first) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The item with text added at its end; `null` when it has no such field, or the field is not as long as `append.at`. */
export function grow(item: TranscriptItem, { field, at, text }: Append): TranscriptItem | null {
  if (field === 'output') {
    if (item.kind !== 'tool_call' || item.output.length !== at) return null;
    return { ...item, output: item.output + text };
  }
  if ((item.kind !== 'text' && item.kind !== 'reasoning') || item.text.length !== at) return null;
  return { ...item, text: item.text + text };
}
