import { describe, expect, it } from 'vitest';
import { safeImage, safeUrl } from './safe-url.ts';

describe('safeUrl', () => {
  it.each([
    'javascript:alert(1)',
    ' JavaScript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    '/api/session.stop',
    '//evil.example',
    'https://a:b@c.example',
  ])('refuses %j', (url) => {
    expect(safeUrl(url)).toBeNull();
  });

  it('takes http, https and mailto', () => {
    expect(safeUrl('https://example.org/a')).toBe('https://example.org/a');
    expect(safeUrl('mailto:me@example.org')).toBe('mailto:me@example.org');
  });
});

describe('safeImage', () => {
  it('takes pictures as data and nothing else', () => {
    expect(safeImage('data:image/png;base64,AAAA')).not.toBeNull();
    expect(safeImage('data:image/svg+xml;base64,AAAA')).toBeNull();
    expect(safeImage('https://example.org/a.png')).toBeNull();
  });
});
