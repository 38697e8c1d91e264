import type { SessionId, TurnId } from '@farhand/shared/model/ids';
import type { SummaryMessage } from './compaction/summary-message.ts';
import { isMessage, lastSummary, requestView } from './compaction/view.ts';
import type { MessageRow, MessageStore } from './message-store.ts';
import type { AssistantMessage, Message, StoredMessage, ToolRequest } from './messages.ts';

/** One session's messages with the model, seen from one turn. What is added is stored before this returns. */
export class Conversation {
  readonly #store: MessageStore;
  readonly #sessionId: SessionId;
  readonly #turnId: TurnId;
  readonly #rows: MessageRow[];

  constructor(store: MessageStore, sessionId: SessionId, turnId: TurnId) {
    this.#store = store;
    this.#sessionId = sessionId;
    this.#turnId = turnId;
    this.#rows = store.all(sessionId);
  }

  /** What the model is sent: all messages, those of earlier turns too, or from the newest summary on. */
  get messages(): readonly Message[] {
    return requestView(this.stored);
  }

  /** All that was ever said, with its summaries. */
  get stored(): readonly StoredMessage[] {
    return this.#rows.map((row) => row.message);
  }

  /** The newest summary where this turn made it. */
  get summaryOfTurn(): SummaryMessage | null {
    const own = this.#rows.filter((row) => row.turnId === this.#turnId).map((row) => row.message);
    return lastSummary(own)?.summary ?? null;
  }

  /** False where the message that this turn answers comes before that position. */
  keepsPrompt(from: number): boolean {
    const begun = this.#rows.findIndex((row) => row.turnId === this.#turnId && row.message.role === 'user');
    return begun < 0 || begun >= from;
  }

  /** The answers of this turn, oldest first. */
  get answers(): readonly AssistantMessage[] {
    return this.#ofTurn().filter((message) => message.role === 'assistant');
  }

  get hasBegun(): boolean {
    return this.#ofTurn().length > 0;
  }

  /** True where the turn's last answer asks for nothing more. */
  get isAnswered(): boolean {
    const last = this.#ofTurn().at(-1);
    return last?.role === 'assistant' && last.calls.length === 0;
  }

  /** Calls of the last answer whose result is not stored. */
  get openCalls(): readonly ToolRequest[] {
    const last = this.answers.at(-1);
    if (!last) return [];
    const answered = new Set(
      this.#ofTurn().map((message) => (message.role === 'tool' ? message.callId : '')),
    );
    return last.calls.filter((call) => !answered.has(call.callId));
  }

  /** Every call id so far: some models count from one again in each answer. */
  get callIds(): ReadonlySet<string> {
    const ids = this.stored.flatMap((message) => (message.role === 'assistant' ? message.calls : []));
    return new Set(ids.map((call) => call.callId));
  }

  add(message: Message): void {
    this.#add(message);
  }

  addSummary(summary: SummaryMessage): void {
    this.#add(summary);
  }

  #add(message: StoredMessage): void {
    this.#store.add(this.#sessionId, { position: this.#rows.length, turnId: this.#turnId }, message);
    this.#rows.push({ turnId: this.#turnId, message });
  }

  #ofTurn(): Message[] {
    const own = this.#rows.filter((row) => row.turnId === this.#turnId);
    return own.map((row) => row.message).filter(isMessage);
  }
}
