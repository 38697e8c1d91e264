import { describe, expect, it } from 'vitest';
import { readFrontMatter } from './front-matter.ts';

const file = (head: string, body = 'Body.') => `---\n${head}\n---\n${body}\n`;

describe('readFrontMatter', () => {
  it('splits keys, lists and long texts from the body', () => {
    const head = 'name: Reviewer # ours\ntools: [read_file, search]\ndescription: >\n  Reads\n  code.';
    expect(readFrontMatter(file(head))).toEqual({
      fields: { name: 'Reviewer', tools: ['read_file', 'search'], description: 'Reads code.\n' },
      body: 'Body.',
    });
  });

  it('reads a file without one, with Windows lines and a byte order mark', () => {
    expect(readFrontMatter('Just text.\n')).toEqual({ fields: {}, body: 'Just text.' });
    expect(readFrontMatter('\uFEFF---\r\nname: a\r\n---\r\nText\r\n')).toEqual({
      fields: { name: 'a' },
      body: 'Text',
    });
    expect(readFrontMatter('---\n---\nText')).toEqual({ fields: {}, body: 'Text' });
  });

  it('reads all values as text: no numbers, dates, types', () => {
    expect(readFrontMatter(file('name: 1e3\nmodel: 2020-01-01\nx: true'))).toMatchObject({
      fields: { name: '1e3', model: '2020-01-01', x: 'true' },
    });
  });

  it.each([
    ['has no end', '---\nname: a\n', 'no closing ---'],
    ['is too long', file(`name: ${'a'.repeat(9000)}`), 'longer than'],
    ['is a list', file('- a\n- b'), 'has no keys'],
    ['is broken', file('name: "a'), 'no YAML'],
    ['has a key twice', file('name: a\nname: b'), 'no YAML'],
    ['has aliases, which can grow without end', file('a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]'), 'no YAML'],
    ['is nested without end', file(`a: ${'['.repeat(4000)}`), 'no YAML'],
  ])('refuses one that %s', (_, text, said) => {
    expect(readFrontMatter(text)).toContain(said);
  });

  it('lets no key reach the prototype', () => {
    const read = readFrontMatter(file('__proto__: {tools: [bash]}\nconstructor: x'));
    expect(read).toMatchObject({ fields: { constructor: 'x' } });
    expect(read).not.toMatchObject({ fields: { tools: ['bash'] } });
    expect({}).not.toHaveProperty('tools');
  });
});
