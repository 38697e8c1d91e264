import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { CallName } from '@farhand/shared/protocol/calls';
import { createMcpHandler, type McpServerFactory } from '@modelcontextprotocol/server';
import type { Access, Caller } from '../access/access.ts';
import type { Answering } from '../api/call-route.ts';
import { callTable } from '../api/call-route.ts';
import { callerOf, PROGRAM_HEADER } from '../api/caller-of.ts';
import type { TableCall, Caller as TableCaller } from '../api/calls/table.ts';
import { scopesOf } from '../api/calls/tokens.ts';
import type { StateFeed } from '../feed/state-feed.ts';
import type { Log } from '../logging/log.ts';
import { HOSTS_URI, transcriptUri } from './resources.ts';
import { createMcpServer } from './server.ts';
import type { McpCall } from './tool.ts';

/** MCP by streamable HTTP at `/mcp`. */
export interface McpEndpoint {
  /** The front door has let the caller in. */
  answer(request: Request, caller: Exclude<Caller, { kind: 'browser' }>): Promise<Response>;
  close(): Promise<void>;
}

interface EndpointDeps extends Answering {
  readonly access: Pick<Access, 'watchLogouts'>;
  readonly feed: StateFeed;
  readonly log: Log;
}

const MAX_BODY_BYTES = 1024 * 1024;
/** How long a request may still be answered once its token is revoked; the answer is that it is not good. */
const LAST_ANSWER_MS = 500;
const ASKED = 'farhand/asked';

/** Who asks, and when they may no longer. */
interface Asked {
  readonly caller: TableCaller;
  readonly ended: AbortSignal;
}

/** Of all programs together; each holds a connection open. */
const MAX_SUBSCRIPTIONS = 100;

/** A fresh server for each request: nothing of one caller is there for another. */
export function createMcpEndpoint({ table, gate, access, feed, log }: EndpointDeps): McpEndpoint {
  const open = new Map<string, Set<AbortController>>();
  const factory: McpServerFactory = ({ authInfo }) => {
    const asked = authInfo?.extra?.[ASKED] as Asked | undefined;
    if (!asked) throw new Error('A request of MCP has no caller.');
    const { caller, ended } = asked;
    const call = ((name: CallName, input: unknown, options?: { signal?: AbortSignal }) => {
      if (ended.aborted) throw new FarhandError('access.token_invalid');
      const signal = AbortSignal.any([ended, options?.signal ?? caller.signal]);
      return callTable({ table, gate }, name as TableCall, input, { ...caller, signal });
    }) as McpCall;
    return createMcpServer({ call, scopes: scopesOf(caller) });
  };
  const handler = createMcpHandler(factory, {
    maxRequestBodySize: MAX_BODY_BYTES,
    maxSubscriptions: MAX_SUBSCRIPTIONS,
    onerror: (error) => log.debug('mcp.request_failed', { error }),
  });
  const unwatchFeed = feed.watch((change) => {
    if (change.type === 'removed') return;
    const { entity } = change;
    if (entity.kind === 'session') handler.notify.resourceUpdated(transcriptUri(entity.value.id));
    if (entity.kind === 'host') handler.notify.resourceUpdated(HOSTS_URI);
  });
  const unwatchEnded = access.watchLogouts((tokenHash) => {
    for (const controller of open.get(tokenHash) ?? []) controller.abort();
    open.delete(tokenHash);
  });
  return {
    async answer(request, asking) {
      const ended = new AbortController();
      const release = asking.kind === 'token' ? watchOpen(open, asking.tokenHash, ended) : () => {};
      // Whoever speaks MCP is an agent, by whatever key it came in.
      const header = (name: string) => request.headers.get(name) ?? (name === PROGRAM_HEADER ? 'mcp' : null);
      const caller = callerOf(asking, header, request.signal);
      const asked: Asked = { caller, ended: ended.signal };
      const answering = handler.fetch(request, {
        authInfo: { token: '', clientId: '', scopes: [], extra: { [ASKED]: asked } },
      });
      const response = await answering.catch((thrown: unknown) => {
        release();
        throw thrown;
      });
      return untilEnded(response, ended.signal, release);
    },
    async close() {
      unwatchFeed();
      unwatchEnded();
      await handler.close();
    },
  };
}

function watchOpen(open: Map<string, Set<AbortController>>, key: string, one: AbortController): () => void {
  const all = open.get(key) ?? new Set();
  open.set(key, all.add(one));
  return () => {
    all.delete(one);
    if (all.size === 0 && open.get(key) === all) open.delete(key);
  };
}

// A stream may stay open for long: it ends with the token that it was opened with, after the answers that are due.
function untilEnded(response: Response, ended: AbortSignal, onEnd: () => void): Response {
  const headers = new Headers(response.headers);
  // What was not read of a request must not be taken for the next one.
  if (response.status === 413) headers.set('connection', 'close');
  const { status } = response;
  const reader = response.body?.getReader();
  if (!reader) {
    onEnd();
    return new Response(null, { status, headers });
  }
  const cut = () => void setTimeout(() => reader.cancel().catch(() => {}), LAST_ANSWER_MS).unref();
  ended.addEventListener('abort', cut);
  // It may have ended while the answer was begun.
  if (ended.aborted) cut();
  const release = () => {
    ended.removeEventListener('abort', cut);
    onEnd();
  };
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (!done) return controller.enqueue(value);
      release();
      controller.close();
    },
    cancel(reason) {
      release();
      return reader.cancel(reason);
    },
  });
  return new Response(body, { status, headers });
}
