import { describe, expect, it } from 'vitest';
import { DIRECTORY, judging } from './testing/judging.ts';

const judge = await judging();
const allow = (match: string, more = '') =>
  `[[rules]]\nname = "a ${match}"\neffect = "allow"\nmatch = "${match}"\n${more}\n`;
const kind = (toml: string, command: string, part = {}) => judge(toml)(command, part).judgement.kind;

// What bypasses.txt tries must not cost what such a rule was written for.
describe('a broad rule', () => {
  it.each([
    ['git *', 'git commit -am "fix: it"'],
    ['git *', 'git push -u origin main'],
    ['git *', 'git log --oneline -5'],
    ['git *', 'git checkout -b topic'],
    ['git config *', 'git config --get user.name'],
    ['git submodule *', 'git submodule update --recursive'],
    ['git bisect *', 'git bisect good'],
    ['docker compose *', 'docker compose up -d --build'],
    ['docker-compose *', 'docker-compose up'],
    ['docker run *', 'docker run --rm -it -p 8080:80 nginx'],
    ['docker image *', 'docker image ls'],
    ['kubectl get *', 'kubectl get pods -n prod -o wide'],
    ['curl *', "curl -fSL https://example.org/a -H 'Accept: application/json'"],
    ['curl *', 'curl --retry 3 -X POST -d a=b https://example.org'],
    ['wget *', 'wget -q https://example.org/a.tgz'],
    ['make *', 'make -j4 build'],
    ['rsync *', 'rsync -avz --delete dist/ web:/srv'],
    ['cargo *', 'cargo build --release'],
    ['go *', 'go test ./... -run A -count 1'],
    ['systemctl *', 'systemctl restart shop'],
    ['sudo apt-get install *', 'sudo apt-get install libpq5 python3.11'],
    ['psql -c *', "psql -c 'select 1'"],
    ['sqlite3 app.db *', "sqlite3 app.db 'select a.b from a'"],
    ['sed -n *', 'sed -n 1,20p a.txt'],
    ['test *', 'test -f a'],
    ['terraform *', 'terraform plan'],
    ['just *', 'just run'],
    ['rails *', 'rails db:migrate'],
    ['tsx scripts/*', 'tsx scripts/a.ts'],
  ])('allows by %s what is meant: %s', (match, text) => {
    expect(kind(allow(match), text)).toBe('allowed');
  });

  it.each([
    ['lxc *', 'lxc exec web pwn'],
    ['oc *', 'oc exec web pwn'],
    ['adb *', 'adb shell pwn'],
    ['rails *', 'rails runner pwn'],
    ['vagrant *', 'vagrant ssh'],
    ['terraform *', 'terraform console'],
    ['tsx *', 'tsx /tmp/x.ts'],
    ['java *', 'java /tmp/X.java'],
    ['Rscript *', 'Rscript /tmp/x.R'],
    ['pwsh *', 'pwsh x.ps1'],
  ])('of a program that is not known, %s, does not allow what runs others: %s', (match, text) => {
    expect(kind(allow(match), text)).toBe('ask');
  });
});

describe('what ssh runs', () => {
  const ssh = allow('ssh prod *');

  it.each(['touch a', 'make build', 'cat notes', 'cp a b', 'git status', 'rm -rf dist'])(
    'is in no workspace: %s',
    (text) => {
      expect(kind('', text)).toBe('allowed');
      expect(kind(ssh, `ssh prod ${text}`)).toBe('ask');
      expect(kind(ssh, `ssh prod cd /; ${text}`)).not.toBe('denied');
    },
  );

  it('is allowed by a rule of its own, or by one that names both', () => {
    expect(kind(ssh + allow('uptime'), 'ssh prod uptime')).toBe('allowed');
    expect(kind(allow('ssh prod uptime'), 'ssh prod uptime')).toBe('allowed');
    expect(kind(allow('ssh prod uptime *'), 'ssh prod uptime -p')).toBe('ask');
  });

  it('is not on the machine, in the folders or by the user that a rule says', () => {
    for (const more of ['host = "local"', 'user = "ada"', 'cwd = "."', 'paths = ["dist/**"]']) {
      const toml = ssh + allow('rm *', more);
      expect(kind(toml, 'rm dist/a', { user: 'ada' }), more).toBe('allowed');
      expect(kind(toml, 'ssh prod rm dist/a', { user: 'ada' }), more).toBe('ask');
    }
    const denied = `${ssh}[[rules]]\nname = "d"\neffect = "deny"\nmatch = "rm *"\nhost = "prod"`;
    expect(kind(denied, 'rm dist/a')).toBe('allowed');
    expect(kind(denied, 'ssh prod rm dist/a', { preset: 'never' })).toBe('ask');
  });

  it('is another user behind sudo', () => {
    const toml = allow('sudo *') + allow('curl *', 'user = "ada"');
    expect(kind(toml, 'curl x', { user: 'ada' })).toBe('allowed');
    expect(kind(toml, 'sudo curl x', { user: 'ada' })).toBe('ask');
  });

  it('moves nothing here', () => {
    expect(kind(ssh + allow('cd *') + allow('uptime'), 'ssh prod cd x; touch a', { cwd: DIRECTORY })).toBe(
      'allowed',
    );
  });
});
