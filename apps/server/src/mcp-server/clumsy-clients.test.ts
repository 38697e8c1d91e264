import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  PROTOCOL_VERSION_META_KEY,
} from '@modelcontextprotocol/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, type McpClients, makeWorkspace, mcpClients, use } from './testing/mcp-clients.ts';
import { type ServedFarhand, serveFarhand } from './testing/served-farhand.ts';

const FUTURE = '2099-01-01';
const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: FUTURE, capabilities: {}, clientInfo: { name: 'future', version: '9' } },
};

/** A server from its sources takes seconds to start, and so does each `farhand mcp`; longer where much else runs. */
describe('MCP with clients that are clumsy, or come and go', { timeout: 180_000 }, () => {
  let farhand: ServedFarhand;
  let clients: McpClients;
  let workspaceId: string;
  let directory: string;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    farhand = await serveFarhand(() => []);
    clients = mcpClients(farhand);
    ({ workspaceId, directory } = await makeWorkspace(farhand, clients));
  }, 180_000);
  afterAll(async () => {
    await clients?.close();
    for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
    await farhand?.close();
  });

  const poster = async () => {
    const { value } = await farhand.token(['read']);
    return async (body: string, headers: Record<string, string> = {}, method = 'POST') => {
      const response = await fetch(`${farhand.url}/mcp`, {
        method,
        headers: {
          authorization: `Bearer ${value}`,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...headers,
        },
        ...(method === 'POST' && { body }),
      });
      return { status: response.status, text: await response.text() };
    };
  };

  /** `farhand mcp` as a program that is spoken to by hand. */
  const speak = () => {
    const { command, args, cwd, env } = farhand.program;
    const child = spawn(command, [...args, 'mcp'], { cwd, env });
    children.push(child);
    const said = { out: '', err: '' };
    child.stdout.on('data', (chunk) => (said.out += String(chunk)));
    child.stderr.on('data', (chunk) => (said.err += String(chunk)));
    child.stdin.on('error', () => {});
    const until = async (text: string) => {
      while (!`${said.out}${said.err}`.includes(text))
        await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data')]);
    };
    const write = (message: unknown) => child.stdin.write(`${JSON.stringify(message)}\n`);
    return { child, said, until, write, exited: once(child, 'close') };
  };

  it('answers a version of the future with one that it knows, and says which those are', async () => {
    const post = await poster();
    const begun = await post(JSON.stringify(initialize));
    expect(begun.status).toBe(200);
    expect(/"protocolVersion":"(\d{4})/.exec(begun.text)?.[1]).toMatch(/^202/);
    // As clients of today say with each request of which version it is.
    const claim = {
      [PROTOCOL_VERSION_META_KEY]: FUTURE,
      [CLIENT_INFO_META_KEY]: initialize.params.clientInfo,
      [CLIENT_CAPABILITIES_META_KEY]: {},
    };
    const list = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: claim } };
    const headers = { 'mcp-protocol-version': FUTURE, 'mcp-method': 'tools/list' };
    const refused = await post(JSON.stringify(list), headers);
    expect(refused.status).toBe(400);
    expect(refused.text).toMatch(/"supported":\["202\d-\d\d-\d\d"/);
    const { said, until, write, child, exited } = speak();
    write(list);
    await until('"supported"');
    write(initialize);
    await until('protocolVersion');
    expect(said.out).toMatch(/"protocolVersion":"202/);
    expect(said.err).toContain(FUTURE);
    child.stdin.end();
    expect((await exited)[0]).toBe(0);
  });

  it('answers sessions that it never gave, batches, other methods, and JSON without a bottom', async () => {
    const post = await poster();
    const list = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    // It keeps none: whatever a client calls its session gives it nothing.
    const session = { 'mcp-session-id': 'ses_of_somebody_else' };
    expect((await post(list, session)).text).toContain('hosts_list');
    for (const method of ['GET', 'DELETE']) expect((await post('', session, method)).status).toBe(405);
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const nested = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"hosts_list","arguments":{"a":${deep}}}}`;
    for (const body of [nested, deep, '[]', `[${list},${list}]`, 'null', '{"jsonrpc":"2.0","id":1}']) {
      const { status, text } = await post(body);
      expect(status, body.slice(0, 60)).toBeLessThan(500);
      expect(text.length, body.slice(0, 60)).toBeLessThan(20_000);
      expect(text).not.toMatch(/node_modules|\.ts:\d/);
    }
    const unknown = { jsonrpc: '2.0', id: 2, method: 'secrets/list' };
    expect((await post(JSON.stringify(unknown))).text).toContain('-32601');
    expect((await post(list)).status).toBe(200);
  });

  it('ends a subscription with the token that it was begun with', async () => {
    const { id, value } = await farhand.token(['read']);
    const claim = {
      [PROTOCOL_VERSION_META_KEY]: '2026-07-28',
      [CLIENT_INFO_META_KEY]: initialize.params.clientInfo,
      [CLIENT_CAPABILITIES_META_KEY]: {},
    };
    const notifications = { resourceSubscriptions: ['farhand://hosts'] };
    const response = await fetch(`${farhand.url}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${value}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'subscriptions/listen',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'subscriptions/listen',
        params: { notifications, _meta: claim },
      }),
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const whole = response.text();
    await farhand.call('token.revoke', { tokenId: id as never });
    // It would stay open otherwise.
    expect(await whole).toContain('subscriptions/acknowledged');
  });

  it('gives two clients at once each their own answers', async () => {
    const [one, two] = [await clients.byHttp(['read']), await clients.byStdio()];
    for (const name of ['one', 'two']) writeFileSync(join(directory, `${name}.txt`), `of ${name}`);
    const asked = Array.from({ length: 10 }, async () => [
      await use(one, 'file_read', { workspaceId, path: 'one.txt' }),
      await use(two, 'file_read', { workspaceId, path: 'two.txt' }),
    ]);
    for (const answers of await Promise.all(asked))
      expect(answers.map(({ content }) => content)).toEqual(['of one', 'of two']);
  });

  it('says that arguments are too large, and goes on', async () => {
    const argv = Array.from({ length: 39 }, () => 'x'.repeat(90_000));
    for (const client of [await clients.byHttp(['read', 'run']), await clients.byStdio()]) {
      const said = await failure(client, 'run', { workspaceId, argv }).catch(String);
      expect(said).toMatch(/too large|413/i);
      expect(await use(client, 'hosts_list', {})).toHaveProperty('hosts');
    }
  });

  it('goes on when a client gives up a command that it has just asked for', async () => {
    const client = await clients.byHttp(['read', 'run']);
    const gone = new AbortController();
    const argv = ['echo', 'given-up'];
    const asked = use(client, 'run', { workspaceId, argv }, { signal: gone.signal });
    gone.abort();
    await expect(asked).rejects.toBeInstanceOf(Error);
    expect(await use(client, 'hosts_list', {})).toHaveProperty('hosts');
    const { runs } = await farhand.call('run.list', { limit: 50 });
    expect(runs.filter((run) => run.argv[1] === 'given-up').length).toBeLessThan(2);
  });

  it('ends when its stdin does, also in the middle of a wait', async () => {
    const asking = await clients.byHttp(['read', 'run']);
    const { run } = await use(asking, 'run', { workspaceId, argv: ['sh', '-c', 'exit 0'] });
    const { runId } = run as { runId: string };
    const { child, until, write, exited, said } = speak();
    const { params, ...opening } = initialize;
    write({ ...opening, params: { ...params, protocolVersion: '2025-06-18' } });
    await until('protocolVersion');
    write({ jsonrpc: '2.0', method: 'notifications/initialized' });
    const wait = { name: 'run_result', arguments: { runId, waitSeconds: 600 } };
    write({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: { ...wait, _meta: { progressToken: 1 } } });
    await until('waits for a person');
    child.stdin.end();
    expect((await exited)[0]).toBe(0);
    expect(said.err).toBe('');
  });

  it('says on stderr what it does not understand, and ends where a message has no end', async () => {
    const { child, until, write, exited, said } = speak();
    child.stdin.write('no JSON\n{"jsonrpc":"2.0","id":1,"method":5}\n');
    await until('was not understood');
    write(initialize);
    await until('protocolVersion');
    child.stdin.write('x'.repeat(5 * 1024 * 1024));
    expect((await exited)[0]).toBe(1);
    expect(said.err).toContain('more than 4 MiB');
    expect(said.out.trim().split('\n')).toHaveLength(1);
  });

  it('outlives a restart of the server, with what was asked before it', async () => {
    const client = await clients.byStdio();
    const path = 'asked-before.md';
    const { approvalId } = await use(client, 'file_write', { workspaceId, path, content: 'Hello\n' });
    const { run } = await use(client, 'run', { workspaceId, argv: ['sh', '-c', 'exit 4'] });
    const { runId, approvalId: ofRun } = run as { runId: string; approvalId: string };
    await farhand.stop();
    expect(await failure(client, 'hosts_list', {})).toMatch(/No server is running.*farhand serve/);
    await farhand.start();
    expect(await use(client, 'file_write_result', { approvalId })).toMatchObject({ state: 'asking' });
    expect(existsSync(join(directory, path))).toBe(false);
    for (const id of [String(approvalId), ofRun]) await farhand.allow(id);
    expect(await use(client, 'file_write_result', { approvalId, waitSeconds: 30 })).toMatchObject({
      state: 'written',
    });
    expect(readFileSync(join(directory, path), 'utf8')).toBe('Hello\n');
    expect((await use(client, 'run_result', { runId, waitSeconds: 30 })).run).toMatchObject({ exitCode: 4 });
  });
});
