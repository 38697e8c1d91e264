import type { SessionEvent, TranscriptItem } from '@farhand/shared/model/transcripts';
import { describe, expect, it } from 'vitest';
import { createTranscriptPrinter } from './transcript-lines.ts';

// Only what is printed of them.
const item = (seq: number, part: object) => ({ seq, item: part as TranscriptItem }) as SessionEvent;
const append = (seq: number, itemId: string, at: number, text: string) =>
  ({ seq, append: { itemId, field: 'text', at, text } }) as SessionEvent;
const call = {
  id: 'c',
  kind: 'tool_call',
  tool: 'bash',
  title: 'npm test',
  output: '',
  endedAt: null,
  state: 'running',
};

describe('the transcript on a terminal', () => {
  it('writes each word once, however its events come', () => {
    const printer = createTranscriptPrinter();
    const text =
      printer.add([item(1, { id: 'u', kind: 'user_message', text: 'Mend it.\nNow.' })]) +
      printer.add([item(2, { id: 't', kind: 'text', text: 'I ' }), append(3, 't', 2, 'look.')]) +
      printer.add([item(4, { id: 't', kind: 'text', text: 'I look.', done: true })]) +
      printer.add([item(5, call), item(6, { ...call, output: 'x' })]) +
      printer.add([item(7, { ...call, state: 'failed', endedAt: 'now' })]) +
      printer.add([item(8, { ...call, state: 'failed', endedAt: 'now' })]);
    expect(text).toBe('> Mend it.\n> Now.\nI look.\n* bash: npm test\n* npm test: failed\n');
  });

  it('writes nothing that a terminal would act on', () => {
    const text = createTranscriptPrinter().add([
      item(1, { id: 't', kind: 'text', text: 'a\u001B[2Jb\u0007\r\nc\u202Ed' }),
      item(2, { ...call, title: '\u001B]0;title\u0007x\ny' }),
    ]);
    expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u202E]/);
  });

  it('says when a person has to answer, and how they did', () => {
    const printer = createTranscriptPrinter();
    const asked = { id: 'a', kind: 'approval', title: 'Run rm', decision: null };
    expect(printer.add([item(1, asked)])).toContain('farhand approvals');
    expect(printer.add([item(2, { ...asked, decision: { kind: 'denied', reason: null } })])).toBe(
      '? Run rm: denied\n',
    );
  });
});
