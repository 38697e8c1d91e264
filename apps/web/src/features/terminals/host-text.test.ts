import { describe, expect, it } from 'vitest';
import { cleanTitle, inputParts, linkTarget, withoutTrailingBlanks } from './host-text.ts';

describe('cleanTitle', () => {
  it('drops control and direction characters and bounds the length', () => {
    expect(cleanTitle('vim\u0007\u001b[31m \u202eevil')).toBe('vim[31m evil');
    expect(cleanTitle('x'.repeat(500))).toHaveLength(80);
    expect(cleanTitle('\u0001\u0002')).toBeNull();
  });
});

describe('linkTarget', () => {
  it.each([
    'javascript:alert(1)',
    'file:///etc/passwd',
    'ssh://host',
    'https://user@evil.example',
    'not a link',
    `https://a/${'x'.repeat(5000)}`,
  ])('refuses %s', (link) => {
    expect(linkTarget(link)).toBeNull();
  });

  it('takes http and https, and shows a look-alike host in its true form', () => {
    expect(linkTarget('https://example.org/a?b')).toBe('https://example.org/a?b');
    expect(linkTarget('http://xn--80ak6aa92e.com')).toBe('http://xn--80ak6aa92e.com/');
    expect(linkTarget('https://аррӏе.com')).toBe('https://xn--80ak6aa92e.com/');
  });
});

describe('withoutTrailingBlanks', () => {
  it('trims each line and keeps what leads', () => {
    expect(withoutTrailingBlanks('  a  \r\n\tb \nc   ')).toBe('  a\r\n\tb\nc');
  });
});

describe('inputParts', () => {
  it('cuts at the limit and not inside a character', () => {
    expect(inputParts('abcde', 2)).toEqual(['ab', 'cd', 'e']);
    expect(inputParts('a😀b', 2)).toEqual(['a', '😀', 'b']);
    expect(inputParts('')).toEqual([]);
  });
});
