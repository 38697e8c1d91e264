import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { readOperations } from './definition.ts';
import { fillIn, readWords } from './fill-in.ts';
import { helpText, listText } from './help-text.ts';

const RESTART = `
[operations.restart]
description = "Restart a service"
host = "prod"
argv = ["systemctl", "restart", "{service}.service", "--job={{x}}{{{mode}}}"]
[operations.restart.parameters.service]
type = "choice"
choices = ["web", "worker"]
[operations.restart.parameters.mode]
default = "fast"
`;
const read = (toml: string) => readOperations(parse(toml));
const only = (toml: string) => {
  const [one] = read(toml);
  if (!one) throw new Error('none was read');
  return one;
};
const problem = (body: string) => only(`[operations.x]\nhost = "prod"\n${body}`).problem;
const given = (values: Record<string, string>) => new Map(Object.entries(values));
/** What is wrong with a value of a parameter that is defined so; null where it is taken. */
const wrong = (definition: string, value: string): string | null => {
  const one = only(`[operations.x]\nhost = "h"\nargv = ["p", "{v}"]\nparameters.v = { ${definition} }`);
  expect(one.problem).toBeNull();
  try {
    expect(fillIn(one, given({ v: value })).argv).toEqual(['p', value]);
    return null;
  } catch (thrown) {
    expect(thrown).toMatchObject({ code: 'operation.parameter_invalid' });
    return thrown instanceof Error ? thrown.message : '';
  }
};

describe('readOperations', () => {
  it('reads what is needed, with defaults that ask', () => {
    expect(only(RESTART)).toMatchObject({
      name: 'restart',
      problem: null,
      isAsked: true,
      timeoutS: 600,
      parameters: [
        { name: 'service', type: 'choice', choices: ['web', 'worker'], default: null },
        { name: 'mode', type: 'string', default: 'fast' },
      ],
      projects: null,
      agents: null,
    });
    expect(read('')).toEqual([]);
  });

  it.each([
    ['argv = []', '`argv`: has to name a program'],
    ['argv = ["a"]\nshell = true', 'shell'],
    ['argv = ["a"]\ntimeout = 0', 'timeout'],
    ['argv = ["{what}"]\nparameters.what = {}', 'the first word of argv'],
    ['argv = ["a", "{typo}"]', '{typo}'],
    ['argv = ["a"]\nparameters.unused = {}', 'unused is used nowhere'],
    ['argv = ["a", "{v}"]\nparameters.v = { type = "choice" }', 'needs `choices`'],
    ['argv = ["a", "{v}"]\nparameters.v = { choices = ["a"] }', 'needs `choices`'],
    ['argv = ["a", "{v}"]\nparameters.v = { pattern = "(" }', 'no regular expression'],
    ['argv = ["a", "{v}"]\nparameters.v = { type = "int", min = 3, max = 2 }', '`min` above its `max`'],
    ['argv = ["a", "{v}"]\nparameters.v = { type = "int", default = "x" }', 'default that does not fit'],
    ['argv = ["a", "{v}"]\nparameters.v = { type = "choice", choices = ["a"], default = "b" }', 'default'],
    ['argv = ["a"]\nenvironment.LD = 3', 'environment.LD'],
    ['argv = ["a"]\nenvironment."A B" = "x"', 'variable'],
  ])('refuses an operation with why: %s', (body, why) => expect(problem(body)).toContain(why));

  it('refuses one alone, and leaves the others', () => {
    const operations = read(`${RESTART}\n[operations.Bad]\nhost = "x"\n[operations.worse]\nhost = 3`);
    expect(operations.map(({ name, problem: why }) => [name, why === null])).toEqual([
      ['Bad', false],
      ['restart', true],
      ['worse', false],
    ]);
    for (const one of operations.filter(({ problem: why }) => why !== null))
      expect(() => fillIn(one, new Map())).toThrow(expect.objectContaining({ code: 'operation.invalid' }));
    expect(read('operations = 3')[0]?.problem).toContain('table');
  });
});

describe('fillIn', () => {
  it('puts values into words as they are, and nothing else', () => {
    const { argv } = fillIn(only(RESTART), given({ service: 'web' }));
    expect(argv).toEqual(['systemctl', 'restart', 'web.service', '--job={x}{fast}']);
    // A value that looks like a placeholder, or like shell, is only a value.
    const { argv: odd } = fillIn(
      only(RESTART),
      given({ service: 'web', mode: '{service} $(id) `id` ; $1 $&' }),
    );
    expect(odd[3]).toBe('--job={x}{{service} $(id) `id` ; $1 $&}');
  });

  it('refuses what is missing, and what nobody asked for', () => {
    expect(() => fillIn(only(RESTART), given({}))).toThrow('service of restart has to be given');
    expect(() => fillIn(only(RESTART), given({ service: 'web', 'x\u001b[2J': '1' }))).toThrow('“x??2J”');
    expect(() => fillIn(only(RESTART), given({ service: 'db' }))).toThrow('is none of: web, worker.');
  });

  it.each([
    ['type = "string"', 'plain text'],
    ['type = "string"', 'été ✓'],
    ['type = "string", pattern = "-[rf]+"', '-rf'],
    ['type = "int"', '0'],
    ['type = "int", min = -5', '-5'],
    ['type = "path"', 'a/b.txt'],
    ['type = "path", pattern = "/srv/[a-z]+"', '/srv/web'],
    ['type = "ref"', 'feature/x-1.2'],
    ['type = "choice", choices = ["-x", "y"]', '-x'],
  ])('takes %s: %j', (definition, value) => expect(wrong(definition, value)).toBeNull());

  it.each([
    ['type = "string"', '-rf'],
    ['type = "string"', ''],
    ['type = "string"', 'a\nb'],
    ['type = "string"', 'a\0b'],
    ['type = "string"', 'a\u202eb'],
    ['type = "string"', '\ud800'],
    ['type = "string"', 'x'.repeat(1001)],
    ['type = "string", pattern = "[a-z]+"', 'abc1'],
    ['type = "string", pattern = "[a-z]+"', 'abc\n'],
    ['type = "string", pattern = "a|b"', 'ab'],
    ['type = "string", pattern = ".*"', 'a\nb'],
    ['type = "int"', '-1'],
    ['type = "int"', '1.5'],
    ['type = "int"', '0x10'],
    ['type = "int"', '1e3'],
    ['type = "int"', ' 1'],
    ['type = "int"', '99999999999999999999'],
    ['type = "int", max = 4', '5'],
    ['type = "path"', '../x'],
    ['type = "path"', 'a/../../x'],
    ['type = "path"', '/etc/passwd'],
    ['type = "path"', '-x'],
    ['type = "path"', '~/x'],
    ['type = "path", pattern = "/srv/.*"', '/srv/../etc'],
    ['type = "ref"', '-x'],
    ['type = "ref"', 'a..b'],
    ['type = "ref"', 'a@{1}'],
    ['type = "ref"', 'a b'],
    ['type = "ref"', 'a.lock'],
    ['type = "ref"', 'a/'],
    ['type = "ref"', '$(id)'],
  ])('refuses %s: %j', (definition, value) => expect(wrong(definition, value)).not.toBeNull());

  it('gives up on a pattern that does not come to an end', () => {
    const begun = performance.now();
    expect(wrong('type = "string", pattern = "(a+)+b"', `${'a'.repeat(60)}c`)).toContain('pattern');
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});

describe('readWords', () => {
  it('reads the three ways to give a parameter', () => {
    const words = ['--a', 'x y', '--b=1=2', 'c=', '--d', '--e'];
    expect([...readWords(words)]).toEqual([
      ['a', 'x y'],
      ['b', '1=2'],
      ['c', ''],
      ['d', '--e'],
    ]);
  });

  it.each([
    [['x']],
    [['--a']],
    [['--a', '1', 'a=2']],
    [['-a', '1']],
    [['A=1']],
    [['']],
    [['=1']],
    [['a\nb=1']],
  ])('refuses %j', (words) =>
    expect(() => readWords(words)).toThrow(expect.objectContaining({ code: 'operation.parameter_invalid' })),
  );
});

describe('the help', () => {
  it('says what there is and what it takes', () => {
    expect(listText([only(RESTART)])).toBe(
      'restart --service <service> [--mode <mode>]  Restart a service  (a person is asked)\n',
    );
    expect(helpText(only(RESTART))).toContain('--service  one of web, worker');
    expect(listText([])).toContain('no operations');
  });
});
