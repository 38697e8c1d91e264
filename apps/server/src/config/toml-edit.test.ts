import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { setTable, setTopKey } from './toml-edit.ts';

const TEXT = `# my hosts

# the production box
[hosts.prod]   # careful
host = "prod.example.com" # dns
port = 22
labels = ["a", 'b']

# gpu
[hosts."gpu 1"]
host = "gpu"
[hosts."gpu 1".environment]
A = "1"

[[rules]]
match = "rm *" # never
effect = "deny"
`;

describe('setTable', () => {
  it('changes, adds and removes keys where they stand, and keeps every comment', () => {
    const edited = setTable(TEXT, ['hosts', 'prod'], {
      host: 'prod.example.com',
      port: 2222,
      user: 'me "x"',
      environment: { B: '2', 'a b': '\u007f' },
    });
    expect(edited).toBe(
      TEXT.replace('port = 22\n', 'port = 2222\n').replace(
        `labels = ["a", 'b']\n`,
        'user = "me \\"x\\""\nenvironment = { B = "2", "a b" = "\\u007f" }\n',
      ),
    );
  });

  it('adds a table at the end', () => {
    const edited = setTable(TEXT, ['hosts', 'new'], { host: 'x' });
    expect(edited).toBe(`${TEXT}\n[hosts.new]\nhost = "x"\n`);
    expect(setTable('', ['hosts', 'a.b'], { host: 'x' })).toBe('[hosts."a.b"]\nhost = "x"\n');
  });

  it('removes a table with its own tables and the comment above, and nothing else', () => {
    const edited = setTable(TEXT, ['hosts', 'gpu 1'], null);
    expect(edited).toBe(TEXT.replace(/# gpu\n[\s\S]*A = "1"\n\n/, ''));
  });

  it('adds to, changes and removes from an array of tables', () => {
    const two = setTable(TEXT, ['rules', 1], { match: 'ls', effect: 'allow' });
    expect(two).toBe(`${TEXT}\n[[rules]]\nmatch = "ls"\neffect = "allow"\n`);
    const changed = setTable(two, ['rules', 0], { match: 'rm *', effect: 'ask' });
    expect(changed).toContain('match = "rm *" # never\neffect = "ask"');
    const removed = setTable(changed, ['rules', 0], null);
    expect(parse(removed).rules).toEqual([{ match: 'ls', effect: 'allow' }]);
  });

  it('takes up what is written in another way', () => {
    const text = '[hosts]\nprod = { host = "a" } # inline\nother = { host = "b" }\n';
    const edited = setTable(text, ['hosts', 'prod'], { host: 'c' });
    expect(parse(edited)).toEqual({ hosts: { prod: { host: 'c' }, other: { host: 'b' } } });
    expect(edited).toContain('other = { host = "b" }');
    const dotted = setTable('[hosts.p]\nenvironment.A = "1"\nhost = "x"\n', ['hosts', 'p'], {
      host: 'x',
      environment: { A: '2' },
    });
    expect(parse(dotted)).toEqual({ hosts: { p: { host: 'x', environment: { A: '2' } } } });
    const below = setTable(TEXT, ['hosts', 'gpu 1'], { host: 'gpu', environment: { A: '2' } });
    expect(parse(below).hosts).toMatchObject({ 'gpu 1': { environment: { A: '2' } } });
  });
});

describe('setTopKey', () => {
  it('puts a key above all tables, changes it where it stands, and takes it away again', () => {
    const added = setTopKey(TEXT, 'default_host', 'prod');
    expect(added).toBe(`default_host = "prod"\n\n${TEXT}`);
    const commented = added.replace('"prod"\n', '"prod" # mine\nother = 1\n');
    const changed = setTopKey(commented, 'default_host', 'gpu 1');
    expect(changed).toBe(commented.replace('"prod" #', '"gpu 1" #'));
    expect(setTopKey(changed, 'default_host', null)).toBe(`other = 1\n\n${TEXT}`);
    expect(setTopKey(TEXT, 'default_host', null)).toBe(TEXT);
    expect(setTopKey('', 'default_host', 'a')).toBe('default_host = "a"\n');
  });

  it('goes behind the keys that are there, and takes no table for a key', () => {
    expect(setTopKey('a = 1 # one\n[t]\nb = 2\n', 'c', true)).toBe('a = 1 # one\nc = true\n[t]\nb = 2\n');
    expect(() => setTopKey('[t]\nb = 2\n', 't', 'x')).toThrow('cannot be changed');
  });
});
