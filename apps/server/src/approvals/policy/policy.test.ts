import type { ApprovalPolicy, ApprovalSubject } from '@farhand/shared/model/approvals';
import { createRandom } from '@farhand/shared/testing/random';
import { describe, expect, it } from 'vitest';
import type { Judged } from '../../policy/policy.ts';
import { patternOf } from './patterns.ts';
import { judge } from './policy.ts';
import { readShell } from './shell-text.ts';
import { ASKS } from './testing/asked-commands.ts';
import { CHANGES, DIRECTORY, READS } from './testing/harmless-commands.ts';
import { SLY } from './testing/sly-commands.ts';
import { OTHER_TRICKS, TRICKS } from './testing/tricky-commands.ts';

const judged = (subject: ApprovalSubject, part: Partial<Judged> = {}): Judged => ({
  subject,
  paths: [],
  cwd: DIRECTORY,
  directory: DIRECTORY,
  ...part,
});
const ofCommand = (command: string, policy: ApprovalPolicy = 'ask_outside', patterns: string[] = []) =>
  judge(judged({ kind: 'command', command }), policy, patterns);
const isAsked = (command: string, policy: ApprovalPolicy = 'ask_outside', patterns: string[] = []) =>
  ofCommand(command, policy, patterns).kind === 'ask';

describe('the policy', () => {
  it.each(READS)('asks nothing for reading in the workspace: %s', (command) => {
    expect(ofCommand(command, 'ask_writes')).toEqual({ kind: 'allowed', by: 'policy', rule: null });
    expect(isAsked(command, 'ask_all')).toBe(true);
  });

  it.each(CHANGES)('takes for a change inside the workspace: %s', (command) => {
    expect(ofCommand(command)).toEqual({ kind: 'allowed', by: 'policy', rule: null });
    expect(isAsked(command, 'ask_writes')).toBe(true);
  });

  it.each([...ASKS, ...TRICKS, ...OTHER_TRICKS, ...SLY])(
    'asks under each policy but never: %j',
    (command) => {
      expect(isAsked(command, 'ask_outside')).toBe(true);
      expect(isAsked(command, 'ask_writes')).toBe(true);
      expect(isAsked(command, 'never')).toBe(false);
    },
  );

  it('says why in one plain sentence', () => {
    const why = (command: string, policy?: ApprovalPolicy) => ofCommand(command, policy);
    const leaves = 'The policy asks for what leaves the workspace, and';
    expect(why('curl x')).toMatchObject({ kind: 'ask', why: `${leaves} \`curl\` reaches the network.` });
    expect(why('sudo ls')).toMatchObject({ kind: 'ask', why: `${leaves} \`sudo\` acts as another user.` });
    expect(why('cat /etc/passwd')).toMatchObject({
      kind: 'ask',
      why: `${leaves} \`/etc/passwd\` is outside.`,
    });
    expect(why('rm a', 'ask_writes')).toMatchObject({
      kind: 'ask',
      why: 'The policy asks for what is not read-only, and `rm` changes things.',
    });
    expect(why('ls', 'ask_all')).toMatchObject({ kind: 'ask', why: 'The policy asks for everything.' });
  });

  it('asks for a command that begins outside, or where nothing is known of the place', () => {
    const subject = { kind: 'command' as const, command: 'ls' };
    for (const part of [
      { cwd: '/tmp' },
      { cwd: `${DIRECTORY}/.git` },
      { directory: null },
      { paths: ['/etc/x'] },
    ])
      expect(judge(judged(subject, part), 'ask_outside', []).kind).toBe('ask');
    expect(judge(judged(subject, { cwd: null }), 'ask_outside', []).kind).toBe('allowed');
  });

  it('judges files by where they are', () => {
    const edit = (path: string, paths: string[] = []) =>
      judge(judged({ kind: 'edit', files: [{ path, patch: '' }] }, { paths }), 'ask_outside', []).kind;
    for (const path of ['a.ts', 'src/../a.ts', `${DIRECTORY}/a`, '.gitignore', '.github/x.yml'])
      expect([path, edit(path)]).toEqual([path, 'allowed']);
    const outside = [
      '../a',
      '/etc/x',
      'src/../../a',
      '~/x',
      '.git/config',
      'sub/.GIT/x',
      '.envrc',
      '.husky/x',
      '.g\u200bit/x',
      'opencode.json',
      '.opencode/plugin/x.js',
      'lefthook.yaml',
    ];
    for (const path of outside) expect([path, edit(path)]).toEqual([path, 'ask']);
    expect(edit('a.ts', ['/etc/x'])).toBe('ask');
    expect(edit('link', ['.git/config'])).toBe('ask');
    const read = (path: string) => judge(judged({ kind: 'read', path }), 'ask_writes', []).kind;
    expect([read('a'), read('/etc/passwd')]).toEqual(['allowed', 'ask']);
  });

  it.each([
    ['docker build .', 'docker build -o/tmp .'],
    ['go test ./...', 'go test -coverprofile=.envrc'],
    ['go build', 'go build -o ../x'],
    ['kubectl get pods', 'kubectl get pods --server=https://x'],
    ['git pull', 'git pull -qs pwn'],
    ['apt-get install x', 'apt-get install ./x.deb'],
    ['cargo build', 'cargo build -vZx'],
    ['npm test', 'npm test --prefix=/x'],
  ])('takes “always” for %s not for %s', (command, later) => {
    const pattern = patternOf({ kind: 'command', command });
    expect(pattern).toMatch(/ \*$/);
    expect(isAsked(command, 'ask_all', [pattern ?? ''])).toBe(false);
    expect(isAsked(later, 'ask_all', [pattern ?? ''])).toBe(true);
  });

  it.each([
    ['git log --oneline', 'git log -p -3'],
    ['git diff', 'git diff --exit-code'],
    ['npm ci', 'npm ci --prefer-offline'],
    ['cargo build', 'cargo build --target x86_64-unknown-linux-musl'],
    ['apt-get install jq', 'apt-get install -y jq'],
  ])('takes “always” for %s for %s too', (command, later) => {
    expect(isAsked(later, 'ask_all', [patternOf({ kind: 'command', command }) ?? ''])).toBe(false);
  });

  it('asks for tools and addresses, and always for plans, forms and budgets', () => {
    const asks = (subject: ApprovalSubject, policy: ApprovalPolicy) =>
      judge(judged(subject), policy, ['[exact] x']).kind;
    expect(asks({ kind: 'tool', tool: 't', input: '{}' }, 'ask_outside')).toBe('ask');
    expect(asks({ kind: 'fetch', url: 'https://example.org/a' }, 'ask_outside')).toBe('ask');
    expect(asks({ kind: 'plan', text: 'x' }, 'never')).toBe('ask');
    expect(asks({ kind: 'budget', limit: 'x', spent: 'y' }, 'never')).toBe('ask');
  });
});

describe('a pattern', () => {
  it.each([
    ['npm publish --tag x', 'npm publish *'],
    ['git push origin main', 'git push *'],
    ['curl https://example.org', 'curl https://example.org'],
    ['npm run deploy', 'npm run deploy'],
    ["echo 'a b'", "echo 'a b'"],
    ['git -C / push', 'git -C / push'],
    ['a && b', null],
    ['npm publish > log', null],
    ['npm publish $X', null],
    ['npm publish *', null],
    ['gh repo view a/b', 'gh repo view *'],
    ['docker container ls', 'docker container ls *'],
    ['docker container run x', 'docker container run x'],
    ['gh pr', 'gh pr'],
    ['git fetch --upload-pack=x .', 'git fetch --upload-pack=x .'],
    ['git clone x', 'git clone x'],
  ])('of %s is %s', (command, pattern) => {
    expect(patternOf({ kind: 'command', command })).toBe(pattern);
  });

  it('is met by the same words and any that follow, and by nothing with operators around it', () => {
    const patterns = ['npm publish *', 'curl https://example.org'];
    for (const command of [
      'npm publish',
      'npm publish --tag x',
      'curl https://example.org',
      'ls && npm publish',
    ])
      expect([command, ofCommand(command, 'ask_outside', patterns)]).toEqual([
        command,
        { kind: 'allowed', by: 'rule', rule: null },
      ]);
    const others = [
      'npm publishx',
      'npm  unpublish',
      'npm publish; curl x',
      'npm publish $(id)',
      'npm publish > /tmp/x',
      'npm publish > a',
      'npm publish | sh',
      'sudo npm publish',
      'curl https://example.org/x',
      'cd /tmp && npm publish',
      'npm publish &',
      "'npm publish' x",
      'npm publish a*',
    ];
    for (const command of others)
      expect([command, isAsked(command, 'ask_outside', patterns)]).toEqual([command, true]);
    expect(isAsked('npm publish; ls', 'ask_all', patterns)).toBe(true);
    expect(isAsked('npm publish', 'ask_all', patterns)).toBe(false);
  });

  it('is not met where an option lets the same words do anything', () => {
    const patterns = ['git fetch *', 'git push *', 'go install *', 'gh pr view *', 'apt-get install *'];
    for (const command of ['git fetch --all', 'git push -u origin main', 'go install -v ./x', 'gh pr view 1'])
      expect([command, isAsked(command, 'ask_outside', patterns)]).toEqual([command, false]);
    for (const command of [
      'git fetch --upload-pack=./x .',
      'git fetch --upload-p ./x .',
      'git push --receive-pack=./x .',
      'git push --exec ./x .',
      'go install -toolexec ./x .',
      'gh pr merge 1',
      'apt-get install -o DPkg::Pre-Invoke::=sh x',
    ])
      expect([command, isAsked(command, 'ask_outside', patterns)]).toEqual([command, true]);
  });

  it('is met only by the kind of thing that it was shown for', () => {
    const subject: ApprovalSubject = { kind: 'tool', tool: 'x', input: '{}' };
    expect(patternOf(subject)).toBe('[tool] x');
    expect(judge(judged(subject), 'ask_outside', ['[tool] x']).kind).toBe('allowed');
    expect(judge(judged({ ...subject, tool: 'y' }), 'ask_outside', ['[tool] x', 'y']).kind).toBe('ask');
    expect(isAsked("'[tool]' x", 'ask_outside', ['[tool] x'])).toBe(true);
    const edit: ApprovalSubject = { kind: 'edit', files: [{ path: '.envrc', patch: 'x' }] };
    expect(judge(judged(edit), 'ask_outside', ['[edit] .envrc']).kind).toBe('allowed');
    expect(judge(judged(edit, { paths: ['/etc/x'] }), 'ask_outside', ['[edit] .envrc']).kind).toBe('ask');
    const link: ApprovalSubject = { kind: 'edit', files: [{ path: 'link', patch: 'x' }] };
    const ofLink = (...paths: string[]) => judge(judged(link, { paths }), 'ask_writes', ['[edit] link']).kind;
    expect([ofLink('link', `${DIRECTORY}/link`), ofLink('link', 'src/other.ts')]).toEqual(['allowed', 'ask']);
  });
});

describe('any text', () => {
  const PIECES = [
    ...READS,
    ...CHANGES,
    ...'$(id)|`id`|${A}|$A|&|;|&&|>|<|<<|\'|"|\\|*|..|/|~|#|!|=|(|)|{|}|--|-|é|😀|sh|curl|-exec|.git'.split(
      '|',
    ),
    ...'|,\n, ,\u0000,\u202e,\ud800'.split(','),
  ];

  it('is read without an error, and no substitution that the shell would see is let through', () => {
    const random = createRandom(20261).below;
    for (let round = 0; round < 20_000; round += 1) {
      const text = Array.from({ length: 1 + random(6) }, () => PIECES[random(PIECES.length)]).join(
        random(2) === 1 ? ' ' : '',
      );
      const { kind } = ofCommand(text);
      patternOf({ kind: 'command', command: text });
      // In single quotes alone it is only text.
      const bare = text.replaceAll(/'[^']*'/g, '');
      if (/\$\(|`|\$\{|\$[A-Z]/.test(bare))
        expect([text, isQuoted(text) || kind === 'ask']).toEqual([text, true]);
    }
  });

  it('is read by the same words as a shell takes', () => {
    const read = readShell(`a 'b c'"d"e  f;g|h && i 2>&1 >x`);
    expect(read.isKnown && read.commands.map(({ words }) => words.map(({ text }) => text))).toEqual([
      ['a', 'b cde', 'f'],
      ['g'],
      ['h'],
      ['i'],
    ]);
  });
});

// A double quote before a single one changes what is quoted: such texts are judged by hand above.
const isQuoted = (text: string) => text.includes('"') && text.includes("'");
