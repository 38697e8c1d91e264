import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { ModelRequest, ModelStep } from '@farhand/shared/testing/model-server';
import type { Client, Progress } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  failure,
  type McpClients,
  makeWorkspace,
  mcpClients,
  toolNames,
  use,
} from './testing/mcp-clients.ts';
import { type ServedFarhand, serveFarhand } from './testing/served-farhand.ts';

const USED: ModelStep = { usage: { input: 10, output: 5 } };
const answer = (request: ModelRequest): readonly ModelStep[] =>
  JSON.stringify(request.messages).includes('call_')
    ? [{ text: 'It says 42.', chunks: 2 }, USED]
    : [{ call: { name: 'bash', arguments: { command: 'echo 42' } }, chunks: 2 }, USED];

/** A server from its sources takes seconds to start, and ssh and git take their time. */
describe('MCP', { timeout: 60_000 }, () => {
  let farhand: ServedFarhand;
  let clients: McpClients;
  let made: Awaited<ReturnType<typeof makeWorkspace>>;
  let workspaceId: string;
  let directory: string;

  beforeAll(async () => {
    farhand = await serveFarhand(answer);
    clients = mcpClients(farhand);
    made = await makeWorkspace(farhand, clients);
    ({ workspaceId, directory } = made);
  }, 90_000);
  afterAll(async () => {
    await clients?.close();
    await farhand?.close();
  });

  const TRANSPORTS = [
    ['streamable HTTP', 'auto', () => clients.byHttp(['read', 'run', 'write'])],
    [
      'streamable HTTP with the protocol of before',
      'legacy',
      () => clients.byHttp(['read', 'run', 'write'], 'legacy'),
    ],
    ['stdio', 'auto', () => clients.byStdio()],
    ['stdio with the protocol of before', 'legacy', () => clients.byStdio('legacy')],
  ] as const;

  describe.each(TRANSPORTS)('by %s', (_name, _mode, connect) => {
    let client: Client;
    beforeAll(async () => {
      client = await connect();
    }, 60_000);

    it('runs a command once a person has allowed it, and tells how the wait goes on', async () => {
      const { run } = await use(client, 'run', { workspaceId, argv: ['sh', '-c', 'hostname; pwd; exit 3'] });
      const { runId, approvalId, state } = run as { runId: string; approvalId: string; state: string };
      expect(state).toBe('asking');
      const status = () => use(client, 'approvals_status', { approvalId });
      expect((await status()).approval).toMatchObject({ decision: 'open' });
      expect(JSON.stringify(await use(client, 'approvals_list', {}))).toContain(approvalId);
      const told: Progress[] = [];
      const result = use(
        client,
        'run_result',
        { runId, waitSeconds: 30 },
        {
          onprogress: (progress: Progress) => {
            told.push(progress);
            // The person answers once the client knows that it waits for them.
            if (told.length === 1) void farhand.allow(approvalId);
          },
        },
      );
      expect(await result).toMatchObject({
        run: { state: 'ended', exitCode: 3 },
        stdout: `${hostname()}\n${directory}\n`,
        isTruncated: false,
      });
      expect(told[0]?.message).toContain('person');
      expect((await status()).approval).toMatchObject({ decision: 'allowed' });
    });

    it('writes a file once allowed, reads and lists it', async () => {
      const path = `notes-${Math.random().toString(36).slice(2)}.md`;
      const written = await use(client, 'file_write', { workspaceId, path, content: 'Hello\n' });
      expect(written).toMatchObject({ state: 'asking' });
      expect(existsSync(join(directory, path))).toBe(false);
      const { approvalId } = written;
      expect(await use(client, 'file_write_result', { approvalId })).toMatchObject({ state: 'asking' });
      const result = use(client, 'file_write_result', { approvalId, waitSeconds: 30 });
      await farhand.allow(String(approvalId));
      expect(await result).toEqual({ state: 'written', workspaceId, path, error: null });
      expect(existsSync(join(directory, path))).toBe(true);
      expect(await use(client, 'file_read', { workspaceId, path })).toMatchObject({
        content: 'Hello\n',
        sizeBytes: 6,
        nextOffset: null,
      });
      const { entries } = await use(client, 'file_list', { workspaceId });
      expect(entries).toContainEqual({ name: path, kind: 'file', sizeBytes: 6 });
    });

    it('has an agent work, and shows its transcript as what it is', async () => {
      const started = await use(client, 'session_start', { workspaceId });
      const sessionId = String(started.sessionId);
      await use(client, 'session_prompt', { sessionId, text: 'What is it?' });
      const blocked = async () => {
        const seen = await use(client, 'session_result', { sessionId });
        return (seen.approvals as string[])[0] ?? null;
      };
      await expect.poll(blocked, { timeout: 20_000 }).not.toBeNull();
      await farhand.allow(String(await blocked()));
      expect(await use(client, 'session_result', { sessionId, waitSeconds: 30 })).toMatchObject({
        state: 'done',
        text: 'It says 42.',
        approvals: [],
      });
      const uri = `farhand://sessions/${sessionId}/transcript`;
      const { resources } = await client.listResources();
      expect(resources.map((one) => one.uri)).toEqual(
        expect.arrayContaining(['farhand://hosts', 'farhand://policies', uri]),
      );
      const [content] = (await client.readResource({ uri })).contents;
      const text = content && 'text' in content ? content.text : '';
      expect(text).toContain('It says 42.');
      expect(text).toMatch(/never an instruction/);
      const policies = await client.readResource({ uri: 'farhand://policies' });
      expect(JSON.stringify(policies)).toContain('ask_all');
      const hosts = await client.readResource({ uri: 'farhand://hosts' });
      expect(JSON.stringify(hosts)).toContain(farhand.sshd.alias);
    });

    it('offers no tool that answers a question', async () => {
      const { tools } = await client.listTools();
      expect(
        tools.map(({ name }) => name).filter((name) => /decide|allow|approve|deny|token/.test(name)),
      ).toEqual([]);
      for (const { name, inputSchema, outputSchema, annotations, description } of tools) {
        expect([typeof inputSchema, typeof outputSchema, typeof description], name).toEqual([
          'object',
          'object',
          'string',
        ]);
        expect(annotations?.readOnlyHint, name).toBeTypeOf('boolean');
        expect(annotations?.destructiveHint, name).toBeTypeOf('boolean');
      }
      expect(await toolNames(client)).toEqual([
        'approvals_list',
        'approvals_status',
        'file_list',
        'file_read',
        'file_write',
        'file_write_result',
        'hosts_list',
        'run',
        'run_result',
        'session_prompt',
        'session_result',
        'session_start',
        'workspace_create',
        'workspace_delete',
        'workspace_list',
      ]);
    });

    it('withdraws a wait when the client does, and goes on', async () => {
      const { run } = await use(client, 'run', { workspaceId, argv: ['sh', '-c', 'exit 0'] });
      const { runId } = run as { runId: string };
      const controller = new AbortController();
      const waiting = use(
        client,
        'run_result',
        { runId, waitSeconds: 600 },
        { signal: controller.signal, onprogress: () => controller.abort() },
      );
      await expect(waiting).rejects.toBeInstanceOf(Error);
      expect((await use(client, 'run_result', { runId })).run).toMatchObject({ state: 'asking' });
    });
  });

  it('makes a workspace on a host and waits until it is ready', () => {
    expect(made).toMatchObject({ state: 'ready', host: farhand.sshd.alias, error: null });
  });

  it('lists and does only what the token’s scopes allow', async () => {
    const reader = await clients.byHttp(['read']);
    expect(await toolNames(reader)).toEqual([
      'approvals_list',
      'approvals_status',
      'file_list',
      'file_read',
      'file_write_result',
      'hosts_list',
      'run_result',
      'session_result',
      'workspace_list',
    ]);
    for (const name of ['run', 'file_write', 'workspace_delete', 'session_start'])
      await expect(
        use(reader, name, { workspaceId, path: 'x', content: 'x', argv: ['x'] }),
      ).rejects.toBeInstanceOf(Error);
    const runner = await clients.byHttp(['run']);
    expect(await toolNames(runner)).toEqual(['session_prompt', 'session_start']);
    expect((await runner.listResources()).resources).toEqual([]);
  });

  it('keeps a token to its hosts', async () => {
    const { value } = await farhand.token(['read', 'run', 'write'], { hosts: ['elsewhere'] });
    const client = await clients.withToken(value);
    expect(await use(client, 'workspace_list', {})).toEqual({ workspaces: [] });
    for (const [name, args] of [
      ['run', { workspaceId, argv: ['sh', '-c', 'exit 0'] }],
      ['run', { argv: ['true'] }],
      ['run', { host: 'local', argv: ['true'] }],
      ['file_read', { workspaceId, path: 'README.md' }],
      ['workspace_delete', { workspaceId, force: true }],
    ] as const)
      expect(await failure(client, name, args), name).toContain('access.outside_token');
  });

  it('ends what a token holds open when it is revoked', async () => {
    const { id, value } = await farhand.token(['read', 'run']);
    const client = await clients.withToken(value);
    const { run } = await use(client, 'run', { workspaceId, argv: ['sh', '-c', 'exit 0'] });
    const { runId } = run as { runId: string };
    let revoked: Promise<unknown> | undefined;
    const waiting = use(
      client,
      'run_result',
      { runId, waitSeconds: 600 },
      {
        // Told again meanwhile, it would find nothing to revoke.
        onprogress: () => {
          revoked ??= farhand.call('token.revoke', { tokenId: id as never });
        },
      },
    );
    await expect(waiting).rejects.toBeInstanceOf(Error);
    await revoked;
    await expect(use(client, 'run_result', { runId })).rejects.toBeInstanceOf(Error);
  });

  it('tells a subscriber that a transcript has changed', async () => {
    const client = await clients.byHttp(['read', 'run', 'write']);
    const { sessionId } = await use(client, 'session_start', { workspaceId });
    const uri = `farhand://sessions/${String(sessionId)}/transcript`;
    const changed = new Promise<string>((resolve) =>
      client.setNotificationHandler('notifications/resources/updated', ({ params }) => resolve(params.uri)),
    );
    await client.listen({ resourceSubscriptions: [uri] });
    await farhand.call('session.rename', { sessionId: sessionId as never, title: 'Other' });
    expect(await changed).toBe(uri);
  });

  it('is on record with who asked', async () => {
    const { events } = await farhand.call('audit.search', { limit: 500 });
    const told = events.map(
      ({ kind, actor }) => `${kind} ${actor.kind} ${actor.name?.replace(/\d+$/, '') ?? ''}`,
    );
    for (const wanted of [
      'setting cli ',
      'sign_in token t',
      'file token t',
      'file agent test-client',
      'command token t',
      'command agent test-client',
      'decision cli ',
    ])
      expect(told).toContain(wanted);
    expect(JSON.stringify(events)).not.toMatch(/fh_[a-z2-7]{10}/);
  });

  it('does not start without a server, and says why on stderr alone', async () => {
    const { spawnSync } = await import('node:child_process');
    const { command, args, cwd, env } = farhand.program;
    const ended = spawnSync(command, [...args, 'mcp'], {
      cwd,
      env: { ...env, FARHAND_HOME: join(env.HOME ?? '', 'nothing') },
      encoding: 'utf8',
      input: '',
    });
    expect([ended.status, ended.stdout]).toEqual([1, '']);
    expect(ended.stderr).toContain('No server is running');
  });
});
