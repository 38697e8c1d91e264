import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { calls } from '@farhand/shared/protocol/calls';
import { z } from 'zod';
import type { Caller, CallTable, TableCall } from './calls/table.ts';
import { readJson } from './request-body.ts';
import { assertMayCall, type TokenGate } from './token-gate.ts';

/** What answers calls, and what keeps tokens to their scopes. */
export interface Answering {
  readonly table: CallTable;
  readonly gate: TokenGate;
}

interface CallRequest {
  readonly request: Request;
  readonly caller: Caller;
}

/** Answers `POST /api/<name>`: `{ ok: true, data }`. Throws a `FarhandError` for everything else. */
export async function answerCall(
  { table, gate }: Answering,
  name: string,
  asked: CallRequest,
): Promise<Response> {
  if (!isCallOf(table, name))
    throw new FarhandError('request.unknown_call', { details: { call: name.slice(0, 100) } });
  return Response.json({ ok: true, data: await run({ table, gate }, name, asked) });
}

const isCallOf = (table: CallTable, name: string): name is TableCall => Object.hasOwn(table, name);

async function run<Name extends TableCall>(
  answering: Answering,
  name: Name,
  { request, caller }: CallRequest,
): Promise<unknown> {
  // Before the body is read: who may not call at all learns nothing about the form of its input.
  if (caller.grant) assertMayCall(caller.grant, name);
  return await callTable(answering, name, await readJson(request), caller);
}

/**
 * As `POST /api/<name>`, for callers inside the server. Throws `request.invalid` for an input that is not of the call's
 * form, `access.*` for what the caller may not do, and what the call throws.
 */
export async function callTable(
  { table, gate }: Answering,
  name: TableCall,
  input: unknown,
  caller: Caller,
): Promise<unknown> {
  const parsed = calls[name].input.safeParse(input);
  if (!parsed.success) throw invalidInput(name, parsed.error);
  const { grant } = caller;
  if (grant) gate.admit(name, parsed.data, grant);
  // The table and the schemas have the same keys; the compiler cannot follow one key through both.
  const answer = table[name] as (input: unknown, caller: Caller) => unknown;
  const output = await answer(parsed.data, caller);
  return grant ? gate.visible(name, output, grant) : output;
}

// Paths and rules only, never what was sent: it may be a secret.
function invalidInput(name: TableCall, error: z.ZodError): FarhandError {
  const issues = error.issues
    .slice(0, 10)
    .map(({ path, message }) => `${path.map(String).join('.') || 'input'}: ${message}`);
  return new FarhandError('request.invalid', {
    message: `${name}: ${issues.join('; ')}`,
    details: { call: name, issues },
  });
}
