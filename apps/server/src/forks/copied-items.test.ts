import { newId } from '@farhand/shared/model/ids';
import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import { describe, expect, it } from 'vitest';
import { copiedItems } from './copied-items.ts';

const base = () => ({ id: newId('item'), turnId: newId('turn'), at: '2026-01-01T00:00:00.000Z' });

describe('the copy of a transcript', () => {
  it('goes on with nothing, asks nothing, and names no job', () => {
    const call: TranscriptItem = {
      ...base(),
      kind: 'tool_call',
      callId: 'c',
      tool: 'bash',
      title: 'npm test',
      input: {},
      state: 'running',
      jobId: newId('job'),
      childSessionId: newId('session'),
      output: 'so far',
      view: null,
      exit: null,
      result: null,
      startedAt: null,
      endedAt: null,
    };
    const items: TranscriptItem[] = [
      { ...base(), kind: 'user_message', text: 'go' },
      {
        ...base(),
        kind: 'turn',
        state: 'working',
        model: 'm',
        usage: { input: 1, output: 1, cachedInput: 0 },
        endedAt: null,
        error: null,
        retry: { attempt: 1, reason: 'busy', nextAt: 'soon' },
      },
      call,
      {
        ...base(),
        kind: 'approval',
        approvalId: newId('approval'),
        title: 'rm',
        subject: { kind: 'plan', text: 'x' },
        decision: null,
        decidedBy: null,
        decidedAt: null,
      },
      { ...base(), kind: 'discarded' },
      { ...base(), kind: 'text', text: 'half', done: false },
    ];
    const copies = copiedItems(items);
    expect(copies).toMatchObject([
      { kind: 'user_message', text: 'go' },
      { kind: 'turn', state: 'stopped', retry: null, endedAt: expect.any(String) },
      { kind: 'tool_call', state: 'stopped', jobId: null, output: 'so far', endedAt: expect.any(String) },
      { kind: 'text', text: 'half', done: true },
    ]);
    expect(copies[2]).not.toHaveProperty('childSessionId');
    const ids = new Set(items.map(({ id }) => id));
    expect(copies.some(({ id }) => ids.has(id))).toBe(false);
  });
});
