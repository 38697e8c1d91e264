import type { IncomingHttpHeaders } from 'node:http';

/** How a part of an answer is sent. */
export interface Paced {
  /** In how many pieces it is sent; 1 when absent. */
  readonly chunks?: number;
  /** Waited before each piece. */
  readonly delayMs?: number;
  /** Waited for before the first piece: the test lets it go on. */
  readonly gate?: Promise<unknown>;
}

/** One thing that an answer does, in order. `call.arguments` that is a string is sent as it is, valid JSON or not. */
export type ModelStep =
  | ({ readonly text: string } & Paced)
  | ({ readonly reasoning: string } & Paced)
  | ({ readonly call: { readonly name: string; readonly arguments: unknown; readonly id?: string } } & Paced)
  | { readonly usage: { readonly input: number; readonly output: number; readonly cached?: number } }
  /** The reason for the end, in the words of the API that is asked; by default that of a call, or of an ordinary end. */
  | { readonly finish: string }
  /** An error in place of an answer, so the only step. */
  | { readonly status: number; readonly retryAfter?: string; readonly message?: string }
  /** Sends nothing more and keeps the connection open. */
  | { readonly stall: true }
  /** Closes the connection in the middle. */
  | { readonly cut: true };

/** A message of the conversation, whatever API it came by: with the roles and the calls of chat completions. */
export interface ModelRequestMessage {
  readonly role: string;
  readonly content?: unknown;
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
  readonly tool_call_id?: string;
}

/** One request as the server got it. */
export interface ModelRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The body as text: for finding what must not be in it. */
  readonly text: string;
  readonly model: string;
  readonly messages: readonly ModelRequestMessage[];
  /** Names of the tools offered; agents ask for a title without any. */
  readonly tools: readonly string[];
  /** The newest message of the person. */
  readonly lastUserText: string;
  /** How many answers came since that message: 0 for the first request of a turn. */
  readonly step: number;
}

/** Answers in order, or a function of the request, which can hold several conversations at once. */
export type ModelScript =
  | readonly (readonly ModelStep[])[]
  | ((request: ModelRequest) => readonly ModelStep[]);

export const TEST_MODEL = 'scripted';
