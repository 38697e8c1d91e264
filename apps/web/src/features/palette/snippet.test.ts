import { describe, expect, it } from 'vitest';
import { snippetParts } from './snippet.ts';

describe('snippetParts', () => {
  it('marks what was looked for', () => {
    expect(snippetParts('run \u{E000}npm\u{E001} \u{E000}test\u{E001} now')).toEqual([
      { text: 'run ', isMatch: false },
      { text: 'npm', isMatch: true },
      { text: ' ', isMatch: false },
      { text: 'test', isMatch: true },
      { text: ' now', isMatch: false },
    ]);
  });

  it('leaves out marks without their other half, and folds lines', () => {
    expect(snippetParts('a\u{E001}\nb \u{E000}\u{E000}c\u{E001}\u{E000}')).toEqual([
      { text: 'a b ', isMatch: false },
      { text: 'c', isMatch: true },
    ]);
    expect(snippetParts('')).toEqual([]);
  });

  it('gives markup as the text that it is', () => {
    expect(snippetParts('<mark>\u{E000}<b>\u{E001}')).toEqual([
      { text: '<mark>', isMatch: false },
      { text: '<b>', isMatch: true },
    ]);
  });
});
