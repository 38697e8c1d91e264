import { describe, expect, it } from 'vitest';
import { actorText, factsOf, toneOf } from './event-text.ts';

describe('an event in words', () => {
  it('says who did it, with nothing hidden in a name', () => {
    expect(actorText({ kind: 'agent', name: 'codex' })).toBe('Agent codex');
    expect(actorText({ kind: 'page', name: null })).toBe('Person, page');
    expect(actorText({ kind: 'token', name: 'a\u202eb' })).toBe('Token a\\u{202e}b');
  });

  it('has its facts in the order of use, each argument on a line', () => {
    const facts = factsOf({
      facts: {
        keptBytes: 2048,
        isStream: false,
        rule: null,
        cwd: '/w',
        argv: ['ls', '-l\u001b[2J'],
        isNew: true,
      },
    });
    expect(facts.map(({ name, value }) => `${name}: ${value}`)).toEqual([
      'Arguments: ls\n-l\\x1b[2J',
      'Folder: /w',
      'Kept of its output: 2 KB',
      'Is new: true',
    ]);
  });

  it('tells ends that went well from those that did not', () => {
    expect(toneOf({ kind: 'exit', facts: { code: 0 } })).toBe('good');
    expect(toneOf({ kind: 'exit', facts: { code: 2 } })).toBe('bad');
    expect(toneOf({ kind: 'exit', facts: { end: 'lost' } })).toBe('bad');
    expect(toneOf({ kind: 'exit', facts: { end: 'removed' } })).toBe('plain');
    expect(toneOf({ kind: 'command', facts: {} })).toBe('plain');
  });
});
