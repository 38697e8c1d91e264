import type { SessionId, TurnId } from '@farhand/shared/model/ids';
import type { MessageRow, MessageStore } from './message-store.ts';
import type { AssistantMessage, Message, ToolRequest } from './messages.ts';

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

  /** All messages, those of earlier turns too. */
  get messages(): readonly Message[] {
    return this.#rows.map((row) => row.message);
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
    const ids = this.messages.flatMap((message) => (message.role === 'assistant' ? message.calls : []));
    return new Set(ids.map((call) => call.callId));
  }

  add(message: Message): void {
    this.#store.add(this.#sessionId, { position: this.#rows.length, turnId: this.#turnId }, message);
    this.#rows.push({ turnId: this.#turnId, message });
  }

  #ofTurn(): Message[] {
    return this.#rows.filter((row) => row.turnId === this.#turnId).map((row) => row.message);
  }
}
