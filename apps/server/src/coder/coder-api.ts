/** Coder by its HTTP API (docs/reference/api/workspaces and builds), with a token that the person gave. */
import { setTimeout as delay } from 'node:timers/promises';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { z } from 'zod';
import { type CoderSource, listedWorkspaces, plainLine, type Transition } from './coder-source.ts';

export interface CoderApiOptions {
  /** Of the deployment, as `https://coder.example.com`. */
  readonly url: string;
  readonly token: string;
  /** Between two looks at a build; default one second. */
  readonly lookMs?: number;
}

const PAGE = 100;
const MOST_PAGES = 20;
const ANSWER_TIMEOUT_MS = 30_000;
const LARGEST_ANSWER = 16 * 1024 * 1024;

const build = z.object({
  id: z.string().max(100),
  job: z.object({ status: z.string(), error: z.string().nullish() }),
});
const logs = z.array(z.object({ id: z.number(), output: z.string() }));
const refusal = z.object({ message: z.string(), detail: z.string().optional() });

export function createCoderApi({ url, token, lookMs = 1000 }: CoderApiOptions): CoderSource {
  const ask = async (path: string, signal: AbortSignal, body?: unknown): Promise<unknown> => {
    const response = await fetch(new URL(`/api/v2/${path}`, url), {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'coder-session-token': token, 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
      // A redirect would carry the token to wherever it leads.
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
    }).catch((cause: unknown) => {
      throw signal.aborted ? cause : new FarhandError('coder.unreachable', { cause });
    });
    return await answerOf(response);
  };

  async function follow({ onLine, signal }: Transition, id: string): Promise<void> {
    for (let after = 0; ; await delay(lookMs, undefined, { signal })) {
      const { job } = build.parse(await ask(`workspacebuilds/${encodeURIComponent(id)}`, signal));
      // After the look, so that nothing of its end is missed.
      for (const line of logs.parse(
        await ask(`workspacebuilds/${encodeURIComponent(id)}/logs?after=${after}`, signal),
      )) {
        after = Math.max(after, line.id);
        const text = plainLine(line.output);
        if (text !== '') onLine(text);
      }
      if (job.status === 'succeeded') return;
      if (['failed', 'canceled'].includes(job.status))
        throw new FarhandError('coder.failed', {
          message: `The build ${job.status === 'failed' ? 'failed' : 'was cancelled'}${job.error ? `: ${plainLine(job.error)}` : '.'}`,
        });
    }
  }

  return {
    kind: 'api',
    url,
    async list(signal) {
      const found = [];
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const answer = z
          .object({ workspaces: listedWorkspaces })
          .safeParse(await ask(`workspaces?q=owner:me&limit=${PAGE}&offset=${page * PAGE}`, signal));
        if (!answer.success)
          throw new FarhandError('coder.failed', { message: 'The list of Coder’s API could not be read.' });
        found.push(...answer.data.workspaces);
        if (answer.data.workspaces.length < PAGE) break;
      }
      return found;
    },
    async bring(transition) {
      const { workspace, to, signal } = transition;
      const path = `workspaces/${encodeURIComponent(workspace.id)}/builds`;
      const { id } = build.parse(await ask(path, signal, { transition: to }));
      await follow(transition, id);
    },
  };
}

async function answerOf(response: Response): Promise<unknown> {
  const text = await boundedText(response);
  if (response.status === 401) throw new FarhandError('coder.signed_out');
  const value = jsonOf(text);
  if (response.ok && value !== undefined) return value;
  const said = refusal.safeParse(value);
  const why = said.success
    ? plainLine(`${said.data.message} ${said.data.detail ?? ''}`)
    : `status ${response.status}`;
  if (response.status === 404) throw new FarhandError('coder.not_found', { message: `Coder says: ${why}` });
  throw new FarhandError('coder.failed', { message: `Coder says: ${why}` });
}

async function boundedText(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const piece of response.body ?? []) {
    sizeBytes += piece.byteLength;
    if (sizeBytes > LARGEST_ANSWER)
      throw new FarhandError('coder.failed', { message: 'The answer of Coder’s API is too large.' });
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
