import { once } from 'node:events';
import type { Approval } from '@farhand/shared/model/approvals';
import type { Scope } from '@farhand/shared/model/tokens';
import type { CallName } from '@farhand/shared/protocol/calls';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Domains } from './domains.ts';
import { entityWithoutValues } from './hidden-values.ts';
import { type FrontDoor, openFrontDoor } from './testing/fixture.ts';

const BY = { kind: 'cli', name: null } as const;
/** Stands in every value that a person wrote. */
const VALUE = 'swordfish';
const host = {
  id: 'prod',
  source: 'record',
  connection: { state: 'idle' },
  record: { host: 'prod', environment: { API_KEY: VALUE, EMPTY: '' } },
  isDefault: false,
};
const command = `API_KEY='${VALUE} it'\\''s' MODE=[secret X]b X= systemctl --set KEY=shown`;
const approval = {
  id: 'apr_aaaaaaaaaaaaaaaaaaaa',
  agent: null,
  hostId: 'prod',
  workspaceId: null,
  sessionId: null,
  title: 'Operation restart',
  subject: { kind: 'command', command },
  decision: null,
} as unknown as Approval;

const DOMAINS = {
  hosts: {
    list: async () => [host],
    get: () => host,
    configProblem: () => null,
    resolve: (wanted: string) => wanted,
  },
  operations: {
    list: () => ({ operations: [{ name: 'restart', environment: { API_KEY: VALUE } }], problem: null }),
  },
  hostAgents: {
    list: async () => [
      { id: 'custom-mine', isCustom: true, command: `KEY=${VALUE} mine` },
      { id: 'codex', isCustom: false, command: 'codex acp' },
    ],
  },
  models: {
    list: () => ({
      providers: [{ id: 'x', baseUrl: `https://me:${VALUE}@models.example/v1?key=${VALUE}` }],
      defaultModel: null,
    }),
  },
  coder: { list: async () => ({ source: 'api', url: `https://u:${VALUE}@coder.example`, workspaces: [] }) },
  policy: { get: () => ({ path: 'policy.toml', text: `# ${VALUE}\n`, rules: [], problems: [] }) },
  approvals: { list: () => [approval], open: () => [approval], defaultPolicy: () => 'ask_all' },
  projects: { list: () => [] },
  workspaces: { list: () => [] },
  sessions: { list: () => [], controls: () => [] },
  terminals: { list: () => [] },
  comparisons: { list: () => [] },
  dryRuns: { list: () => [] },
  queue: { list: () => [] },
} as unknown as Partial<Domains>;

describe('values that a person wrote into settings', () => {
  let door: FrontDoor;
  beforeEach(async () => {
    door = await openFrontDoor(DOMAINS);
  });
  afterEach(() => door.close());

  const tokenOf = (...scopes: Scope[]) => {
    const none = { expiresAt: null, hosts: null, projects: null };
    return door.tokens.create({ name: `t${door.tokens.list().length}`, scopes, ...none }, BY).value;
  };
  const post = async (call: CallName, bearer: string, input: object = {}, agent?: string) => {
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
    return JSON.stringify(JSON.parse(text).data);
  };

  it.each<[CallName, string, object?]>([
    ['host.list', '"environment":{"API_KEY":"[hidden]","EMPTY":"[hidden]"}'],
    ['operation.list', '"environment":{"API_KEY":"[hidden]"}'],
    ['agent.list', '"command":"codex acp"', { hostId: 'local' }],
    ['model.list', '"baseUrl":"https://models.example/v1"'],
    ['coder.list', '"url":"https://coder.example/"'],
    ['policy.get', '"text":""'],
    ['approval.list', '"command":"API_KEY=[hidden] MODE=[hidden] X=[hidden] systemctl --set KEY=shown"'],
  ])('are in %s for admin and for persons alone', async (call, shown, input) => {
    const asked = [
      await post(call, tokenOf('read', 'run', 'write'), input),
      await post(call, door.access.cliToken, input, 'claude-code'),
    ];
    for (const answer of asked) {
      expect(answer).toContain(shown);
      expect(answer).not.toContain(VALUE);
    }
    for (const bearer of [tokenOf('admin'), door.access.cliToken])
      expect(await post(call, bearer, input)).toContain(VALUE);
  });

  it('are shown with a question to a token that answers it', async () => {
    expect(await post('approval.list', tokenOf('read', 'approve'))).toContain(VALUE);
    expect(await post('host.list', tokenOf('read', 'approve'))).not.toContain(VALUE);
    // An agent's own words are no values of a person's.
    const agents = { ...approval, agent: 'builtin' } as Approval;
    const entity = { kind: 'approval', value: agents } as const;
    expect(entityWithoutValues(entity, { scopes: ['read'] })).toEqual(entity);
  });

  it('are not in what a WebSocket of such a token sends', async () => {
    const texts: string[] = [];
    const open = async (bearer: string) => {
      const socket = new WebSocket(`ws://127.0.0.1:${door.port}/ws`, {
        headers: { authorization: `Bearer ${bearer}` },
      });
      socket.on('message', (text) => texts.push(String(text)));
      await once(socket, 'open');
      socket.send(JSON.stringify({ type: 'subscribe', sub: 1, topic: { kind: 'state' } }));
      const until = async (type: string) => {
        while (!texts.some((text) => text.includes(`"type":"${type}"`))) await once(socket, 'message');
      };
      await until('snapshot');
      door.feed.changed({ kind: 'host', value: host as never });
      await until('changed');
      const closed = once(socket, 'close');
      socket.close();
      await closed;
      return texts.splice(0).join('\n');
    };
    const told = await open(tokenOf('read'));
    expect(told.match(/"API_KEY":"\[hidden\]"/g)).toHaveLength(2);
    expect(told).not.toContain(VALUE);
    expect((await open(tokenOf('admin'))).match(/"API_KEY":"swordfish"/g)).toHaveLength(2);
  });

  it('are in no tool and no resource of MCP', async () => {
    const client = new Client({ name: 'test', version: '1' });
    const bearer = tokenOf('read', 'run', 'write');
    await client.connect(
      new StreamableHTTPClientTransport(new URL(`${door.origin}/mcp`), {
        authProvider: { token: async () => bearer },
      }),
    );
    const seen = JSON.stringify([
      await client.callTool({ name: 'hosts_list', arguments: {} }),
      await client.callTool({ name: 'approvals_list', arguments: {} }),
      await client.readResource({ uri: 'farhand://hosts' }),
      await client.readResource({ uri: 'farhand://policies' }),
    ]);
    await client.close();
    expect(seen).toContain('API_KEY');
    expect(seen).toContain('policy.toml');
    expect(seen).not.toContain(VALUE);
  });
});
