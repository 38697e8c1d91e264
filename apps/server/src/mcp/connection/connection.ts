import {
  type CallToolResult,
  Client,
  SdkError,
  SdkErrorCode,
  StreamableHTTPClientTransport,
  type Tool,
} from '@modelcontextprotocol/client';
import { VERSION } from '../../config/version.ts';
import { boundedFetch } from './bounded-fetch.ts';
import { JobTransport } from './job-transport.ts';

/** The tuned times of MCP servers, in milliseconds. */
export interface McpTiming {
  /** For a server to come up and say what it has. */
  readonly connectMs: number;
  /** Without an answer or word of progress for so long, a call is given up. */
  readonly callMs: number;
  /** A server that is not used for so long is ended. */
  readonly idleMs: number;
  /** One that could not be reached is left alone for so long. */
  readonly retryMs: number;
}

export const MCP_TIMING: McpTiming = {
  connectMs: 20_000,
  callMs: 60_000,
  idleMs: 10 * 60_000,
  retryMs: 60_000,
};
/** However much progress it reports. */
const LONGEST_CALL_MS = 60 * 60_000;
/** Of one list of tools: pages are asked for one after the other. */
const MOST_PAGES = 20;
/** Tools that are kept, and of each so many characters of its schema: a page of them can be 16 MiB long. */
const MOST_LISTED = 256;
const LONGEST_SCHEMA = 64 * 1024;
const LONGEST_TEXT = 4096;

type OneTransport = JobTransport | StreamableHTTPClientTransport;

/** How an address is reached. */
export interface HttpAddress {
  readonly url: string;
  /** The bearer token as of now; null for none. */
  readonly token: () => string | null;
}

interface Opened {
  readonly client: Client;
  readonly transport: OneTransport;
  tools: Promise<Tool[]> | null;
}

/** Why a server could not be used, in words; may hold foreign text. */
export class McpTrouble extends Error {
  override readonly name = 'McpTrouble';
}

/** One MCP server as long as it is used: opened when needed, again after it ended. */
export class McpConnection {
  readonly #makeTransport: () => OneTransport;
  readonly #timing: McpTiming;
  #opened: Promise<Opened> | null = null;
  #current: Opened | null = null;
  #failed: { at: number; trouble: McpTrouble } | null = null;

  constructor(makeTransport: () => OneTransport, timing: McpTiming) {
    this.#makeTransport = makeTransport;
    this.#timing = timing;
  }

  /** What it offers. Throws `McpTrouble`, at once where it was in trouble a moment ago. */
  async tools(): Promise<Tool[]> {
    const failed = this.#failed;
    if (failed && Date.now() - failed.at < this.#timing.retryMs) throw failed.trouble;
    const opened = await this.#open();
    opened.tools ??= this.#list(opened);
    try {
      return await opened.tools;
    } catch (thrown) {
      opened.tools = null;
      throw await this.#troubled(opened, thrown);
    }
  }

  /** Throws `McpTrouble`; what a signal aborted is thrown as it comes. */
  async call(
    name: string,
    args: Record<string, unknown>,
    options: { signal: AbortSignal; onProgress: (message: string) => void },
  ): Promise<CallToolResult> {
    const opened = await this.#open();
    const begunAt = Date.now();
    try {
      return await opened.client.callTool(
        { name, arguments: args },
        {
          signal: options.signal,
          timeout: this.#timing.callMs,
          maxTotalTimeout: LONGEST_CALL_MS,
          resetTimeoutOnProgress: true,
          onprogress: ({ message }) => options.onProgress(message ?? ''),
        },
      );
    } catch (thrown) {
      if (options.signal.aborted) throw thrown;
      throw await this.#troubled(opened, thrown, begunAt);
    }
  }

  /** Ends it where it is a program. */
  async close(): Promise<void> {
    const opened = await this.#opened?.catch(() => null);
    this.#opened = null;
    await opened?.client.close().catch(() => {});
  }

  /** Leaves a program on the host as it is. */
  async detach(): Promise<void> {
    const opened = await this.#opened?.catch(() => null);
    this.#opened = null;
    if (opened?.transport instanceof JobTransport) opened.transport.detach();
    else await opened?.client.close().catch(() => {});
  }

  #open(): Promise<Opened> {
    this.#opened ??= this.#connect();
    return this.#opened;
  }

  async #connect(): Promise<Opened> {
    const transport = this.#makeTransport();
    // Schemas of servers are foreign: they are never compiled.
    const accept = () => (input: unknown) => ({
      valid: true as const,
      data: input as never,
      errorMessage: undefined,
    });
    const client = new Client(
      { name: 'farhand', version: VERSION },
      { capabilities: {}, jsonSchemaValidator: { getValidator: accept } },
    );
    const opened: Opened = { client, transport, tools: null };
    this.#current = opened;
    // One that was replaced meanwhile says nothing of the new one.
    const onclose = () => {
      if (this.#current === opened) this.#opened = null;
    };
    Object.assign(client, { onclose });
    client.setNotificationHandler('notifications/tools/list_changed', () => {
      opened.tools = null;
    });
    try {
      await within(this.#timing.connectMs, client.connect(transport, { timeout: this.#timing.connectMs }));
      this.#failed = null;
      return opened;
    } catch (thrown) {
      this.#opened = null;
      const end = transport instanceof JobTransport ? transport.end : null;
      await Promise.race([
        transport.close().catch(() => {}),
        new Promise((done) => setTimeout(done, 2000).unref()),
      ]);
      throw this.#fail(end === null ? reasonOf(thrown, this.#timing.connectMs) : `it ended: ${end}`);
    }
  }

  async #list({ client }: Opened): Promise<Tool[]> {
    const tools: Tool[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const listed = await client.listTools(cursor === undefined ? undefined : { cursor }, {
        timeout: this.#timing.connectMs,
      });
      for (const tool of listed.tools) {
        if (tools.length >= MOST_LISTED) return tools;
        if (tool.name.length <= LONGEST_TEXT) tools.push(bounded(tool));
      }
      cursor = listed.nextCursor;
      if (cursor === undefined) break;
    }
    return tools;
  }

  async #troubled({ client, transport }: Opened, thrown: unknown, begunAt?: number): Promise<McpTrouble> {
    const isTimeout = thrown instanceof SdkError && thrown.code === SdkErrorCode.RequestTimeout;
    const end = transport instanceof JobTransport ? transport.end : null;
    if (end !== null) return new McpTrouble(`it ended: ${end}`);
    const isSilent =
      begunAt !== undefined && transport instanceof JobTransport && transport.heardAt < begunAt;
    // One that says nothing at all hangs: the next use starts it anew.
    if (isTimeout && isSilent) await client.close().catch(() => {});
    const trouble = reasonOf(thrown, this.#timing.callMs);
    return begunAt === undefined ? this.#fail(trouble) : new McpTrouble(trouble);
  }

  #fail(why: string): McpTrouble {
    const trouble = new McpTrouble(why);
    this.#failed = { at: Date.now(), trouble };
    return trouble;
  }
}

// What is kept of a tool as long as its server is used. A name that is cut would name another one.
function bounded({ name, title, description, inputSchema, annotations }: Tool): Tool {
  const isFit = JSON.stringify(inputSchema).length <= LONGEST_SCHEMA;
  return {
    name,
    title: (title ?? annotations?.title)?.slice(0, LONGEST_TEXT),
    description: description?.slice(0, LONGEST_TEXT),
    inputSchema: isFit ? inputSchema : { type: 'object' },
  };
}

/** The transport of a server that is reached by its address. */
export function httpTransport({ url, token }: HttpAddress): StreamableHTTPClientTransport {
  const server = new URL(url);
  return new StreamableHTTPClientTransport(server, {
    fetch: boundedFetch(server, token),
    reconnectionOptions: {
      initialReconnectionDelay: 500,
      maxReconnectionDelay: 5000,
      reconnectionDelayGrowFactor: 2,
      maxRetries: 2,
    },
  });
}

function reasonOf(thrown: unknown, timeoutMs: number): string {
  if (thrown instanceof SdkError && thrown.code === SdkErrorCode.RequestTimeout)
    return `it did not answer within ${timeoutMs / 1000} s`;
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  return said
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 1000);
}

// The SDK's own limit does not cover what the transport does before the first message.
async function within<Value>(ms: number, work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new SdkError(SdkErrorCode.RequestTimeout, 'it did not come up')),
      ms + 100,
    );
  });
  work.catch(() => {});
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
