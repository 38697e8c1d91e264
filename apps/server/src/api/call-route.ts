import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { calls } from '@farhand/shared/protocol/calls';
import { z } from 'zod';
import type { Caller, CallTable, TableCall } from './calls/table.ts';
import { readJson } from './request-body.ts';

interface CallRequest {
  readonly request: Request;
  readonly caller: Caller;
}

/** Answers `POST /api/<name>`: `{ ok: true, data }`. Throws a `FarhandError` for everything else. */
export async function answerCall(table: CallTable, name: string, asked: CallRequest): Promise<Response> {
  if (!isCallOf(table, name))
    throw new FarhandError('request.unknown_call', { details: { call: name.slice(0, 100) } });
  return Response.json({ ok: true, data: await run(table, name, asked) });
}

const isCallOf = (table: CallTable, name: string): name is TableCall => Object.hasOwn(table, name);

async function run<Name extends TableCall>(
  table: CallTable,
  name: Name,
  { request, caller }: CallRequest,
): Promise<unknown> {
  const parsed = calls[name].input.safeParse(await readJson(request));
  if (!parsed.success) throw invalidInput(name, parsed.error);
  // The table and the schemas have the same keys; the compiler cannot follow one key through both.
  const answer = table[name] as (input: unknown, caller: Caller) => unknown;
  return await answer(parsed.data, caller);
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
