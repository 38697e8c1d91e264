import { newId, type TurnId } from '@farhand/shared/model/ids';
import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import type { AgentSession } from '../../agent.ts';
import type { KeptPlace } from '../connection/kept.ts';
import { HeldText } from './held-text.ts';

/** What one item holds of an answer, in characters: more than a person reads, less than a page chokes on. */
const MOST_TEXT = 1024 * 1024;
const LEFT_OUT = '\n\n[… the rest of this is left out: it is longer than 1 MiB …]';

type TextItem = Extract<TranscriptItem, { kind: 'text' | 'reasoning' }>;
type TextKind = TextItem['kind'];

interface Growing {
  readonly item: TextItem;
  readonly stream: HeldText;
  /** Null where the agent did not say it: then what comes next belongs to it. */
  messageId: string | null;
  text: string;
  isFull: boolean;
}

/** The one text or reasoning of a session that grows at a time; secrets redacted across the borders of its pieces. */
export class GrowingText {
  readonly #session: AgentSession;
  readonly #kept: KeptPlace;
  #growing: Growing | null = null;

  /** `items` are those of the transcript: a text at its end that was not done goes on, others are closed. */
  constructor(session: AgentSession, kept: KeptPlace, items: readonly TranscriptItem[]) {
    this.#session = session;
    this.#kept = kept;
    const last = items.findLast((item) => item.kind !== 'turn' && item.kind !== 'approval');
    for (const item of items) {
      if ((item.kind !== 'text' && item.kind !== 'reasoning') || item.done) continue;
      if (item === last) this.#growing = this.#begin(item, null);
      else session.transcript.put({ ...item, done: true });
    }
  }

  push(kind: TextKind, chunk: string, options: { turnId: TurnId; messageId: string | null }): void {
    if (chunk === '') return;
    const { turnId, messageId } = options;
    if (!this.#belongs(kind, options)) {
      this.end();
      const at = new Date().toISOString();
      const item: TextItem = { id: newId('item'), turnId, at, kind, text: '', done: false };
      this.#session.transcript.put(item);
      this.#growing = this.#begin(item, messageId);
    }
    if (this.#growing) this.#add(this.#growing, this.#growing.stream.push(chunk));
  }

  /** Something else follows: the text is done. */
  end(): void {
    const growing = this.#growing;
    if (growing === null) return;
    this.#growing = null;
    this.#add(growing, growing.stream.end());
    this.#session.transcript.put({ ...growing.item, text: growing.text, done: true });
  }

  #belongs(kind: TextKind, { turnId, messageId }: { turnId: TurnId; messageId: string | null }): boolean {
    const growing = this.#growing;
    if (growing === null || growing.item.kind !== kind || growing.item.turnId !== turnId) return false;
    growing.messageId ??= messageId;
    return messageId === null || growing.messageId === messageId;
  }

  #begin(item: TextItem, messageId: Growing['messageId']): Growing {
    const stream = new HeldText(this.#kept, item.id, this.#session.secrets.redactor());
    return { item, stream, messageId, text: item.text, isFull: item.text.length >= MOST_TEXT };
  }

  #add(growing: Growing, shown: string): void {
    if (shown === '' || growing.isFull) return;
    growing.isFull = growing.text.length + shown.length > MOST_TEXT;
    const added = growing.isFull ? shown.slice(0, MOST_TEXT - growing.text.length) + LEFT_OUT : shown;
    growing.text += added;
    this.#session.transcript.append(growing.item.id, 'text', added);
  }
}
