import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { CallInput, CallName, CallOutput } from '@farhand/shared/protocol/calls';
import { z } from 'zod';
import { PROGRAM_HEADER } from '../api/caller-of.ts';
import { readRunningServer } from '../config/running-server.ts';
import { asThrown } from './as-thrown.ts';
import type { RemoteServer } from './remote-server.ts';

/** Calls of the server, as its own user or by a token. Throws what the server answers, and `server.not_running`. */
export type Call = <Name extends CallName>(
  name: Name,
  input: CallInput<Name>,
  options?: { readonly signal?: AbortSignal },
) => Promise<CallOutput<Name>>;

/** Where calls go, and in whose name. */
export interface CallTarget {
  /** Of the data folder, which tells where its server listens. */
  readonly serverFile: string;
  /** In the place of that one: a server anywhere, by a token. */
  readonly remote?: RemoteServer | null;
  /** Set where an agent speaks through this program; the server holds it to what agents may do. */
  readonly agent?: string;
}

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

/** Finds the server by the file that it keeps in its data folder (a path alone says it), or takes the one that was named. */
export function createCall(target: string | CallTarget): Call {
  const {
    serverFile,
    remote = null,
    agent,
  }: CallTarget = typeof target === 'string' ? { serverFile: target } : target;
  return async <Name extends CallName>(
    name: Name,
    input: CallInput<Name>,
    { signal }: { readonly signal?: AbortSignal } = {},
  ) => {
    const server = remote ?? readRunningServer(serverFile);
    if (!server) throw new FarhandError('server.not_running');
    const headers = {
      authorization: `Bearer ${server.token}`,
      'content-type': 'application/json',
      ...(agent !== undefined && { [PROGRAM_HEADER]: agent }),
    };
    const asked = { url: `${server.url}/api/${name}`, headers, body: JSON.stringify(input), signal };
    const parsed = answer.safeParse(await post(asked, remote !== null));
    if (!parsed.success) throw notThere(remote !== null);
    if (!parsed.data.ok) throw asThrown(parsed.data.error);
    // The server is of the same version: its answer has the form that the call says.
    return parsed.data.data as CallOutput<Name>;
  };
}

interface Asked {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal | undefined;
}

async function post(asked: Asked, isRemote: boolean): Promise<unknown> {
  try {
    return JSON.parse(await request(asked));
  } catch (cause) {
    if (asked.signal?.aborted) throw new FarhandError('request.cancelled', { cause });
    throw notThere(isRemote, cause);
  }
}

// The file of a server that was killed is still there, and another program may have its port.
function notThere(isRemote: boolean, cause?: unknown): FarhandError {
  return isRemote
    ? new FarhandError('server.unreachable', { hint: 'Check the address, and that the server runs.', cause })
    : new FarhandError('server.not_running', { cause });
}

// Not fetch: it gives up on an answer after five minutes, and a command may run for hours.
function request({ url, headers, body, signal }: Asked): Promise<string> {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    // A connection of its own: one that was kept may be closed by the server just when it is used again, and what is sent
    // by it then must not be sent twice.
    const options = { method: 'POST', headers, timeout: 0, agent: false, ...(signal && { signal }) };
    const asked = send(url, options, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () => resolve(Buffer.concat(pieces).toString('utf8')));
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
