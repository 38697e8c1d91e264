import { newId } from '@farhand/shared/model/ids';
import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import { describe, expect, it } from 'vitest';
import { asksFirst, modeIn } from './asks-first.ts';

const base = { id: newId('item'), turnId: newId('turn'), at: '' };
const asked: TranscriptItem = {
  ...base,
  kind: 'approval',
  approvalId: newId('approval'),
  title: '',
  subject: { kind: 'command', command: 'ls' },
  decision: null,
  decidedBy: null,
  decidedAt: null,
};

describe('asksFirst', () => {
  it.each([
    ['claude', 'default', true],
    ['claude', 'bypassPermissions', false],
    ['claude', 'acceptEdits', false],
    ['codex', 'full-access', false],
    ['codex', null, true],
    ['opencode', null, false],
  ])('says of %s in mode %s: %s', (agent, mode, expected) => {
    expect(asksFirst({ agent, mode, items: () => [] })).toBe(expected);
  });

  it('knows an agent that has asked before', () => {
    expect(asksFirst({ agent: 'custom-x', mode: null, items: () => [] })).toBe(false);
    expect(asksFirst({ agent: 'custom-x', mode: null, items: () => [asked] })).toBe(true);
    expect(asksFirst({ agent: 'custom-x', mode: 'yolo', items: () => [asked] })).toBe(false);
  });
});

describe('modeIn', () => {
  it('finds a mode that an agent tells as an option', () => {
    const option = { name: '', description: null, choices: [] };
    const effort = { ...option, id: 'e', category: 'effort', value: 'high' };
    const approvals = { ...option, id: 'a', category: 'mode', value: 'full-access' };
    expect(modeIn({ mode: 'ask', options: [approvals] })).toEqual({ control: 'mode', value: 'ask' });
    expect(modeIn({ mode: null, options: [effort, approvals] })).toEqual({
      control: 'a',
      value: 'full-access',
    });
    expect(modeIn({ mode: null, options: [effort] })).toBeNull();
  });
});
