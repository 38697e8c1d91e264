import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { describe, expect, it } from 'vitest';
import { setMember } from './jsonc-edit.ts';

const OURS = { command: '/usr/bin/node', args: ['farhand.js', 'mcp'] };
const PATH = ['servers', 'farhand'] as const;

/** As programs read it: without comments and without commas at ends. */
const read = (text: string) =>
  JSON.parse(text.replaceAll(/\/\/[^\n"]*$|\/\*[\s\S]*?\*\//gm, '').replaceAll(/,(\s*[}\]])/g, '$1'));

const TEXTS = {
  'an empty file': '',
  'an empty object': '{}',
  'no servers': '{\n  "other": [1, 2]\n}\n',
  'empty servers': '{ "servers": {} }',
  'a server': '{\n  "servers": {\n    "a": { "command": "a" }\n  }\n}\n',
  'a comma at the end': '{\n  "servers": {\n    "a": { "command": "a" },\n  },\n}\n',
  'comments everywhere':
    '// top\n{\n  // before\n  "servers": { // here\n    "a": { "command": "a" }, // about a\n    /* b */ "b": { "x": "// no comment" } // about b\n  } // end\n}\n// bottom\n',
  'only a comment in servers': '{\n  "servers": {\n    // none yet\n  }\n}\n',
  'Windows line ends': '{\r\n  "servers": {\r\n    "a": {}\r\n  }\r\n}\r\n',
  'braces and quotes in texts': '{ "servers": { "a": { "x": "} \\" , {" } }, "y": "\\\\" }',
};

describe('setMember', () => {
  it.each(Object.entries(TEXTS))('adds an entry to %s, and takes it out again', (_name, text) => {
    const added = setMember(text, PATH, OURS);
    const before = read(text === '' ? '{}' : text);
    expect(read(added)).toEqual({ ...before, servers: { ...before.servers, farhand: OURS } });
    // Every line of a person's is still there.
    for (const comment of text.match(/\/\/ [a-z ]+$|\/\* b \*\//gm) ?? []) expect(added).toContain(comment);
    expect(setMember(added, PATH, OURS)).toBe(added);
    const removed = setMember(added, PATH, null);
    expect(read(removed)).toEqual({ ...before, servers: before.servers ?? {} });
    for (const comment of text.match(/\/\/ [a-z ]+$|\/\* b \*\//gm) ?? []) expect(removed).toContain(comment);
  });

  it.each(['first', 'middle', 'last'])('takes out the %s entry and no other', (place) => {
    const at = { first: 0, middle: 1, last: 2 }[place] ?? 0;
    const names = ['a', 'b', 'c'].toSpliced(at, 1, 'farhand');
    const text = `{\n  "servers": {\n${names.map((name) => `    "${name}": {} // ${name}`).join(',\n')}\n  }\n}\n`;
    const withCommas = text.replaceAll(/ (\/\/ \w+),/g, ', $1');
    expect(Object.keys(read(setMember(withCommas, PATH, null)).servers)).toEqual(
      names.filter((name) => name !== 'farhand'),
    );
  });

  it('replaces an entry and changes nothing around it', () => {
    const text = '{ "servers": { "farhand": { "command": "old" }, /* kept */ "b": {} } }';
    const changed = setMember(text, PATH, OURS);
    expect(read(changed).servers).toEqual({ farhand: OURS, b: {} });
    expect(changed.endsWith(', /* kept */ "b": {} } }')).toBe(true);
  });

  it('changes nothing where there is nothing to take out', () => {
    for (const text of Object.values(TEXTS)) expect(setMember(text || '{}', PATH, null)).toBe(text || '{}');
  });

  it.each([
    '{',
    '{ "a" 1 }',
    '[]',
    '{ "servers": 3 }',
    '{} x',
    '{ "a": nope }',
    '{ "a": "\n" }',
    '{'.repeat(500),
  ])('refuses %j', (text) => {
    expect(() => setMember(text, PATH, OURS)).toThrow(FarhandError);
  });
});
