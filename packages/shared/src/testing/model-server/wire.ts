import type { ModelRequestMessage } from './script.ts';

/** How an answer ended, for the last events. */
export interface AnswerEnd {
  /** As the script says; null for the usual one. */
  readonly finish: string | null;
  readonly hasCalls: boolean;
  readonly usage: { readonly input: number; readonly output: number; readonly cached: number };
}

export type PartKind = 'text' | 'reasoning' | { readonly id: string; readonly name: string };

/** Writes an answer in the words of one API. Parts come one after the other, each whole before the next. */
export interface Wire {
  beginPart(kind: PartKind): void;
  piece(text: string): void;
  endPart(): void;
  end(how: AnswerEnd): void;
}

/** Sends one event of a stream: its name, where the API names events, and its JSON. */
export type SendEvent = (data: object | string, name?: string) => void;

/** What one API is asked and answers. */
export interface Api {
  /** What a request's body says, in the words of chat completions. */
  read(body: Body, path: string): Conversation;
  wire(send: SendEvent): Wire;
  /** Of an error. */
  refusal(message: string): object;
}

export type Body = Readonly<Record<string, unknown>>;

export interface Conversation {
  readonly model: string;
  readonly messages: readonly ModelRequestMessage[];
  readonly tools: readonly string[];
  /** A stream of events, or one document at the end. */
  readonly isStreamed: boolean;
}

/** The list under this name, or an empty one. */
export function listOf(body: Body, name: string): readonly Body[] {
  const found = body[name];
  return Array.isArray(found) ? found : [];
}

/** The text of a message's content, without its other parts. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part: { text?: string }) => part.text ?? '').join('');
}
