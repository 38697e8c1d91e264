import { describe, expect, it } from 'vitest';
import { newId, type TurnId } from '../model/ids.ts';
import type { TranscriptItem } from '../model/transcripts.ts';
import { undoneItems } from './rewound.ts';

const say = (turnId: TurnId): TranscriptItem => ({
  id: newId('item'),
  turnId,
  at: '',
  kind: 'user_message',
  text: 'x',
});
const rewound = (
  to: TurnId | ReturnType<typeof newId<'checkpoint'>>,
  more = {},
): Extract<TranscriptItem, { kind: 'rewound' }> => ({
  id: newId('item'),
  turnId: newId('turn'),
  at: '',
  kind: 'rewound',
  what: 'both',
  to,
  undo: newId('checkpoint'),
  files: 0,
  undoes: null,
  ...more,
});
const [one, two, three] = [newId('turn'), newId('turn'), newId('turn')];

describe('undoneItems', () => {
  it('takes back a turn and all after it', () => {
    const items = [say(one), say(two), say(three), rewound(two), say(newId('turn'))];
    expect([...undoneItems(items)]).toEqual([items[1]?.id, items[2]?.id]);
  });

  it('takes back nothing for files alone', () => {
    expect(undoneItems([say(one), rewound(one, { what: 'files' })]).size).toBe(0);
  });

  it('gives back what a rewind took, and takes what came after it', () => {
    const first = rewound(two);
    const later = say(three);
    const items = [say(one), say(two), first, later, rewound(first.undo, { undoes: first.id })];
    expect([...undoneItems(items)]).toEqual([later.id]);
  });

  it('keeps what an earlier rewind took when a later one is taken back', () => {
    const [first, second] = [rewound(two), rewound(one)];
    const items = [say(one), say(two), first, second, rewound(second.undo, { undoes: second.id })];
    expect([...undoneItems(items)]).toEqual([items[1]?.id]);
  });
});
