import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { McpServer } from '@farhand/shared/model/mcp';
import type { ModelStep } from '@farhand/shared/testing/model-server';
import { afterEach, describe, expect, it } from 'vitest';
import { AgentBench, type BenchOptions } from '../agents/builtin/testing/agent-bench.ts';
import { createMcpServers } from './mcp-servers.ts';
import { mcpServersFor } from './mcp-servers-for.ts';
import { SERVER_PROGRAM } from './testing/server-program.ts';

let bench: AgentBench;
let web: Server | null = null;
afterEach(async () => {
  await bench.close();
  web?.closeAllConnections();
  web?.close();
  web = null;
});

const call = (tool: string, args: unknown = {}): ModelStep => ({
  call: { name: `mcp__test__${tool}`, arguments: args },
});
const done: ModelStep[] = [{ text: 'Done.' }];
const notices = () => bench.items.flatMap((item) => (item.kind === 'notice' ? [item.text] : []));
const outcomes = () => bench.calls.map(({ state, result }) => [state, result]);
const pid = () => Number(readFileSync(join(bench.directory, 'mcp.pid'), 'utf8'));
const starts = () => readFileSync(join(bench.directory, 'mcp.starts'), 'utf8').split('\n').length - 1;
// A process that ended and whose parent has not looked yet counts as gone.
const isAlive = (one: number) => {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(one)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z');
};
const setUp = (transport: McpServer['transport']) =>
  createMcpServers(bench.server.db).set({
    projectId: bench.projectId,
    name: 'test',
    transport,
    isEnabled: true,
  });

async function start(options: Partial<BenchOptions> & { mode?: string }): Promise<void> {
  const { mode = '', ...rest } = options;
  bench = await AgentBench.start({
    script: [],
    ...rest,
    files: { 'mcp.mjs': SERVER_PROGRAM, ...rest.files },
  });
  setUp({ kind: 'stdio', command: `exec '${process.execPath}' mcp.mjs ${mode}` });
}

interface Offered {
  readonly function: { readonly name: string; readonly description: string; readonly parameters: object };
}
const offered = (): Offered[] => {
  const { tools } = JSON.parse(bench.model.requests[0]?.text ?? '{}') as { tools: Offered[] };
  return tools.filter((tool) => tool.function.name.startsWith('mcp__'));
};

describe('an MCP server on the host', () => {
  it('gives the model its tools, bounded, and answers its calls', async () => {
    await start({
      secrets: { TOKEN: 'canary-mcp-5512' },
      script: [
        [call('add', { a: 2, b: 3 }), call('image'), call('refuse'), call('secret')],
        [call('odd_name_with_dots_3e9c6e')],
        done,
      ],
    });
    await bench.promptAndWait('go');
    const [add, odd] = offered();
    expect(add?.function).toMatchObject({ name: 'mcp__test__add', parameters: { required: ['a', 'b'] } });
    expect(add?.function.description.length).toBe(2048);
    expect(odd?.function.name).toMatch(/^mcp__test__odd_name_with_dots_[0-9a-f]{6}$/);
    expect(outcomes()).toEqual([
      ['done', '5 after 1'],
      ['done', '[an image (image/svg+xml) was left out]'],
      ['failed', 'that cannot be'],
      ['done', 'the token is [secret TOKEN]'],
      ['done', '{"odd":true}'],
    ]);
    expect(bench.call(0).title).toBe('test: add');
    expect(bench.model.requests[1]?.text).toContain('iVBORw0KGgo=');
    expect(starts()).toBe(1);
  });

  it('offers at most 128 tools', async () => {
    await start({ mode: 'many', script: [done] });
    await bench.promptAndWait('go');
    expect(offered().length).toBe(128);
  });

  it('asks the person whatever the server says of its tools', async () => {
    await start({ approvalPolicy: 'ask_writes', script: [[call('add', { a: 1, b: 1 })], done] });
    const { approvals } = bench.server;
    bench.prompt('go');
    await bench.when(() => approvals.open().length === 1);
    const [asked] = approvals.open();
    expect(asked?.subject).toEqual({
      kind: 'tool',
      tool: 'mcp__test__add',
      input: JSON.stringify({ a: 1, b: 1 }, null, 2),
    });
    approvals.decide(
      {
        approvalId: asked?.id ?? ('' as never),
        hash: asked?.hash ?? '',
        decision: { kind: 'deny', reason: 'no sums' },
      },
      'page',
    );
    await bench.whenEnded();
    expect(outcomes()).toEqual([['failed', expect.stringContaining('no sums')]]);
  });

  it('fails a call and never the turn when it hangs, crashes, or writes what is no answer', async () => {
    await start({
      mcpTiming: { callMs: 1000 },
      script: [
        [call('hang')],
        [call('add', { a: 1, b: 1 })],
        [call('crash')],
        [call('add', { a: 2, b: 2 })],
        [call('garbage')],
        [call('add', { a: 3, b: 3 })],
        done,
      ],
    });
    await bench.promptAndWait('go');
    expect(bench.turn.state).toBe('done');
    expect(outcomes()).toEqual([
      ['failed', expect.stringContaining('“test” failed: it did not answer within 1 s')],
      ['done', '2 after 1'],
      ['failed', expect.stringContaining('it ended: exit status 9; it said: it broke')],
      ['done', '4 after 1'],
      ['failed', expect.stringContaining('The MCP server “test” failed')],
      ['done', expect.stringMatching(/^6 after/)],
    ]);
  });

  it('cuts ten mebibytes to what a model reads, and ends a server whose message has no end', async () => {
    await start({ script: [[call('large')], [call('endless')], [call('add', { a: 1, b: 1 })], done] });
    await bench.promptAndWait('go');
    const [large, endless, add] = bench.calls;
    expect(large?.state).toBe('done');
    expect(large?.result).toMatch(/^beginx+\n\[… \d+ characters left out …\]\nx+end$/);
    expect(large?.result?.length).toBeLessThan(31_000);
    expect(endless).toMatchObject({ state: 'failed', result: expect.stringContaining('more than 16 MiB') });
    expect(add?.result).toBe('2 after 1');
  });

  it('is ended when it asks without end, for each question is answered', async () => {
    await start({ script: [[call('ask')], [call('add', { a: 1, b: 1 })], done] });
    await bench.promptAndWait('go');
    expect(bench.call(0)).toMatchObject({
      state: 'failed',
      result: expect.stringContaining('asks faster than it can be answered'),
    });
    expect(bench.call(1).result).toBe('2 after 1');
  });

  it('may take longer than the limit while it tells of progress', async () => {
    await start({ mcpTiming: { callMs: 900 }, script: [[call('slow')], done] });
    await bench.promptAndWait('go');
    expect(outcomes()).toEqual([['done', 'slow and done']]);
    expect(bench.call(0).output).toContain('step 5\n');
  });

  it('is left out with a notice, told once, when it does not come up', async () => {
    await start({ mode: 'crash', secrets: { TOKEN: 'canary-mcp-5513' }, script: [done, done, done] });
    await bench.promptAndWait('go');
    await bench.promptAndWait('again');
    expect(offered()).toEqual([]);
    expect(notices()).toEqual([
      'The MCP server “test” cannot be used: it ended: exit status 7; it said: no licence for [secret TOKEN]. The turn goes on without its tools.',
    ]);
  });

  it.each(['hang', 'flood'])('holds no turn when it only does this: %s', async (mode) => {
    await start({ mode, mcpTiming: { connectMs: mode === 'hang' ? 600 : 20_000 }, script: [done] });
    await bench.promptAndWait('go');
    expect(bench.turn.state).toBe('done');
    expect(notices()).toEqual([
      expect.stringMatching(mode === 'hang' ? /did not answer within 0.6 s/ : /prints what is no message/),
    ]);
  });

  it('is replaced by the next server, and a call that was under way is not done twice', async () => {
    await start({ script: [[call('hang')], done] });
    bench.prompt('go');
    await bench.when(
      () => bench.calls[0]?.state === 'running' && existsSync(join(bench.directory, 'mcp.pid')),
    );
    const first = pid();
    bench.restart();
    await bench.whenEnded();
    expect(bench.turn.state).toBe('done');
    expect(outcomes()).toEqual([['failed', expect.stringContaining('may or may not have taken effect')]]);
    expect(pid()).not.toBe(first);
    expect(isAlive(first)).toBe(false);
  });

  it('ends when it was not used for a while, and is there again when it is wanted', async () => {
    await start({ mcpTiming: { idleMs: 100 }, script: [[call('add', { a: 1, b: 1 })], done, done] });
    await bench.promptAndWait('go');
    const first = pid();
    await gone(first);
    await bench.promptAndWait('again');
    const second = pid();
    expect(second).not.toBe(first);
    await gone(second);
  });

  it('is not shared by sessions that run in different sandboxes', async () => {
    await start({ script: [[call('add', { a: 1, b: 1 })], done, [call('add', { a: 1, b: 1 })], done] });
    const { sessions } = bench.server;
    const other = sessions.create(bench.workspaceId, null).id;
    await bench.promptAndWait('go');
    const first = pid();
    sessions.setSandbox(other, 'offline');
    bench.sessionId = other;
    await bench.promptAndWait('go');
    expect(starts()).toBe(2);
    expect(pid()).not.toBe(first);
    expect(isAlive(first)).toBe(true);
    expect(outcomes()).toEqual([['done', expect.stringContaining('2 after')]]);
  });

  it('ends with the last session that used it', async () => {
    await start({ script: [done, done] });
    const { sessions } = bench.server;
    const other = sessions.create(bench.workspaceId, null).id;
    await bench.promptAndWait('go');
    const first = bench.sessionId;
    bench.sessionId = other;
    await bench.promptAndWait('go');
    expect(starts()).toBe(1);
    await sessions.delete(first);
    expect(isAlive(pid())).toBe(true);
    await sessions.delete(other);
    await gone(pid());
  });
});

describe('an MCP server at an address', () => {
  it('gets the secret as a bearer token, which nothing else gets', async () => {
    const seen: (string | undefined)[] = [];
    const url = await serve((authorization) => seen.push(authorization));
    await start({ secrets: { KEY: 'canary-mcp-5514' }, script: [[call('add', { a: 4, b: 5 })], done] });
    setUp({ kind: 'http', url, secret: 'KEY' });
    await bench.promptAndWait('go');
    expect(outcomes()).toEqual([['done', '9']]);
    expect(new Set(seen)).toEqual(new Set(['Bearer canary-mcp-5514']));
    expect(JSON.stringify([bench.items, bench.model.requests.map(({ text }) => text)])).not.toContain(
      'canary',
    );
  });

  it('is left out with a notice when nothing is there', async () => {
    await start({ script: [done] });
    setUp({ kind: 'http', url: 'http://127.0.0.1:1/mcp', secret: null });
    await bench.promptAndWait('go');
    expect(bench.turn.state).toBe('done');
    expect(notices()).toEqual([expect.stringContaining('“test” cannot be used')]);
  });

  it('is told to other agents in their protocol’s form', async () => {
    await start({});
    const { db } = bench.server;
    const { projectId } = bench;
    const set = (name: string, transport: McpServer['transport'], isEnabled = true) =>
      createMcpServers(db).set({ projectId, name, transport, isEnabled });
    set('test', { kind: 'stdio', command: 'serve --here' });
    set('off', { kind: 'stdio', command: 'x' }, false);
    set('web', { kind: 'http', url: 'https://mcp.example/', secret: 'KEY' });
    set('lost', { kind: 'http', url: 'https://mcp.example/', secret: 'NONE' });
    const given = mcpServersFor({ db, projectId, secrets: { KEY: 'value' } });
    expect(given).toEqual([
      { name: 'test', command: 'sh', args: ['-c', 'serve --here'], env: [] },
      {
        type: 'http',
        name: 'web',
        url: 'https://mcp.example/',
        headers: [{ name: 'Authorization', value: 'Bearer value' }],
      },
    ]);
    createMcpServers(db).remove(projectId, 'test');
    expect(mcpServersFor({ db, projectId, secrets: {} })).toEqual([]);
  });
});

async function serve(onRequest: (authorization: string | undefined) => void): Promise<string> {
  web = createServer(async (incoming, response) => {
    onRequest(incoming.headers.authorization);
    if (incoming.method !== 'POST') return response.writeHead(405).end();
    const pieces: Buffer[] = [];
    for await (const piece of incoming) pieces.push(piece);
    const { id, method, params } = JSON.parse(Buffer.concat(pieces).toString('utf8'));
    if (id === undefined) return response.writeHead(202).end();
    const results: Record<string, () => unknown> = {
      initialize: () => ({
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: 'web', version: '1' },
      }),
      'tools/list': () => ({ tools: [{ name: 'add', inputSchema: { type: 'object' } }] }),
      'tools/call': () => ({
        content: [{ type: 'text', text: String(params.arguments.a + params.arguments.b) }],
      }),
    };
    const body = JSON.stringify({ jsonrpc: '2.0', id, result: results[method]?.() });
    return response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => web?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(web.address() as AddressInfo).port}/mcp`;
}

// Its end is seen by nobody here but the machine.
async function gone(one: number): Promise<void> {
  while (isAlive(one)) await new Promise((resolve) => setTimeout(resolve, 20));
}
