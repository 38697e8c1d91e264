import { once } from 'node:events';
import { newId } from '@farhand/shared/model/ids';
import type { Session } from '@farhand/shared/model/sessions';
import type { ApiToken, Scope } from '@farhand/shared/model/tokens';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { type CallName, calls } from '@farhand/shared/protocol/calls';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Approvals } from '../approvals/approvals.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Terminals } from '../terminals/terminals.ts';
import { assertWithin, touchedByInput } from '../tokens/reach.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import { EXAMPLES } from './openapi/examples.ts';
import { SCOPES } from './scopes.ts';
import { type FrontDoor, openFrontDoor } from './testing/fixture.ts';

const BY = { kind: 'cli', name: null } as const;
const [shop, blog] = [newId('project'), newId('project')];
// Only what the calls and the gate look at.
const workspaceOf = (name: string, hostId: string, projectId: string) =>
  ({ id: newId('workspace'), name, hostId, projectId, state: 'ready' }) as unknown as Workspace;

describe('the API with a token', () => {
  let door: FrontDoor;
  const ours = workspaceOf('ours', 'prod', shop);
  const theirs = workspaceOf('theirs', 'lab', blog);
  const session = { id: newId('session'), workspaceId: ours.id, state: 'idle' } as unknown as Session;
  const deleted: string[] = [];

  beforeEach(async () => {
    deleted.length = 0;
    door = await openFrontDoor({
      workspaces: {
        list: () => [ours, theirs],
        delete: (id: string) => Promise.resolve(void deleted.push(id)),
      } as unknown as Workspaces,
      sessions: { list: () => [session], get: () => session, controls: () => [] } as unknown as Sessions,
      terminals: { list: () => [] } as unknown as Terminals,
      approvals: { list: () => [], defaultPolicy: () => 'ask_all', open: () => [] } as unknown as Approvals,
    });
  });
  afterEach(() => door.close());

  const tokenOf = (scopes: Scope[], limits: object = {}) => {
    const name = `t${door.tokens.list().length}`;
    const none = { expiresAt: null, hosts: null, projects: null };
    return door.tokens.create({ name, scopes, ...none, ...limits }, BY);
  };
  const post = async (call: string, input: unknown, headers: Record<string, string>) => {
    const answer = await door.ask({
      path: `/api/${call}`,
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(input),
    });
    const json = JSON.parse(answer.text);
    return { status: answer.status, headers: answer.headers, data: json.data, error: json.error };
  };
  const assertReach = (input: object, token: ApiToken) => {
    const nobody = {
      workspaceOf: () => null,
      workspace: () => null,
      hostOf: () => null,
      hostOfOperation: () => null,
    };
    assertWithin(token, touchedByInput(input, nobody));
  };
  const as = (value: string) => ({ authorization: `Bearer ${value}` });

  it('lets a token do what its scopes say, and names the scope that is missing', async () => {
    const { value } = tokenOf(['read']);
    expect((await post('workspace.list', {}, as(value))).data.workspaces).toHaveLength(2);
    const refused = await post('workspace.delete', { workspaceId: ours.id }, as(value));
    expect(refused).toMatchObject({
      status: 403,
      error: { code: 'access.scope_missing', details: { scope: 'write' } },
    });
    expect(deleted).toEqual([]);
    expect(
      (await post('workspace.delete', { workspaceId: ours.id }, as(tokenOf(['write']).value))).status,
    ).toBe(200);
    expect(deleted).toEqual([ours.id]);
    expect((await post('access.whoami', {}, as(value))).data).toMatchObject({
      kind: 'token',
      scopes: ['read'],
    });
  });

  it('lets no token make what would outlive it: tokens, logins, push subscriptions', async () => {
    const wanted = { name: 'wide', scopes: ['admin'] };
    const keys = { p256dh: 'x', auth: 'x' };
    for (const [call, input] of [
      ['token.create', wanted],
      ['access.login_url', {}],
      ['push.subscribe', { endpoint: 'https://push.example/x', keys }],
    ] as const) {
      for (const token of [
        tokenOf(['read', 'run', 'write', 'approve']),
        tokenOf(['admin']),
        tokenOf(['admin'], { hosts: ['prod'] }),
      ])
        expect(await post(call, input, as(token.value)), call).toMatchObject({
          status: 403,
          error: { code: 'access.not_for_tokens' },
        });
    }
    expect(door.tokens.list().some(({ name }) => name === 'wide')).toBe(false);
    // A person may, and a token may still end others.
    const made = await post('token.create', wanted, as(door.access.cliToken));
    expect(made.status).toBe(200);
    expect((await post('access.login_url', {}, as(door.access.cliToken))).status).toBe(200);
    const admin = as(tokenOf(['admin']).value);
    expect((await post('token.list', {}, admin)).status).toBe(200);
    expect((await post('token.revoke', { tokenId: made.data.token.id }, admin)).status).toBe(200);
  });

  it('keeps a limited token to its hosts and projects, in inputs and in lists', async () => {
    const { value } = tokenOf(['read', 'write'], { projects: [shop] });
    const listed = await post('workspace.list', {}, as(value));
    expect(listed.data.workspaces.map(({ name }: Workspace) => name)).toEqual(['ours']);
    const refused = await post('workspace.delete', { workspaceId: theirs.id }, as(value));
    expect(refused).toMatchObject({ status: 403, error: { code: 'access.outside_token' } });
    const onHost = tokenOf(['read', 'run', 'write'], { hosts: ['lab'] });
    expect(
      (await post('session.prompt', { sessionId: session.id, text: 'x' }, as(onHost.value))).error.code,
    ).toBe('access.outside_token');
    expect((await post('host.jobs', { hostId: 'prod' }, as(onHost.value))).error.code).toBe(
      'access.outside_token',
    );
    expect((await post('workspace.delete', { workspaceId: theirs.id }, as(onHost.value))).status).toBe(200);
    const variants = [{ host: 'lab' }, { host: 'prod' }];
    const nested = { sessionId: undefined, projectId: blog, host: 'lab', variants };
    expect(() => assertReach(nested, onHost.token)).toThrow(/limited/);
    expect(() => assertReach({ ...nested, variants: [{ host: null }] }, onHost.token)).toThrow(/limited/);
    expect(() => assertReach({ ...nested, variants: [{ host: 'lab' }] }, onHost.token)).not.toThrow();
    // The host that is meant where none is named may be any.
    expect((await post('run.start', { argv: ['ls'] }, as(onHost.value))).error.code).toBe(
      'access.outside_token',
    );
    expect(deleted).toEqual([theirs.id]);
  });

  it('refuses wrong, cut, revoked tokens and tokens in a URL with 401, whatever cookie is there', async () => {
    const { token, value } = tokenOf(['read']);
    const cookie = door.signIn();
    const wrong = await post('workspace.list', {}, { ...as(value.slice(0, -1)), cookie });
    expect(wrong).toMatchObject({ status: 401, error: { code: 'access.token_invalid' } });
    expect(wrong.headers['www-authenticate']).toContain('Bearer');
    door.tokens.revoke(token.id, BY);
    expect((await post('workspace.list', {}, as(value))).status).toBe(401);
    const good = tokenOf(['read']).value;
    const inUrl = await door.ask({
      path: `/api/workspace.list?token=${good}&access_token=${good}`,
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: door.origin },
      body: '{}',
    });
    expect(inUrl.status).toBe(401);
    for (let count = 0; count < 12; count += 1) await post('workspace.list', {}, as('fh_wrong'));
    expect((await post('workspace.list', {}, as('fh_wrong'))).status).toBe(429);
    expect((await post('workspace.list', {}, as(good))).status).toBe(200);
  });

  it('gives another site’s page nothing by a bearer, and a cookie nothing at /mcp', async () => {
    const { value } = tokenOf(['read']);
    const cookie = door.signIn();
    const evil = { origin: 'http://evil.example' };
    expect((await post('workspace.list', {}, { ...as(value), ...evil })).error.code).toBe(
      'access.wrong_origin',
    );
    // A page that can send a cookie but no header of its own gains nothing by a word that looks like one.
    expect((await post('workspace.list', {}, { cookie, ...evil, authorization: 'Bearer x' })).status).toBe(
      403,
    );
    expect((await post('workspace.list', {}, { cookie, authorization: 'Bearer x' })).error.code).toBe(
      'access.wrong_origin',
    );
    const mcp = await door.ask({
      path: '/mcp',
      method: 'POST',
      headers: { cookie, origin: door.origin, 'content-type': 'application/json' },
      body: '{}',
    });
    expect(mcp.status).toBe(401);
    const wrongHost = await door.ask({
      path: '/mcp',
      method: 'POST',
      headers: { ...as(value), host: 'evil.example', 'content-type': 'application/json' },
      body: '{}',
    });
    expect(wrongHost.status).toBe(403);
  });

  it('keeps an agent that speaks through the CLI from answers and settings', async () => {
    const agent = { ...as(door.access.cliToken), 'farhand-agent': 'claude-code' };
    expect((await post('access.whoami', {}, agent)).data).toMatchObject({
      kind: 'agent',
      name: 'claude-code',
    });
    // Nor does it pass for somebody by whose name a rule knows them.
    for (const name of ['cli', 'page', 'builtin', 'Terminal', 'claude', 'custom-mine'])
      expect((await post('access.whoami', {}, { ...agent, 'farhand-agent': name })).data.name).toBe(
        `mcp-${name}`,
      );
    const decide = await post('approval.decide', EXAMPLES['approval.decide'], agent);
    expect(decide.error).toMatchObject({ code: 'access.scope_missing', details: { scope: 'approve' } });
    expect((await post('token.list', {}, agent)).status).toBe(403);
  });

  it('opens a WebSocket that shows what the token reaches, and ends it with the token', async () => {
    const { token, value } = tokenOf(['read'], { hosts: ['lab'] });
    const socket = new WebSocket(`ws://127.0.0.1:${door.port}/ws`, { headers: as(value) });
    const frames: { type: string; error?: { code: string } }[] = [];
    socket.on('message', (text) => frames.push(JSON.parse(String(text))));
    const next = async (type: string) => {
      while (!frames.some((frame) => frame.type === type)) await once(socket, 'message');
      return frames.find((frame) => frame.type === type);
    };
    await next('hello');
    socket.send(
      JSON.stringify({
        type: 'subscribe',
        sub: 1,
        topic: { kind: 'session', sessionId: session.id, after: 0 },
      }),
    );
    expect((await next('error'))?.error?.code).toBe('access.outside_token');
    socket.send(JSON.stringify({ type: 'terminal_input', id: 1, terminalId: newId('terminal'), text: 'x' }));
    expect((await next('terminal_input_done'))?.error?.code).toBe('access.scope_missing');
    const closed = once(socket, 'close');
    door.tokens.revoke(token.id, BY);
    expect((await closed)[0]).toBe(1008);
    const noRead = new WebSocket(`ws://127.0.0.1:${door.port}/ws`, { headers: as(tokenOf(['run']).value) });
    await once(noRead, 'open');
    noRead.send(JSON.stringify({ type: 'subscribe', sub: 1, topic: { kind: 'state' } }));
    const answer = await new Promise<string>((resolve) =>
      noRead.on('message', (text) => String(text).includes('"error"') && resolve(String(text))),
    );
    expect(JSON.parse(answer).error.code).toBe('access.scope_missing');
    noRead.close();
  });

  it('serves an OpenAPI document that a validator takes, to those who are signed in', async () => {
    expect((await door.ask({ path: '/api/openapi.json' })).status).toBe(401);
    const answer = await door.ask({ path: '/api/openapi.json', headers: as(tokenOf(['read']).value) });
    const document = JSON.parse(answer.text);
    expect(await new Validator().validate(structuredClone(document))).toMatchObject({ valid: true });
    for (const [, ref] of answer.text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const found = (ref ?? '').split('/').reduce((at, key) => at?.[key], document);
      expect(found, ref).toBeDefined();
    }
    expect(Object.keys(document.paths)).toHaveLength(Object.keys(calls).length - 1);
    for (const [name, example] of Object.entries(EXAMPLES))
      expect(calls[name as CallName].input.safeParse(example).success, name).toBe(true);
  });

  it('can be driven by a client that knows nothing but the document', async () => {
    const { value } = tokenOf(['read', 'write']);
    const { text } = await door.ask({ path: '/api/openapi.json', headers: as(value) });
    const document = JSON.parse(text);
    const [server] = document.servers;
    for (const [path, operations] of Object.entries<{ post: { operationId: string } }>(document.paths)) {
      if (
        !['workspace.list', 'session.list', 'approval.default_policy'].includes(operations.post.operationId)
      )
        continue;
      const response = await fetch(`${server.url}${path}`, {
        method: 'POST',
        headers: { ...as(value), 'content-type': 'application/json' },
        body: '{}',
      });
      expect(response.status, path).toBe(200);
    }
  });

  it('has a decision on the scope of every call', () => {
    const undecided = Object.keys(calls).filter((name) => !Object.hasOwn(SCOPES, name));
    expect(undecided).toEqual([]);
  });
});
