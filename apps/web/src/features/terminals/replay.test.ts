import { describe, expect, it } from 'vitest';
import { advanceReplay, isSent, startReplay } from './replay.ts';

const REPORTS = [
  '\u001b[?1;2c',
  '\u001b[>0;276;0c',
  '\u001b[0n',
  '\u001b[12;1R',
  '\u001b[I',
  '\u001b]11;rgb:0000/0000/0000\u001b\\',
  '\u001bP1$r0m\u001b\\',
  '\u001b[?2004;1$y',
  '\u001b[?1;2c\u001b[1;1R',
];
const KEYS = [
  'a',
  '\r',
  '\u001b',
  '\u001b[A',
  '\u001bOA',
  '\u001b[1;5C',
  '\u001b[3~',
  '\u001b[200~ls\u001b[201~',
  '\u001b[<0;10;5M',
];

describe('a replay', () => {
  it.each(REPORTS)('holds the report %j back until it is over', (report) => {
    const replay = startReplay(false);
    expect(isSent(replay, report)).toBe(false);
    expect(isSent(advanceReplay(replay, { kind: 'quiet' }), report)).toBe(true);
    expect(isSent(advanceReplay(replay, { kind: 'typed' }), report)).toBe(true);
  });

  it.each(KEYS)('sends the key %j at all times', (key) => {
    expect(isSent(startReplay(false), key)).toBe(true);
  });

  it('does not take place in a terminal that was opened just now', () => {
    expect(isSent(startReplay(true), '\u001b[?1;2c')).toBe(true);
  });
});
