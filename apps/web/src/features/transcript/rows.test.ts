import { newId } from '@farhand/shared/model/ids';
import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import { describe, expect, it } from 'vitest';
import { transcriptRows } from './rows.ts';

const at = '2026-01-01T00:00:00.000Z';
const first = newId('turn');
const second = newId('turn');
const usage = { input: 0, output: 0, cachedInput: 0 };

const base = (turnId: typeof first) => ({ id: newId('item'), turnId, at });
const user = (turnId: typeof first, text: string): TranscriptItem => ({
  ...base(turnId),
  kind: 'user_message',
  text,
});
const text = (turnId: typeof first, words: string): TranscriptItem => ({
  ...base(turnId),
  kind: 'text',
  text: words,
  done: true,
});
const turn = (turnId: typeof first): TranscriptItem => ({
  ...base(turnId),
  kind: 'turn',
  state: 'done',
  model: 'm',
  usage,
  endedAt: null,
  error: null,
  retry: null,
});
const plan = (turnId: typeof first): TranscriptItem => ({
  ...base(turnId),
  kind: 'tool_call',
  callId: 'c',
  tool: 'todo',
  title: '',
  input: {},
  state: 'done',
  jobId: null,
  output: '',
  view: { kind: 'todo', todos: [] },
  exit: null,
  result: null,
  startedAt: null,
  endedAt: null,
});

describe('transcriptRows', () => {
  it('puts the end of a turn after its items, with what was asked', () => {
    const rows = transcriptRows([
      user(first, 'one'),
      turn(first),
      text(first, 'a'),
      user(second, 'two'),
      turn(second),
      text(second, 'b'),
    ]);
    expect(
      rows.map((row) =>
        row.kind === 'item' ? row.item.kind : row.kind === 'turn' ? `end:${row.prompt}` : row.kind,
      ),
    ).toEqual(['user_message', 'text', 'end:one', 'user_message', 'text', 'end:two']);
  });

  it('shows nothing for discarded and empty items', () => {
    const rows = transcriptRows([
      { ...base(first), kind: 'discarded' },
      text(first, ' \n'),
      user(first, 'x'),
    ]);
    expect(rows).toHaveLength(1);
  });

  it('takes a checklist for a plan, and leaves an empty one out', () => {
    const checklist = (text: string | null): TranscriptItem => ({
      ...base(second),
      kind: 'plan',
      entries: text === null ? [] : [{ text, state: 'open' }],
    });
    const rows = transcriptRows([plan(first), checklist('do it'), checklist(null)]);
    expect(rows).toHaveLength(2);
  });

  it('marks a checklist as the newest plan', () => {
    const checklist: TranscriptItem = {
      ...base(second),
      kind: 'plan',
      entries: [{ text: 'do it', state: 'doing' }],
    };
    const rows = transcriptRows([plan(first), checklist]);
    expect(rows.map((row) => row.kind === 'item' && row.latestPlan)).toEqual([false, true]);
  });

  it('marks only the newest plan', () => {
    const rows = transcriptRows([plan(first), plan(second)]);
    expect(rows.map((row) => row.kind === 'item' && row.latestPlan)).toEqual([false, true]);
  });
});
