import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Approval } from '@farhand/shared/model/approvals';
import type { Actor } from '@farhand/shared/model/audit';
import { LOCAL_HOST } from '@farhand/shared/model/hosts';
import { policyRule } from '@farhand/shared/model/policy';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recordedAudit } from '../audit/testing/recorded-audit.ts';
import { openConfigFile } from '../config/config-file.ts';
import { createPolicy } from './create-policy.ts';
import type { PolicyRules } from './policy-rules.ts';
import { loadShellGrammar } from './shell/grammar.ts';

const PAGE: Actor = { kind: 'page', name: null };
const TEXT = `# my rules

# nobody removes things
[[rules]]
name = "no rm" # really
effect = "deny"
match = "rm **"

[[rules]]
name = "fetch"
effect = "allow"
match = ["curl *", "wget *"]
host = "local"
`;

const grammar = await loadShellGrammar();
let folder: string;
let path: string;
let policy: PolicyRules;
let audit: ReturnType<typeof recordedAudit>;
let decided: Approval[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'farhand-policy-'));
  path = join(folder, 'policy.toml');
  writeFileSync(path, TEXT);
  audit = recordedAudit();
  decided = [];
  const log = { warn: vi.fn(), info: vi.fn() };
  policy = createPolicy({
    file: openConfigFile(path),
    grammar,
    audit,
    log,
    labelsOf: () => [],
    decided: () => decided,
  });
});

afterEach(() => {
  policy.close();
  rmSync(folder, { recursive: true });
});

const kind = (command: string, preset: 'never' | 'ask_outside' = 'ask_outside') =>
  policy.judge(
    { subject: { kind: 'command', command }, paths: [], cwd: '/w', directory: '/w' },
    { preset, patterns: [], hostId: LOCAL_HOST, user: null, agent: 'builtin' },
  ).kind;
const rule = (part: object) => policyRule.parse({ name: 'x', effect: 'allow', match: ['curl x'], ...part });

describe('the rules of a file', () => {
  it('are listed with their lines, and changed with its comments kept', () => {
    expect(policy.get().rules.map(({ name, line }) => [name, line])).toEqual([
      ['no rm', 4],
      ['fetch', 9],
    ]);
    policy.setRule(
      {
        index: 0,
        was: 'no rm',
        rule: rule({ name: 'no rm', effect: 'deny', match: ['rm **', 'unlink **'] }),
      },
      PAGE,
    );
    policy.setRule({ index: null, was: null, rule: rule({ name: 'more', reason: 'It is ours.' }) }, PAGE);
    policy.removeRule({ index: 1, was: 'fetch' }, PAGE);
    expect(readFileSync(path, 'utf8')).toBe(
      `${TEXT.slice(0, TEXT.indexOf('[[rules]]\nname = "fetch"')).replace('"rm **"', '["rm **", "unlink **"]')}[[rules]]\nname = "more"\neffect = "allow"\nmatch = "curl x"\nreason = "It is ours."\n`,
    );
    expect(audit.entries.map(({ kind: of, actor, summary }) => [of, actor.kind, summary])).toEqual([
      ['setting', 'page', 'The rule “no rm” was changed.'],
      ['setting', 'page', 'The rule “more” was added.'],
      ['setting', 'page', 'The rule “fetch” was removed.'],
    ]);
  });

  it('are moved with the comments above them', () => {
    const moved = policy.moveRule({ index: 1, was: 'fetch', by: 'up' }, PAGE);
    expect(moved.rules.map(({ name }) => name)).toEqual(['fetch', 'no rm']);
    expect(moved.text).toContain(
      'host = "local"\n\n# nobody removes things\n[[rules]]\nname = "no rm" # really',
    );
    expect(
      policy.moveRule({ index: 0, was: 'fetch', by: 'down' }, PAGE).rules.map(({ name }) => name),
    ).toEqual(['no rm', 'fetch']);
    expect(
      policy.moveRule({ index: 1, was: 'fetch', by: 'down' }, PAGE).rules.map(({ name }) => name),
    ).toEqual(['no rm', 'fetch']);
  });

  it('are not changed where somebody else was faster, or where they have an error', () => {
    expect(() => policy.removeRule({ index: 0, was: 'fetch' }, PAGE)).toThrow(
      expect.objectContaining({ code: 'policy.changed' }),
    );
    expect(() => policy.setRule({ index: null, was: null, rule: rule({ name: 'fetch' }) }, PAGE)).toThrow(
      'named “fetch” too',
    );
    expect(() => policy.setRule({ index: null, was: null, rule: rule({ match: ['a | b'] }) }, PAGE)).toThrow(
      'words of one command',
    );
    expect(() => policy.setRule({ index: null, was: null, rule: rule({ match: ['**'] }) }, PAGE)).toThrow(
      'name its program',
    );
    expect(() => policy.replace('[[rules]]\nname = 1', PAGE)).toThrow(
      expect.objectContaining({ code: 'policy.invalid' }),
    );
    expect(readFileSync(path, 'utf8')).toBe(TEXT);
    expect(audit.entries).toEqual([]);
  });

  it('are not changed where that cannot be recorded', () => {
    audit.record = () => {
      throw new Error('full');
    };
    expect(() => policy.replace('', PAGE)).toThrow('full');
    expect(readFileSync(path, 'utf8')).toBe(TEXT);
  });

  it('deny on, and allow nothing, while the file has an error', async () => {
    expect([kind('rm x'), kind('curl x'), kind('ls')]).toEqual(['denied', 'allowed', 'allowed']);
    writeFileSync(path, `${TEXT}\n[[rules]]\nname = "bad"\neffect = "forbid"\nmatch = "ls"\n`);
    await vi.waitFor(() => expect(kind('ls')).toBe('ask'));
    expect([kind('rm x', 'never'), kind('curl x'), kind('ls', 'never')]).toEqual(['denied', 'ask', 'ask']);
    expect(policy.get().problems).toEqual([
      { line: 17, column: 1, message: expect.stringContaining('effect') },
    ]);
    writeFileSync(path, 'name = [');
    await vi.waitFor(() => expect(policy.get().problems[0]?.message).toContain('This is no TOML'));
    expect([kind('rm x', 'never'), kind('ls')]).toEqual(['denied', 'ask']);
    rmSync(path);
    await vi.waitFor(() => expect(kind('rm x', 'never')).toBe('allowed'));
    await vi.waitFor(() => expect(audit.entries.map(({ actor }) => actor.kind)).toContain('server'));
  });

  it('say what is wrong with a text by line and column', () => {
    const problems = (text: string) =>
      policy.check(text).map(({ line, column, message }) => `${line}:${column} ${message}`);
    expect(problems(TEXT)).toEqual([]);
    expect(problems('x = 1')[0]).toContain('1:1 “x” is not known');
    expect(problems('[[rules]]\nname = "a"\neffect = "deny"\nmatch = "a"\nhosts = "b"')[0]).toContain(
      '5:1 “hosts” is no part',
    );
    expect(problems('[[rules]]\nname = "a"\neffect = "deny"\nmatch = "[x] a"')[0]).toContain('4:1');
    expect(problems('[[rules]]\nname = "a"')[0]).toContain('1:1');
    expect(problems('[rules]\nname = "a"')[0]).toContain('written as [[rules]]');
  });
});

describe('an explanation', () => {
  it('has every simple command with the rule that decides it', () => {
    const explained = policy.explain({
      command: 'ls && sudo rm -rf x | curl y',
      host: LOCAL_HOST,
      agent: 'builtin',
      user: null,
      directory: null,
      cwd: null,
      preset: 'ask_outside',
    });
    expect(explained).toMatchObject({
      verdict: 'denied',
      rule: { name: 'no rm', line: 4 },
      unresolved: null,
    });
    expect(
      explained.steps.map(({ command, within, verdict, rule: by }) => [
        command,
        within,
        verdict,
        by?.name ?? null,
      ]),
    ).toEqual([
      ['ls', [], 'allowed', null],
      ['sudo rm -rf x', [], 'ask', null],
      ['rm -rf x', ['sudo'], 'denied', 'no rm'],
      ['curl y', [], 'allowed', 'fetch'],
    ]);
  });
});

describe('a proposal', () => {
  const at = new Date().toISOString();
  const approval = (pattern: string | null, part: object = {}) =>
    ({
      pattern,
      decidedBy: 'page',
      decidedAt: at,
      decision: { kind: 'allowed', scope: 'once', command: null },
      ...part,
    }) as Approval;
  const times = (count: number, make: () => Approval) => Array.from({ length: count }, make);

  it('is made of what a person allowed three times in a month, and counted', () => {
    decided = [
      ...times(4, () => approval('npm publish *')),
      ...times(3, () => approval('[edit] .envrc')),
      ...times(2, () => approval('gh pr create *')),
    ];
    expect(policy.proposals().map(({ rule: { match, effect }, count }) => [effect, match, count])).toEqual([
      ['allow', ['npm publish *'], 4],
      ['allow', ['[edit] .envrc'], 3],
    ]);
    const [first] = policy.proposals();
    if (first) policy.setRule({ index: null, was: null, rule: first.rule }, PAGE);
    expect(policy.proposals().map(({ rule: { match } }) => match)).toEqual([['[edit] .envrc']]);
  });

  it('is not made of what is old, denied as well, edited, decided by nobody, or a rule already', () => {
    const old = { decidedAt: '2020-01-01T00:00:00Z' };
    decided = [
      ...times(3, () => approval('a', old)),
      ...times(3, () => approval('b')),
      approval('b', { decision: { kind: 'denied', reason: null } }),
      ...times(3, () => approval('c', { decision: { kind: 'allowed', scope: 'once', command: 'd' } })),
      ...times(3, () => approval('e', { decidedBy: null })),
      ...times(3, () => approval('curl *')),
      ...times(3, () => approval(null)),
    ];
    expect(policy.proposals()).toEqual([]);
  });
});
