import { describe, expect, it } from 'vitest';
import { ansiLines, keepColours, plainText } from './ansi.ts';

describe('ansiLines', () => {
  it('gives plain lines without classes and no empty line for the final break', () => {
    expect(ansiLines('a\n\nb\n')).toEqual([[{ text: 'a', classes: '' }], [], [{ text: 'b', classes: '' }]]);
  });

  it('carries a colour over line breaks', () => {
    const lines = ansiLines('\u001b[31mred\nstill\u001b[0m off');
    expect(lines).toEqual([
      [{ text: 'red', classes: 'ansi-fg-red' }],
      [
        { text: 'still', classes: 'ansi-fg-red' },
        { text: ' off', classes: '' },
      ],
    ]);
  });

  it('names decorations and bright colours', () => {
    expect(ansiLines('\u001b[1;92mok')).toEqual([
      [{ text: 'ok', classes: 'ansi-bold ansi-fg-bright-green' }],
    ]);
  });

  it.each([
    ['\u001b[38;5;196mx', 'ansi-fg-bright-red'],
    ['\u001b[38;5;244mx', 'ansi-fg-white'],
    ['\u001b[38;2;30;60;180mx', 'ansi-fg-blue'],
    ['\u001b[48;2;0;180;0mx', 'ansi-bg-green'],
  ])('brings %j to one of the 16 colours of the theme', (text, classes) => {
    expect(ansiLines(text)[0]?.[0]?.classes).toBe(classes);
  });

  it('keeps markup as text', () => {
    expect(ansiLines('<img src=x onerror=alert(1)>')[0]?.[0]?.text).toBe('<img src=x onerror=alert(1)>');
  });
});

describe('keepColours', () => {
  it.each([
    ['a title', '\u001b]0;evil\u0007x'],
    ['a clipboard write', '\u001b]52;c;ZXZpbA==\u001b\\x'],
    ['an unfinished string', 'x\u001b]52;c;ZXZp'],
    ['a link', '\u001b]8;;https://a.example\u0007x\u001b]8;;\u0007'],
    ['cursor moves and clears', '\u001b[2J\u001b[1;1Hx\u001b[K'],
    ['modes', '\u001b[?25l\u001b[?1049hx'],
    ['a charset', '\u001b(Bx'],
    ['a device control string', '\u001bP+q544e\u001b\\x'],
    ['an unfinished escape', 'x\u001b['],
    ['bells and other controls', '\u0007x\u0000\u0008\u009b'],
  ])('drops %s', (_what, text) => {
    expect(keepColours(text)).toBe('x');
  });

  it('shows a line that was written again as it was last, in the colour that holds', () => {
    expect(keepColours('10%\r\u001b[32m50%\r100%\r\nnext')).toBe(
      '\u001b[32m50%\r100%'.replace('50%\r', '') + '\nnext',
    );
    expect(keepColours('working\r')).toBe('working');
  });
});

describe('plainText', () => {
  it('leaves no escape', () => {
    expect(plainText('\u001b[1;31mred\u001b[0m\r\n')).toBe('red\n');
  });
});
