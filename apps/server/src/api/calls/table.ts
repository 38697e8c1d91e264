import type { Actor } from '@farhand/shared/model/audit';
import type { CallName, CallOutput, ParsedInput } from '@farhand/shared/protocol/calls';
import type { Grant } from '../../tokens/reach.ts';

/** Signing out is about the browser's cookie, which calls do not see: app.ts answers it. */
export type TableCall = Exclude<CallName, 'access.logout'>;

/** Who calls. */
export interface Caller {
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal;
  /** `agent`: another program's agent, over MCP, by the CLI of the server's own user. */
  readonly kind: 'page' | 'cli' | 'token' | 'agent';
  /** Of the token or the agent; null for the others. */
  readonly name: string | null;
  /** What it may do; null or absent for those who may do everything. */
  readonly grant?: Grant | null;
}

/** The caller as it is put on record. */
export function actorOf({ kind, name }: Caller): Actor {
  return { kind, name };
}

/** For each call, what answers it. The input is checked already. */
export type CallTable = {
  readonly [Name in TableCall]: (
    input: ParsedInput<Name>,
    caller: Caller,
  ) => CallOutput<Name> | Promise<CallOutput<Name>>;
};

/** The calls of one noun, as `session.*`. */
export type CallsOf<Noun extends string> = Pick<CallTable, Extract<TableCall, `${Noun}.${string}`>>;

/** The answer of a call that gives nothing. */
export async function done(work: unknown): Promise<Record<string, never>> {
  await work;
  return {};
}
