import { request as httpRequest } from 'node:http';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { ERRORS, type ErrorCode } from '@farhand/shared/errors/table';
import type { CallInput, CallName, CallOutput } from '@farhand/shared/protocol/calls';
import { z } from 'zod';
import { readRunningServer } from '../config/running-server.ts';

/** Calls of the running server, as its own user. Throws what the server answers, and `server.not_running`. */
export type Call = <Name extends CallName>(name: Name, input: CallInput<Name>) => Promise<CallOutput<Name>>;

const answer = z.union([
  z.object({ ok: z.literal(true), data: z.unknown() }),
  z.object({
    ok: z.literal(false),
    error: z.object({
      code: z.string(),
      message: z.string(),
      hint: z.string().nullable(),
      details: z.record(z.string(), z.unknown()),
    }),
  }),
]);

/** Finds the server by the file that it keeps in its data folder. */
export function createCall(serverFile: string): Call {
  return async <Name extends CallName>(name: Name, input: CallInput<Name>) => {
    const server = readRunningServer(serverFile);
    if (!server) throw new FarhandError('server.not_running');
    const parsed = answer.parse(await post(`${server.url}/api/${name}`, server.token, input));
    if (!parsed.ok) throw errorOf(parsed.error);
    // The server is of the same version: its answer has the form that the call says.
    return parsed.data as CallOutput<Name>;
  };
}

async function post(url: string, token: string, input: unknown): Promise<unknown> {
  try {
    return JSON.parse(await request(url, token, JSON.stringify(input)));
  } catch (cause) {
    // The file of a server that was killed is still there, and another program may have its port.
    throw new FarhandError('server.not_running', { cause });
  }
}

// Not fetch: it gives up on an answer after five minutes, and a command may run for hours.
function request(url: string, token: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const asked = httpRequest(url, { method: 'POST', headers, timeout: 0 }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () => resolve(Buffer.concat(pieces).toString('utf8')));
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

interface ErrorFacts {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly details: Record<string, unknown>;
}

function errorOf({ code, message, hint, details }: ErrorFacts): FarhandError {
  const known: ErrorCode = Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'internal.unexpected';
  return new FarhandError(known, { message, details, ...(hint === null ? {} : { hint }) });
}
