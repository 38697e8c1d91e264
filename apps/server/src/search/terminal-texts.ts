import type { TerminalId } from '@farhand/shared/model/ids';
import { searchable } from './item-text.ts';
import type { SearchStore } from './search-store.ts';

/** What a terminal prints is stored this long after it began: one text for all of that time. */
const STORE_AFTER_MS = 2000;
/** Kept of such a text, its end: a flood of 40 MB/s must cost no more than a person's typing. In UTF-16 units. */
const LONGEST_TEXT = 16 * 1024;
/** Texts kept of one terminal, the newest. */
const MOST_TEXTS = 128;

interface OpenText {
  readonly decoder: InstanceType<typeof TextDecoder>;
  readonly timer: NodeJS.Timeout;
  text: string;
  endOffset: number;
}

/** The output of terminals as texts that can be found. What was stored before a restart is not stored again. */
export class TerminalTexts {
  readonly #store: SearchStore;
  readonly #open = new Map<TerminalId, OpenText>();
  /** Where what is stored ends. */
  readonly #ends = new Map<TerminalId, number>();

  constructor(store: SearchStore) {
    this.#store = store;
  }

  /** Takes output in order, secrets covered; `offset` is that of its first byte in the whole output. */
  take(id: TerminalId, offset: number, bytes: Uint8Array): void {
    const known = Math.max(0, this.#end(id) - offset);
    if (known >= bytes.byteLength) return;
    const open = this.#open.get(id) ?? this.#begin(id);
    open.text += open.decoder.decode(bytes.subarray(known), { stream: true });
    // Cut now and then only, for each cut copies what is kept.
    if (open.text.length > 4 * LONGEST_TEXT) open.text = open.text.slice(-LONGEST_TEXT);
    open.endOffset = offset + bytes.byteLength;
  }

  /** Forgets what waits for a terminal that is gone. */
  forget(id: TerminalId): void {
    clearTimeout(this.#open.get(id)?.timer);
    this.#open.delete(id);
    this.#ends.delete(id);
  }

  /** Stores what waits. */
  close(): void {
    for (const id of this.#open.keys()) this.#keep(id);
  }

  #begin(id: TerminalId): OpenText {
    const timer = setTimeout(() => this.#keep(id), STORE_AFTER_MS).unref();
    const open = { decoder: new TextDecoder(), timer, text: '', endOffset: 0 };
    this.#open.set(id, open);
    return open;
  }

  #keep(id: TerminalId): void {
    const open = this.#open.get(id);
    if (!open) return;
    clearTimeout(open.timer);
    this.#open.delete(id);
    const { endOffset } = open;
    this.#ends.set(id, endOffset);
    const text = searchable(open.text.slice(-LONGEST_TEXT));
    if (text.trim() === '') return;
    try {
      this.#store.transaction(() => {
        this.#store.putTerminal({ terminalId: id, endOffset, at: new Date().toISOString() }, text);
        this.#store.keepNewest(id, MOST_TEXTS);
      });
    } catch {
      // A store that refuses (a full disk) costs that it is found, and nothing else.
    }
  }

  #end(id: TerminalId): number {
    const end = this.#ends.get(id) ?? this.#store.terminalEnd(id);
    this.#ends.set(id, end);
    return end;
  }
}
