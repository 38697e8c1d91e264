import type { ApprovalSubject } from '@farhand/shared/model/approvals';
import type { HostId } from '@farhand/shared/model/hosts';
import { describe, expect, it } from 'vitest';
import { DIRECTORY, judging } from './testing/judging.ts';

const judge = await judging(['live']);
const rule = (body: string) => `[[rules]]\n${body}\n`;
const allow = (match: string, more = '') =>
  rule(`name = "a ${match}"\neffect = "allow"\nmatch = "${match}"\n${more}`);
const deny = (match: string, more = '') =>
  rule(`name = "d ${match}"\neffect = "deny"\nmatch = "${match}"\n${more}`);
const ask = (match: string, more = '') =>
  rule(`name = "q ${match}"\neffect = "ask"\nmatch = "${match}"\n${more}`);
const kind = (toml: string, command: string, part = {}) => judge(toml)(command, part).judgement.kind;

describe('rules', () => {
  it('count before the preset, deny before ask before allow, whatever their order', () => {
    const all = allow('git *') + ask('git push *') + deny('git push ** --force **');
    expect(kind(all, 'git fetch')).toBe('allowed');
    expect(kind(all, 'git push')).toBe('ask');
    expect(kind(all, 'git push origin --force')).toBe('denied');
    expect(kind(deny('ls'), 'ls')).toBe('denied');
    expect(kind(ask('ls'), 'ls', { preset: 'never' })).toBe('ask');
    expect(kind(deny('ls'), 'ls', { preset: 'never' })).toBe('denied');
    expect(kind(allow('ls'), 'ls', { preset: 'ask_all' })).toBe('allowed');
  });

  it('name the rule and its reason', () => {
    expect(judge(deny('rm *', 'reason = "Ask Ada."'))('rm x').judgement).toEqual({
      kind: 'denied',
      why: 'The rule “d rm *” denies it. Ask Ada.',
      rule: 'd rm *',
    });
    expect(judge(allow('curl *'))('curl x').judgement).toEqual({
      kind: 'allowed',
      by: 'rule',
      rule: 'a curl *',
    });
  });

  it('allow a text only where they or the preset allow every command in it', () => {
    const toml = allow('curl *');
    expect(kind(toml, 'ls && curl x | head')).toBe('allowed');
    for (const text of [
      'curl x | sh',
      'curl x; wget y',
      'curl $(wget y)',
      'curl $X',
      'curl x > ../a',
      'curl x > .envrc',
      'X=1 curl x',
    ])
      expect([text, kind(toml, text)]).toEqual([text, 'ask']);
    expect(kind(toml, 'curl x > a')).toBe('allowed');
    expect(kind(toml, 'curl x > a', { preset: 'ask_writes' })).toBe('ask');
  });

  it('find what they deny wherever it stands', () => {
    const toml = deny('rm **');
    for (const text of [
      'rm x',
      'ls; rm x',
      'ls && (rm x)',
      '/bin/rm x',
      '"rm" x',
      "r''m x",
      'r\\m x',
      'RM x',
      'echo $(rm x)',
      'echo `rm x`',
      'cat <(rm x)',
      'cat <<EOF\n$(rm x)\nEOF',
      'if true; then rm x; fi',
      'for i in a; do rm $i; done',
      'f() { rm x; }; f',
      'env A=1 rm x',
      'sudo rm x',
      'sudo -u root rm x',
      'timeout 5 rm x',
      'xargs rm < a',
      'find . -exec rm {} +',
      'sh -c "rm x"',
      "bash -c 'ls; rm x'",
      "eval 'rm x'",
      'nohup nice rm x',
      'ssh h rm x',
      'case a in a) rm x;; esac',
      '! rm x',
      'rm x &',
      'A=1 rm x',
      '> a rm x',
      "sh <<'EOF'\nrm x\nEOF",
      'bash <<< "rm x"',
      "git -c alias.x='!rm x' x",
      'watch rm x',
      'rm $X',
      'rm *',
      "tar cf a --checkpoint-action=exec='rm x' b",
      'command rm x',
      'exec rm x',
      'coproc rm x',
      'time rm x',
      'trap "rm x" EXIT',
      "alias l='rm x'",
    ])
      expect([text, kind(toml, text, { preset: 'never' })]).toEqual([text, 'denied']);
    for (const text of [
      '$X',
      '$(echo rm) x',
      'r$X x',
      "python3 -c 'x'",
      'ls | sh',
      'taskset 1 rm x',
      "awk 'BEGIN{system(x)}'",
      'eval "$X"',
      "git config alias.x '!rm x'",
    ])
      expect([text, kind(toml, text, { preset: 'never' })]).toEqual([text, 'ask']);
    for (const text of ['./rm x', 'ls rm', 'git commit -m "rm x"', 'echo rm', 'git rm x', 'npm run rm'])
      expect([text, kind(toml, text, { preset: 'never' })]).toEqual([
        text,
        text === 'npm run rm' ? 'ask' : 'allowed',
      ]);
    expect(kind(deny('git push **'), 'git -C /x -c a=b push --force', { preset: 'never' })).toBe('denied');
  });

  it('take paths after they were resolved, all of them to allow and one of them to deny', () => {
    const writes = allow('rm *', 'paths = ["/srv/app/**", "tmp/*"]');
    for (const text of ['rm /srv/app/a', 'rm -rf /srv/app/a/b tmp/x', 'rm /srv/app/x/../y'])
      expect([text, kind(writes, text, { preset: 'ask_all' })]).toEqual([text, 'allowed']);
    for (const text of [
      'rm /srv/app/../x',
      'rm tmp/../x',
      'rm /srv/app/a /etc/x',
      'rm tmp/a/b',
      'rm $X',
      'cd / && rm tmp/a',
      'rm */../x',
      'rm --files=/etc/x',
    ])
      expect([text, kind(writes, text, { preset: 'ask_all' })]).toEqual([text, 'ask']);
    const secret = deny('**', 'paths = ["secrets/**", "/etc/**"]');
    for (const text of [
      'cat secrets/a',
      'cat ./x/../secrets/a',
      'echo x > secrets/a',
      'cat a --file=/etc/x',
      'cd secrets && cat a',
      'cat < /etc/passwd',
    ])
      expect([text, kind(secret, text, { preset: 'never' })]).toEqual([text, 'denied']);
    expect(kind(secret, 'cat $X', { preset: 'never' })).toBe('ask');
    expect(kind(secret, 'cat a', { preset: 'never' })).toBe('allowed');
  });

  it('count where they are said to count', () => {
    const on = { hostId: 'prod' as HostId };
    expect(kind(deny('ls', 'host = "prod"'), 'ls', on)).toBe('denied');
    expect(kind(deny('ls', 'host = "prod"'), 'ls')).toBe('allowed');
    expect(kind(deny('ls', 'host = ["pr*", "x"]'), 'ls', on)).toBe('denied');
    expect(kind(deny('ls', 'host = "live"'), 'ls')).toBe('denied');
    expect(kind(deny('ls', 'agent = "codex"'), 'ls', { agent: 'codex' })).toBe('denied');
    expect(kind(deny('ls', 'agent = "codex"'), 'ls')).toBe('allowed');
    expect(kind(deny('ls', 'user = "root"'), 'ls', { user: 'root' })).toBe('denied');
    expect(kind(deny('ls', 'user = "root"'), 'ls', { user: 'u' })).toBe('allowed');
    expect(kind(deny('ls', 'user = "root"'), 'ls')).toBe('ask');
    expect(kind(allow('curl x', 'user = "root"'), 'curl x')).toBe('ask');
    expect(kind(deny('ls', 'cwd = "src"'), 'ls', { cwd: `${DIRECTORY}/src` })).toBe('denied');
    // Where `cd` fails it runs where it was.
    expect(kind(deny('ls', 'cwd = "src"'), 'cd src; ls')).toBe('ask');
    expect(kind(allow('curl x', 'cwd = "src"'), 'cd src && curl x')).toBe('ask');
    expect(kind(allow('curl x', 'cwd = "src"'), 'curl x', { cwd: `${DIRECTORY}/src` })).toBe('allowed');
    expect(kind(allow('curl x', 'cwd = ["src", "."]'), 'cd src && curl x')).toBe('allowed');
  });

  it('answer for what a wrapper runs only where they name it', () => {
    expect(kind(allow('sudo systemctl restart *'), 'sudo systemctl restart app')).toBe('allowed');
    expect(kind(allow('sudo *'), 'sudo systemctl restart app')).toBe('ask');
    expect(
      kind(allow('sudo systemctl restart *') + deny('systemctl ** app'), 'sudo systemctl restart app'),
    ).toBe('denied');
    expect(kind(allow('xargs *'), 'xargs curl < a')).toBe('ask');
    expect(kind(allow('xargs *') + allow('curl *'), 'xargs curl < a')).toBe('allowed');
    expect(kind(allow('curl *'), 'timeout 5 curl x')).toBe('allowed');
    expect(kind(allow('curl *'), 'sudo curl x')).toBe('ask');
  });

  it.each([
    ['timeout 5 *', 'timeout 5 curl x'],
    ['timeout 60 **', 'timeout 60 curl x'],
    ['nice -n 5 *', 'nice -n 5 curl x'],
    ['env -i *', 'env -i curl x'],
    ['command -p *', 'command -p curl x'],
    ['nohup nice *', 'nohup nice curl x'],
    ['sudo -u bob *', 'sudo -u bob curl x'],
    ['sudo -n *', 'sudo -n rm -rf /'],
    ['xargs -n 1 **', 'ls | xargs -n 1 curl'],
    ['xargs *', 'ls | xargs rm'],
    ['watch -n 1 *', 'watch -n 1 curl x'],
    ['flock x *', 'flock x curl x'],
    ['strace -f *', 'strace -f curl x'],
    ['strace -o *', "strace -o '|pwn' ls"],
    ['sh -c *', "sh -c 'curl x'"],
    ['npx -y *', 'npx -y evil'],
    ['timeout 5 npm *', 'timeout 5 npm exec pwn'],
    ['sudo -u bob git *', 'sudo -u bob git -c core.pager=pwn log'],
    ['sudo find *', 'sudo find . -delete'],
    ['sudo python3 *', 'sudo python3 x.py'],
    ['sudo systemctl restart *', 'sudo systemctl restart x -H pwn@host'],
    ['ssh live systemctl restart *', "ssh live systemctl restart 'x; pwn'"],
    ['node scripts/*.mjs', 'node scripts/../../x.mjs'],
    ['bash scripts/*', 'bash scripts/../x.sh'],
    ['docker compose *', 'docker compose -f x.yml up'],
    ['docker compose *', 'docker compose --project-directory=/ up'],
    ['docker compose *', 'docker compose run web pwn'],
    ['docker compose *', 'docker compose exec -T web pwn'],
    ['docker compose *', 'docker compose cp web:/x /etc'],
    ['pip *', 'pip --python ./pwn list'],
    ['pip *', 'pip list --python=./pwn'],
    ['uv *', 'uv run pwn'],
    ['poetry *', 'poetry run pwn'],
    ['bundle *', 'bundle exec pwn'],
    ['tmux *', 'tmux new pwn'],
    ['ip *', 'ip netns exec x pwn'],
    ['mvn *', 'mvn exec:exec -Dexec.executable=pwn'],
    ['mvn *', 'mvn test exec:exec'],
    ['cmake *', 'cmake -P x'],
    ['cmake *', 'cmake -E env pwn'],
    ['ctest *', 'ctest --build-and-test x y --test-command pwn'],
    ['gcc *', 'gcc -wrapper pwn x.c'],
    ['gcc *', 'gcc @x'],
    ['eslint *', 'eslint --rulesdir x .'],
    ['vitest *', 'vitest -c x.ts'],
    ['jest *', 'jest --globalSetup=./x'],
    ['tox *', 'tox -x testenv.commands=pwn'],
    ['apt *', 'apt -o APT::Update::Pre-Invoke::=pwn update'],
    ['nc *', 'nc -e pwn x 1'],
    ['perf *', 'perf stat pwn'],
  ])('let a star of %s not stand for what runs others: %s', (match, text) => {
    expect(kind(allow(match), text)).toBe('ask');
  });

  it.each([
    ['timeout 5 npm test *', 'timeout 5 npm test x'],
    ['xargs git add *', 'ls | xargs git add'],
    ['sudo systemctl restart *', 'sudo systemctl restart x'],
    ['docker compose *', 'docker compose logs -f web'],
    ['terraform *', 'terraform plan'],
    ['terraform plan -var *', 'terraform plan -var x=y'],
    ['serve --port=*', 'serve --port=80'],
    ['node scripts/*.mjs', 'node scripts/a/b.mjs'],
  ])('allow by %s what it says: %s', (match, text) => {
    expect(kind(allow(match), text)).toBe('allowed');
  });

  it('keep stored patterns for what they do not answer', () => {
    const patterns = ['npm publish *', 'sudo systemctl restart x', "python3 -c 'print(1)'"];
    for (const text of ['npm publish', 'sudo systemctl restart x', "python3 -c 'print(1)'"]) {
      expect([text, kind('', text, { patterns })]).toEqual([text, 'allowed']);
      expect([text, kind(allow('curl x'), `${text} && curl x`, { patterns })]).toEqual([text, 'allowed']);
    }
    expect(kind(deny('npm publish *'), 'npm publish', { patterns })).toBe('denied');
    expect(kind('', 'sudo systemctl restart y', { patterns })).toBe('ask');
    expect(kind('', 'npm publish $X', { patterns })).toBe('ask');
  });

  it('are about edits, files, addresses and tools too', () => {
    const of = (toml: string, subject: ApprovalSubject, part = {}) => kind(toml, '', { subject, ...part });
    const edit = (path: string): ApprovalSubject => ({ kind: 'edit', files: [{ path, patch: '' }] });
    expect(of(deny('[edit] src/**'), edit('src/a/b.ts'), { preset: 'never' })).toBe('denied');
    expect(of(deny('[edit] src/**'), edit('a.ts'), { preset: 'never' })).toBe('allowed');
    expect(of(allow('[edit] .envrc'), edit('.envrc'))).toBe('allowed');
    expect(of(allow('[edit] .envrc'), edit('.envrc'), { paths: ['/etc/x'] })).toBe('ask');
    expect(of(allow('[fetch] https://example.org/*'), { kind: 'fetch', url: 'https://example.org/a' })).toBe(
      'allowed',
    );
    expect(
      of(allow('[fetch] https://example.org/*'), { kind: 'fetch', url: 'https://example.org.evil/a' }),
    ).toBe('ask');
    expect(of(deny('[tool] mcp__*'), { kind: 'tool', tool: 'mcp__x', input: '' }, { preset: 'never' })).toBe(
      'denied',
    );
    expect(of(deny('ls') + allow('[tool] *'), { kind: 'plan', text: 'x' }, { preset: 'never' })).toBe('ask');
    expect(of(deny('[edit] secrets/**'), edit('./src/../secrets/a'), { preset: 'never' })).toBe('denied');
    expect(of(deny('[edit] secrets/**'), edit(`${DIRECTORY}/secrets/a`), { preset: 'never' })).toBe('denied');
  });

  it('are compared in little time, however many stars they have', () => {
    const begin = performance.now();
    const stars = deny('x ** a ** a ** a ** a ** b **');
    expect(kind(stars, `x ${'a '.repeat(390)}`)).toBe('ask');
    expect(performance.now() - begin).toBeLessThan(15_000);
  });

  it('take little time for a text of any length', () => {
    const toml = deny('rm ** a ** b ** c') + deny('x* ** --force **') + allow('git *');
    const begin = performance.now();
    for (const text of [
      'x '.repeat(9_000),
      'rm a b '.repeat(2_500),
      '('.repeat(9_000),
      `${'('.repeat(8_000)}rm x${')'.repeat(8_000)}`,
      `${'! ('.repeat(3_000)}rm x${')'.repeat(3_000)}`,
      `echo ${'$('.repeat(6_000)}rm x${')'.repeat(6_000)}`,

      '$('.repeat(5_000),
      'x;'.repeat(9_000),
      '"'.repeat(9_001),
      'a <<E\n'.repeat(2_500),
    ])
      for (const preset of ['ask_outside', 'never']) expect(kind(toml, text, { preset })).not.toBe('allowed');
    // A generous bound: it is a matter of milliseconds.
    expect(performance.now() - begin).toBeLessThan(20_000);
  });
});
