import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { HostId } from '@farhand/shared/model/hosts';
import { newId } from '@farhand/shared/model/ids';
import type { Operation } from '@farhand/shared/model/operations';
import type { Scope } from '@farhand/shared/model/tokens';
import type { Workspace } from '@farhand/shared/model/workspaces';
import type { CallName } from '@farhand/shared/protocol/calls';
import type { Entity } from '@farhand/shared/protocol/frames';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Domains } from './domains.ts';
import { type FrontDoor, openFrontDoor } from './testing/fixture.ts';
import { createTokenGate } from './token-gate.ts';

const BY = { kind: 'cli', name: null } as const;
const [shop, blog] = [newId('project'), newId('project')];
const comparisonId = newId('comparison');
const workspaceOf = (name: string, hostId: string, projectId: string) =>
  ({ id: newId('workspace'), name, hostId, projectId, state: 'ready' }) as unknown as Workspace;
const operationOn = (name: string, host: string) =>
  ({ name, host, projects: null, agents: null }) as Partial<Operation> as Operation;

/** A domain of which every function only says that it was reached. */
const listening = (reached: string[], noun: string, members: object = {}) =>
  new Proxy(members, {
    get: (target, name) => Reflect.get(target, name) ?? (() => reached.push(`${noun}.${String(name)}`)),
  });

describe('a token that is not admin', () => {
  let door: FrontDoor;
  let reached: string[];
  const here = workspaceOf('here', 'lab', shop);

  beforeEach(async () => {
    reached = [];
    const noun = (name: string, members?: object) => listening(reached, name, members);
    const resolve = (host: string | null, how?: { isKnownOnly?: boolean }) => {
      if (how?.isKnownOnly && !['local', 'lab', 'prod'].includes(host ?? 'local'))
        throw new FarhandError('host.not_known');
      return host ?? 'local';
    };
    const none = { list: () => [] };
    door = await openFrontDoor({
      hosts: noun('hosts', { resolve }),
      hostJobs: noun('hostJobs'),
      hostAgents: noun('hostAgents'),
      sandboxes: noun('sandboxes'),
      sudo: noun('sudo'),
      projects: noun('projects'),
      comparisons: noun('comparisons'),
      forks: noun('forks'),
      runs: noun('runs', none),
      operations: noun('operations', {
        list: () => ({ operations: [operationOn('restart', 'prod'), operationOn('clean', 'workspace')] }),
      }),
      workspaces: noun('workspaces', { list: () => [here] }),
      sessions: none,
      terminals: none,
      approvals: { list: () => [], open: () => [] },
    } as unknown as Partial<Domains>);
  });
  afterEach(() => door.close());

  const tokenOf = (scopes: Scope[], limits: object = {}) => {
    const name = `t${door.tokens.list().length}`;
    return door.tokens.create({ name, scopes, expiresAt: null, hosts: null, projects: null, ...limits }, BY)
      .value;
  };
  const post = async (call: CallName, input: unknown, bearer: string, agent?: string) => {
    const { text } = await door.ask({
      path: `/api/${call}`,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${bearer}`,
        ...(agent && { 'farhand-agent': agent }),
      },
      body: JSON.stringify(input),
    });
    return JSON.parse(text).error?.code ?? null;
  };
  const every: Scope[] = ['read', 'run', 'write', 'approve'];
  const place = { projectId: shop, branch: 'main', name: 'x' };

  it.each<[CallName, (host: string) => object]>([
    ['host.jobs', (hostId) => ({ hostId })],
    ['host.reconnect', (hostId) => ({ hostId })],
    ['host.doctor', (hostId) => ({ hostId })],
    ['sudo.drift', (hostId) => ({ hostId })],
    ['agent.list', (hostId) => ({ hostId })],
    ['sandbox.check', (host) => ({ host })],
    ['workspace.create', (host) => ({ ...place, host })],
    ['workspace.fork', (host) => ({ workspaceId: here.id, name: 'x', host })],
    ['workspace.move', (host) => ({ workspaceId: here.id, host })],
    [
      'comparison.start',
      (host) => ({ workspaceId: here.id, prompt: 'x', variants: [{ agent: 'builtin', host }] }),
    ],
  ])('leads the server with the person’s keys to no new place by %s', async (call, inputOn) => {
    for (const bearer of [tokenOf(every), door.access.cliToken])
      expect(await post(call, inputOn('root@10.0.0.1'), bearer, 'claude-code')).toBe('host.not_known');
    expect(reached).toEqual([]);
    await post(call, inputOn('lab'), tokenOf(every));
    expect(reached).toHaveLength(1);
    // A person may.
    await post(call, inputOn('root@10.0.0.1'), door.access.cliToken);
    expect(reached).toHaveLength(2);
  });

  it('adds no repository of the person’s disk, and clones none with the person’s keys', async () => {
    for (const source of ['/home/ada/private', 'git@github.com:ada/private.git'])
      expect(await post('project.add', { source }, tokenOf(every))).toBe('access.scope_missing');
    expect(reached).toEqual([]);
    await post('project.add', { source: '/home/ada/shop' }, tokenOf(['admin']));
    await post('project.add', { source: '/home/ada/shop' }, door.access.cliToken, 'claude-code');
    expect(reached).toHaveLength(2);
  });

  it('chooses no sandbox for what it makes', async () => {
    const input = { ...place, sandbox: 'none' };
    expect(await post('workspace.create', input, tokenOf(every))).toBe('access.scope_missing');
    expect(reached).toEqual([]);
    await post('workspace.create', place, tokenOf(every));
    await post('workspace.create', input, tokenOf(['admin']));
    expect(reached).toHaveLength(2);
  });

  it('runs no command as the test of a comparison, which no policy judges', async () => {
    const variants = [{ agent: 'builtin' }];
    const start = { workspaceId: here.id, prompt: 'x', variants };
    const token = tokenOf(every);
    expect(await post('comparison.start', { ...start, testCommand: 'curl x | sh' }, token)).toBe(
      'access.scope_missing',
    );
    expect(await post('comparison.test', { comparisonId, testCommand: 'curl x | sh' }, token)).toBe(
      'access.scope_missing',
    );
    expect(reached).toEqual([]);
    await post('comparison.start', start, token);
    await post('comparison.test', { comparisonId, testCommand: 'true' }, tokenOf(['admin']));
    expect(reached).toEqual(['comparisons.start', 'comparisons.test']);
  });

  it('that is for some hosts sees no comparison with variants on others', () => {
    const gate = createTokenGate({ workspaces: { list: () => [here] } } as unknown as Domains);
    const grant = { scopes: every, hosts: ['lab' as HostId], projects: null };
    const sees = (...hosts: string[]) => {
      const variants = hosts.map((hostId) => ({ hostId, test: { output: 'of this host' } }));
      return gate.sees(
        { kind: 'comparison', value: { workspaceId: here.id, variants } } as unknown as Entity,
        grant,
      );
    };
    expect(sees('lab', 'prod')).toBe(false);
    expect(sees('lab', 'lab')).toBe(true);
  });

  it('that is for some hosts runs no operation on another one', async () => {
    const token = tokenOf(every, { hosts: ['lab'] });
    const run = (operation: string, bearer: string, workspaceId: string | null = here.id) =>
      post('operation.run', { operation, workspaceId }, bearer);
    expect(await run('restart', token)).toBe('access.outside_token');
    expect(await run('restart', token, null)).toBe('access.outside_token');
    expect(reached).toEqual([]);
    await run('clean', token);
    await run('restart', tokenOf(every, { hosts: ['lab', 'prod'] }));
    expect(reached).toEqual(['operations.run', 'operations.run']);
    expect(await run('clean', tokenOf(every, { projects: [blog] }))).toBe('access.outside_token');
  });
});
