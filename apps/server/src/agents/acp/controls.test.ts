import { agent, client, type SessionUpdate } from '@agentclientprotocol/sdk';
import { agentControls } from '@farhand/shared/model/agents';
import { newId } from '@farhand/shared/model/ids';
import { describe, expect, it } from 'vitest';
import {
  controlRequest,
  emptyControls,
  loginCommand,
  modelOf,
  withConfig,
  withControlUpdate,
  withInitialize,
  withSession,
  withValue,
} from './controls.ts';
import { throughSdk } from './updates/testing/through-sdk.ts';

const empty = emptyControls(newId('session'));
const modes = {
  currentModeId: 'ask',
  availableModes: [
    { id: 'ask', name: 'Ask', description: 'Asks' },
    { id: 'code', name: 'Code' },
  ],
};
const models = {
  currentModelId: 'm1',
  availableModels: [
    { modelId: 'm1', name: 'Model one' },
    { modelId: 'm2', name: '', description: 'second' },
  ],
};
const select = (id: string, category: string, currentValue: string, values: string[]) => ({
  type: 'select' as const,
  id,
  name: id,
  category,
  currentValue,
  options: values.map((value) => ({ value, name: value.toUpperCase() })),
});
const initialize = {
  protocolVersion: 1,
  agentInfo: { name: 'codex-acp', version: '0.9.2' },
  agentCapabilities: { promptCapabilities: { image: true } },
  authMethods: [
    { id: 'key', name: 'API key' },
    {
      type: 'terminal' as const,
      id: 'typed',
      name: 'In a terminal',
      args: ['login', 'a b'],
      env: { A: "it's" },
    },
    {
      id: 'meta',
      name: 'Older',
      _meta: { 'terminal-auth': { command: '/usr/bin/node', args: ['cli.js', '/login'] } },
    },
  ],
};

describe('controls', () => {
  it('of what an agent says of itself, as the SDK passes it on', async () => {
    const peer = agent().onRequest('initialize', () => initialize);
    const connection = client().connect(peer);
    const answer = await connection.agent.request('initialize', { protocolVersion: 1 });
    connection.close();
    const controls = withInitialize(empty, answer);
    expect(controls).toMatchObject({
      canAttachImages: true,
      agentVersion: 'codex-acp 0.9.2',
      logins: [
        { id: 'key', kind: 'agent' },
        { id: 'typed', kind: 'terminal' },
        { id: 'meta', kind: 'terminal' },
      ],
    });
    expect(loginCommand(answer, 'key', 'codex-acp')).toBeNull();
    const typed = loginCommand(answer, 'typed', 'npx codex-acp');
    expect(typed).toBe("env A='it'\\''s' npx codex-acp login 'a b'");
    expect(loginCommand(answer, 'meta', 'codex-acp')).toBe('/usr/bin/node cli.js /login');
    expect(() => loginCommand(answer, 'none', 'x')).toThrow(
      expect.objectContaining({ code: 'session.unknown_control' }),
    );
  });

  it('have modes and the older list of models', () => {
    const controls = withSession({ ...empty, needsLogin: true }, { sessionId: 's', modes, models });
    expect(agentControls.parse(controls)).toMatchObject({ mode: 'ask', needsLogin: false });
    expect(controls.modes[1]).toEqual({ id: 'code', name: 'Code', description: null });
    expect(modelOf(controls)).toBe('Model one');
    expect(controlRequest(controls, 'mode', 'code')).toEqual({
      method: 'session/set_mode',
      params: { modeId: 'code' },
    });
    expect(controlRequest(controls, controls.options[0]?.id ?? '', 'm2')).toEqual({
      method: 'session/set_model',
      params: { modelId: 'm2' },
    });
    expect(withValue(controls, 'mode', 'code').mode).toBe('code');
    expect(modelOf(withValue(controls, controls.options[0]?.id ?? '', 'm2'))).toBe('m2');
  });

  it('have config options with groups and switches, which take the place of older lists', () => {
    const grouped = {
      ...select('effort', 'thought_level', 'low', []),
      options: [{ group: 'g', name: 'Usual', options: [{ value: 'low', name: 'Low' }] }],
    };
    const web = { type: 'boolean', id: 'web', name: 'Web', currentValue: false };
    const configOptions = [
      select('model', 'model', 'a', ['a', 'b']),
      select('mode', 'mode', 'code', ['ask', 'code']),
      grouped,
      web,
      { id: 'broken' },
    ];
    const controls = withSession(empty, { modes, models, configOptions });
    expect(controls.mode).toBe('code');
    expect(controls.options.map(({ id, category, value }) => [id, category, value])).toEqual([
      ['model', 'model', 'a'],
      ['effort', 'effort', 'low'],
      ['web', null, false],
    ]);
    expect(controls.options[1]?.choices).toEqual([
      { value: 'low', name: 'Low', description: null, group: 'Usual' },
    ]);
    expect(controlRequest(controls, 'web', true)).toEqual({
      method: 'session/set_config_option',
      params: { configId: 'web', type: 'boolean', value: true },
    });
    expect(controlRequest(controls, 'model', 'b')).toEqual({
      method: 'session/set_config_option',
      params: { configId: 'model', value: 'b' },
    });
    expect(
      withConfig(controls, [select('model', 'model', 'b', ['a', 'b'])]).options.map(({ value }) => value),
    ).toEqual(['b']);
    expect(withSession(empty, { configOptions }).options.map(({ id }) => id)).toContain('mode');
  });

  it('take no value that is none of the choices', () => {
    const controls = withSession(empty, {
      modes,
      models,
      configOptions: [{ type: 'boolean', id: 'web', name: 'Web', currentValue: false }],
    });
    for (const [control, value] of [
      ['mode', 'none'],
      ['web', 'on'],
      ['session_model', 'm3'],
      ['session_model', true],
      ['x', 'y'],
    ] as const)
      expect(() => controlRequest(controls, control, value)).toThrow(
        expect.objectContaining({ code: 'session.unknown_control' }),
      );
    expect(() => controlRequest(null, 'mode', 'ask')).toThrow(
      expect.objectContaining({ code: 'session.unknown_control' }),
    );
  });

  it('change with what the agent tells later', async () => {
    const sent: SessionUpdate[] = [
      { sessionUpdate: 'current_mode_update', currentModeId: 'code' },
      { sessionUpdate: 'config_option_update', configOptions: [select('model', 'model', 'b', ['a', 'b'])] },
      {
        sessionUpdate: 'available_commands_update',
        availableCommands: [{ name: '/init', description: 'Begins' }],
      },
      { sessionUpdate: 'usage_update', used: 1, size: 2 },
    ];
    const updates = await throughSdk(sent);
    expect(updates).toHaveLength(4);
    const controls = updates.reduce(withControlUpdate, withSession(empty, { modes, models }));
    expect(controls.mode).toBe('code');
    expect(controls.options.map(({ id, value }) => [id, value])).toEqual([['model', 'b']]);
    expect(controls.commands).toEqual([{ name: 'init', description: 'Begins', hint: null }]);
  });

  it('of nonsense are none, and a flood is cut', () => {
    expect(withSession(empty, null)).toEqual(empty);
    expect(withInitialize(empty, 'hello')).toEqual(empty);
    expect(withSession(empty, { modes: 1, models: { currentModelId: 2 }, configOptions: 'x' })).toEqual(
      empty,
    );
    const many = Array.from({ length: 5000 }, (_, at) => ({
      name: `c${at}`,
      description: 'x'.repeat(10_000),
    }));
    const flooded = withControlUpdate(empty, {
      sessionUpdate: 'available_commands_update',
      availableCommands: many,
    });
    expect(flooded.commands).toHaveLength(500);
    expect(flooded.commands[0]?.description).toHaveLength(2000);
  });
});
