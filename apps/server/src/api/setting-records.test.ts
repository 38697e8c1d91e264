import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { newId } from '@farhand/shared/model/ids';
import type { CallName } from '@farhand/shared/protocol/calls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordedAudit } from '../audit/testing/recorded-audit.ts';
import type { Domains } from './domains.ts';
import { type FrontDoor, openFrontDoor } from './testing/fixture.ts';

const [workspaceId, sessionId, comparisonId] = [newId('workspace'), newId('session'), newId('comparison')];
const projectId = newId('project');
const GIB = 1024 ** 3;

describe('what binds agents and what runs for them', () => {
  let door: FrontDoor;
  let audit: ReturnType<typeof recordedAudit>;
  let isFull: boolean;
  let done: string[];

  beforeEach(async () => {
    audit = recordedAudit();
    isFull = false;
    done = [];
    const does = (name: string) => () => void done.push(name);
    const workspace = { id: workspaceId, name: 'w', hostId: 'prod', approvalPolicy: 'ask_all' };
    door = await openFrontDoor({
      audit: {
        ...audit,
        record(entry: Parameters<typeof audit.record>[0]) {
          if (isFull) throw new FarhandError('audit.unwritable');
          return audit.record(entry);
        },
      },
      workspaces: {
        list: () => [],
        get: () => workspace,
        setPolicy: does('setPolicy'),
        quota: { limitBytes: () => 20 * GIB, setLimit: does('setLimit') },
      },
      sessions: {
        get: () => ({ id: sessionId, workspaceId, agent: 'codex' }),
        setControl: does('setControl'),
      },
      approvals: {
        defaultPolicy: () => 'ask_all',
        setDefaultPolicy: does('setDefaultPolicy'),
        rules: () => [{ id: 'r1', pattern: 'npm test *' }],
        removeRule: does('removeRule'),
      },
      mcpServers: { set: does('set'), remove: does('remove') },
      hostAgents: { add: does('add'), remove: does('remove') },
      comparisons: {
        list: () => [{ id: comparisonId, variants: [{ id: 'v2', workspaceId }] }],
        takeFiles: does('takeFiles'),
      },
    } as unknown as Partial<Domains>);
  });
  afterEach(() => door.close());

  const post = async (call: CallName, input: unknown) => {
    const { text } = await door.ask({
      path: `/api/${call}`,
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${door.access.cliToken}` },
      body: JSON.stringify(input),
    });
    return JSON.parse(text).error?.code ?? null;
  };
  const server = {
    projectId,
    name: 'tools',
    transport: { kind: 'stdio', command: 'tools --key s3cret-key' },
    isEnabled: true,
  };

  it.each<[CallName, object, object]>([
    ['workspace.set_policy', { workspaceId, policy: 'never' }, { kind: 'override', workspaceId }],
    ['approval.set_default_policy', { policy: 'never' }, { kind: 'override' }],
    [
      'workspace.set_quota',
      { quotaBytes: 30 * GIB },
      {
        summary: 'Each workspace may take 30 GiB on its host, before 20 GiB',
        facts: { quotaBytes: 30 * GIB, before: 20 * GIB },
      },
    ],
    [
      'approval.remove_rule',
      { workspaceId, ruleId: 'r1' },
      { kind: 'setting', facts: { pattern: 'npm test *' } },
    ],
    [
      'session.set_control',
      { sessionId, control: 'mode', value: 'bypass' },
      { kind: 'setting', sessionId, facts: { control: 'mode', value: 'bypass' } },
    ],
    ['mcp.set', { server }, { kind: 'setting', summary: 'Set the MCP server tools' }],
    ['mcp.remove', { projectId, name: 'tools' }, { kind: 'setting' }],
    ['agent.add', { name: 'mine', kind: 'acp', command: 'mine --key s3cret-key' }, { kind: 'setting' }],
    ['agent.remove', { agent: 'mine' }, { kind: 'setting' }],
    [
      'comparison.take_files',
      { comparisonId, from: 'v1', to: 'v2', paths: ['a'] },
      { kind: 'file', workspaceId, hostId: 'prod' },
    ],
  ])('%s is on record before it is done, by whom, and is not done without', async (call, input, entry) => {
    isFull = true;
    expect(await post(call, input)).toBe('audit.unwritable');
    expect(done).toEqual([]);
    isFull = false;
    await post(call, input);
    expect(done).toHaveLength(1);
    expect(audit.entries).toEqual([expect.objectContaining(entry)]);
    expect(audit.entries[0]?.actor).toEqual({ kind: 'cli', name: null });
    expect(JSON.stringify(audit.entries)).not.toContain('s3cret-key');
  });

  it('that stays as it is is no event', async () => {
    await post('workspace.set_policy', { workspaceId, policy: 'ask_all' });
    expect([done, audit.entries]).toEqual([['setPolicy'], []]);
  });
});
