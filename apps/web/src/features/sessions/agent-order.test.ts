import type { HostAgent } from '@farhand/shared/model/agents';
import { describe, expect, it } from 'vitest';
import { agentChoices, firstAgent } from './agent-order.ts';

const agent = (id: string, over: Partial<HostAgent> = {}): HostAgent => ({
  id,
  name: id,
  kind: id === 'builtin' ? 'builtin' : 'acp',
  state: 'ready',
  path: null,
  version: null,
  command: null,
  installs: [],
  note: null,
  isCustom: false,
  ...over,
});

const choices = agentChoices([
  agent('qwen', { state: 'missing' }),
  agent('pi'),
  agent('gemini', { state: 'missing', installs: [{ id: 'npm', command: 'npm i -g x' }] }),
  agent('codex', { state: 'unknown' }),
  agent('custom-mine', { isCustom: true }),
  agent('builtin'),
]);

describe('agentChoices', () => {
  it('has the built-in one first, then the person’s own, then by name', () => {
    expect(choices.ready.map(({ id }) => id)).toEqual(['builtin', 'custom-mine', 'codex', 'pi']);
  });

  it('puts what can be installed before what cannot', () => {
    expect(choices.missing.map(({ id }) => id)).toEqual(['gemini', 'qwen']);
  });
});

describe('firstAgent', () => {
  it('is the last choice while that is ready', () => {
    expect(firstAgent(choices, 'pi')).toBe('pi');
    expect(firstAgent(choices, 'gemini')).toBe('builtin');
    expect(firstAgent(choices, null)).toBe('builtin');
    expect(firstAgent(agentChoices([]), 'pi')).toBeNull();
  });
});
