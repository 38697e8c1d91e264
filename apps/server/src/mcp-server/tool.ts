import type { CallInput, CallName, CallOutput } from '@farhand/shared/protocol/calls';
import type { z } from 'zod';

/** Calls of the server by whoever the agent speaks for. Throws what the server answers. */
export type McpCall = <Name extends CallName>(
  name: Name,
  input: CallInput<Name>,
  options?: { readonly signal?: AbortSignal },
) => Promise<CallOutput<Name>>;

/** What a tool is carried out with. */
export interface ToolContext {
  readonly call: McpCall;
  /** Aborted when the client withdraws its request. */
  readonly signal: AbortSignal;
  /** Tells a client that asked for it how a wait goes on. */
  readonly progress: (message: string) => Promise<void>;
}

/** What a tool answers. `untrusted` names the texts in it that came from a host or an agent, each with its title. */
export interface ToolAnswer<Output> {
  readonly output: Output;
  readonly untrusted?: Readonly<Record<string, string>>;
}

/** One tool as it is offered to agents. */
export interface McpTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** A token needs the scopes of all of these, or the tool is not listed. */
  readonly needs: readonly CallName[];
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: boolean;
  };
  readonly run: (input: never, context: ToolContext) => Promise<ToolAnswer<object>>;
}

interface ToolOf<Input extends z.ZodObject, Output extends z.ZodObject>
  extends Omit<McpTool, 'input' | 'output' | 'run'> {
  readonly input: Input;
  readonly output: Output;
  readonly run: (input: z.output<Input>, context: ToolContext) => Promise<ToolAnswer<z.output<Output>>>;
}

/** Keeps what a tool takes and gives in step with its schemas. */
export const tool = <Input extends z.ZodObject, Output extends z.ZodObject>(
  one: ToolOf<Input, Output>,
): McpTool => one;

/** Of tools that look and change nothing. */
export const LOOKS = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const;

/** Of tools that add something and destroy nothing. */
export const ADDS = { ...LOOKS, readOnlyHint: false, idempotentHint: false } as const;

/** Of tools that may destroy what is there. */
export const DESTROYS = { ...ADDS, destructiveHint: true, openWorldHint: true } as const;
