import { describe, expect, it } from 'vitest';
import { newId } from '../model/ids.ts';
import type { SessionEvent, TranscriptItem } from '../model/transcripts.ts';
import { emptyTranscript, foldEvents, type Transcript } from './fold.ts';

const turnId = newId('turn');
const text = (words: string): Extract<TranscriptItem, { kind: 'text' }> => ({
  id: newId('item'),
  turnId,
  at: '2026-01-01T00:00:00Z',
  kind: 'text',
  text: words,
  done: false,
});
const fold = (transcript: Transcript, ...events: SessionEvent[]): Transcript => {
  const folded = foldEvents(transcript, events);
  if (folded === 'gap') throw new Error('gap');
  return folded;
};

describe('foldEvents', () => {
  it('puts items in the order in which they first appeared, whichever change comes first', () => {
    const [a, b, c] = [text('a'), text('b'), text('c')];
    const late = fold(
      emptyTranscript(),
      { seq: 2, item: b },
      { seq: 3, item: c },
      { seq: 9, item: a, first: 1 },
    );
    expect(late.items).toEqual([a, b, c]);
    expect(late.lastSeq).toBe(9);
  });

  it('puts a changed item in its old place and leaves the others the same objects', () => {
    const [a, b] = [text('a'), text('b')];
    const before = fold(emptyTranscript(), { seq: 1, item: a }, { seq: 2, item: b });
    const after = fold(before, { seq: 3, item: { ...a, done: true }, first: 1 });
    expect(after.items).toEqual([{ ...a, done: true }, b]);
    expect(after.items[1]).toBe(b);
    expect(before.items).toEqual([a, b]);
  });

  it('adds text where the field is as long as the event says', () => {
    const a = text('one');
    const after = fold(
      emptyTranscript(),
      { seq: 1, item: a },
      { seq: 2, append: { itemId: a.id, field: 'text', at: 3, text: ' two' } },
    );
    expect(after.items).toEqual([{ ...a, text: 'one two' }]);
  });

  it('ignores what it has', () => {
    const a = text('one');
    const events: SessionEvent[] = [
      { seq: 1, item: a },
      { seq: 2, append: { itemId: a.id, field: 'text', at: 3, text: '!' } },
    ];
    const once = fold(emptyTranscript(), ...events);
    expect(fold(once, ...events)).toBe(once);
  });

  it('says that it missed something where added text does not fit', () => {
    const a = text('one');
    const known = fold(emptyTranscript(), { seq: 1, item: a });
    const append = { itemId: a.id, field: 'text' as const, text: '!' };
    expect(foldEvents(known, [{ seq: 3, append: { ...append, at: 7 } }])).toBe('gap');
    expect(foldEvents(known, [{ seq: 3, append: { ...append, itemId: newId('item'), at: 0 } }])).toBe('gap');
    expect(foldEvents(known, [{ seq: 3, append: { ...append, field: 'output', at: 3 } }])).toBe('gap');
    expect(known.items).toEqual([a]);
  });

  it('goes on from an older transcript than the newest one made from it', () => {
    const [a, b] = [text('a'), text('b')];
    const first = fold(emptyTranscript(), { seq: 1, item: a });
    fold(first, { seq: 2, item: b });
    expect(
      fold(first, { seq: 2, item: b }, { seq: 3, append: { itemId: b.id, field: 'text', at: 1, text: '!' } })
        .items,
    ).toEqual([a, { ...b, text: 'b!' }]);
  });
});
