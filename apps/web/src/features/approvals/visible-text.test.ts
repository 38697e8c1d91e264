import { describe, expect, it } from 'vitest';
import { sizeText, visibleParts, visibleText } from './visible-text.ts';

describe('visibleText', () => {
  it('leaves what is seen as it is, with its lines and tabs', () => {
    const text = 'npm test &&\n\tgit push # Grüße, 日本語, 👍';
    expect(visibleText(text)).toBe(text);
    expect(visibleParts(text)).toEqual([{ text, isEscape: false }]);
  });

  it.each([
    ['\u202e', '\\u{202e}'],
    ['\u202a', '\\u{202a}'],
    ['\u2066', '\\u{2066}'],
    ['\u2069', '\\u{2069}'],
    ['\u200b', '\\u{200b}'],
    ['\u200d', '\\u{200d}'],
    ['\ufeff', '\\u{feff}'],
    ['\u00ad', '\\xad'],
    ['\u00a0', '\\xa0'],
    ['\u2028', '\\u{2028}'],
    ['\u3164', '\\u{3164}'],
    ['\u{e0041}', '\\u{e0041}'],
    ['\ufe0f', '\\u{fe0f}'],
    ['\ud800', '\\u{d800}'],
    ['\u001b', '\\x1b'],
    ['\u0000', '\\x00'],
    ['\u007f', '\\x7f'],
    ['\u009b', '\\x9b'],
    ['\r', '\\r'],
  ])('shows %j by its escape', (character, escape) => {
    expect(visibleText(`rm a${character}b`)).toBe(`rm a${escape}b`);
  });

  it('marks every escape as one, so that a typed backslash is told from it', () => {
    expect(visibleParts('a\\x1b\u001bc')).toEqual([
      { text: 'a\\x1b', isEscape: false },
      { text: '\\x1b', isEscape: true },
      { text: 'c', isEscape: false },
    ]);
  });
});

describe('sizeText', () => {
  it('counts lines and characters, not code units', () => {
    expect(sizeText('👍')).toBe('1 line, 1 character');
    expect(sizeText(`${'x'.repeat(1200)}\ny`)).toBe('2 lines, 1,202 characters');
  });
});
