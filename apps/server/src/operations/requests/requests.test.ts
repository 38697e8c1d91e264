import { newId } from '@farhand/shared/model/ids';
import { describe, expect, it } from 'vitest';
import { createOperationTokens } from '../token.ts';
import { createPace } from './pace.ts';
import { createLineReader, readRequestLine } from './request-line.ts';

const ID = '0123456789abcdef0123';
const BY = newId('session');
const hex = (text: string) => `x${Buffer.from(text).toString('hex')}`;

describe('readRequestLine', () => {
  it('reads a request with its words, whatever is in them', () => {
    const words = ['restart', 'a b', '', "it's\n$(id)", '✓'];
    expect(readRequestLine(`${BY} q${ID} 1700000000 tok.en ${words.map(hex).join(' ')}`)).toEqual({
      kind: 'ask',
      subject: BY,
      id: ID,
      atS: 1_700_000_000,
      token: 'tok.en',
      words,
    });
    expect(readRequestLine(`${BY} c${ID} 1 t`)).toMatchObject({ kind: 'cancel', words: [] });
    expect(readRequestLine(`${BY} a${ID} 1 t`)).toMatchObject({ kind: 'taken' });
  });

  it('says by whose folder it came, and of an earlier version that all had one', () => {
    const workspaceId = newId('workspace');
    expect(readRequestLine(`${workspaceId} q${ID} 1 t`)).toMatchObject({ subject: workspaceId });
    expect(readRequestLine(`q${ID} 1 t`)).toMatchObject({ subject: null });
  });

  it('has no words where they are no text, or too many', () => {
    expect(readRequestLine(`q${ID} 1 t xff`)?.words).toBeNull();
    expect(readRequestLine(`q${ID} 1 t ${'x61 '.repeat(201)}`)?.words).toBeNull();
  });

  it.each([
    '',
    'q',
    `z${ID} 1 t`,
    `q${ID}`,
    `q${ID} x t`,
    `q${ID} 1 `,
    `q${ID} 1 t y61`,
    `q${ID} 1 t x6`,
    `q../../x 1 t`,
    `${newId('project')} q${ID} 1 t`,
    `${BY} ${BY} q${ID} 1 t`,
    ` q${ID} 1 t`,
  ])('takes no notice of %j', (line) => expect(readRequestLine(line)).toBeNull());

  it('holds against random lines', () => {
    const letters = `qac ${ID}x.\n\0é${BY}`;
    for (let round = 0; round < 20_000; round += 1) {
      const length = Math.floor(Math.random() * 60);
      const line = Array.from({ length }, () => letters[Math.floor(Math.random() * letters.length)]).join('');
      const read = readRequestLine(line);
      if (read) expect(read.id).toMatch(/^[0-9a-f]{20}$/);
    }
  });
});

describe('createLineReader', () => {
  it('gives whole lines with where they end, over any borders', () => {
    const text = 'one\ntwo\n\nthree';
    for (let size = 1; size <= text.length; size += 1) {
      const reader = createLineReader(100);
      const lines = [];
      for (let at = 0; at < text.length; at += size)
        lines.push(...reader.push(at, Buffer.from(text.slice(at, at + size))));
      expect(lines).toEqual([
        { line: 'one', next: 4 },
        { line: 'two', next: 8 },
        { line: '', next: 9 },
      ]);
    }
  });

  it('drops a line that is too long, and goes on after it', () => {
    const reader = createLineReader(5);
    const text = 'toolong-and-longer\nok\n';
    const lines = [...text].flatMap((letter, at) => reader.push(at, Buffer.from(letter)));
    expect(lines.map(({ line }) => line)).toEqual(['', 'ok']);
    expect(
      createLineReader(5)
        .push(0, Buffer.from('toolong\nok\n'))
        .map(({ line }) => line),
    ).toEqual(['', 'ok']);
    reader.push(0, Buffer.from('beg'));
    reader.reset();
    expect(reader.push(10, Buffer.from('un\n'))).toEqual([{ line: 'un', next: 13 }]);
  });
});

describe('a token', () => {
  const key = Buffer.alloc(32, 7);
  const tokens = createOperationTokens(() => key);
  const [workspaceId, sessionId] = [newId('workspace'), newId('session')];

  it('says for whom it was made, in its workspace alone', () => {
    const token = tokens.make({ workspaceId, sessionId });
    expect(tokens.check(token, workspaceId)).toEqual({ workspaceId, sessionId });
    expect(tokens.check(token, newId('workspace'))).toBeNull();
    expect(tokens.make({ workspaceId, sessionId })).not.toBe(token);
    const ofTerminal = tokens.make({ workspaceId, sessionId: null });
    expect(tokens.check(ofTerminal, workspaceId)).toEqual({ workspaceId, sessionId: null });
    expect(tokens.check(ofTerminal, newId('workspace'))).toBeNull();
  });

  it('is nothing once one letter of it differs, or for another server', () => {
    const token = tokens.make({ workspaceId, sessionId });
    for (let at = 0; at < token.length; at += 1) {
      const letter = token[at] === 'a' ? 'b' : 'a';
      expect(tokens.check(token.slice(0, at) + letter + token.slice(at + 1), workspaceId)).toBeNull();
    }
    const [, nonce, mac] = token.split('.');
    for (const forged of ['', '..', token.slice(0, -1), `${token}0`, `${newId('session')}.${nonce}.${mac}`])
      expect(tokens.check(forged, workspaceId)).toBeNull();
    expect(createOperationTokens(() => Buffer.alloc(32, 8)).check(token, workspaceId)).toBeNull();
  });
});

describe('createPace', () => {
  it('lets so many pass a minute, refuses as many, and drops the rest', () => {
    let now = 0;
    const pace = createPace(2, () => now);
    expect(Array.from({ length: 6 }, () => pace.take())).toEqual([
      'go',
      'go',
      'refuse',
      'refuse',
      'drop',
      'drop',
    ]);
    now = 61_000;
    expect(pace.take()).toBe('go');
  });

  it('is at rest where nothing came within a minute', () => {
    let now = 0;
    const pace = createPace(2, () => now);
    expect(pace.isAtRest()).toBe(true);
    pace.take();
    now = 59_000;
    expect(pace.isAtRest()).toBe(false);
    now = 60_000;
    expect(pace.isAtRest()).toBe(true);
  });
});
