import type { PolicyRule } from '@farhand/shared/model/policy';
import { describe, expect, it } from 'vitest';
import { wantedSudo } from './sudo-rules.ts';

const rule = (match: string[], part: Partial<PolicyRule> = {}): PolicyRule => ({
  name: 'services',
  effect: 'allow',
  match,
  paths: [],
  cwd: [],
  host: [],
  user: [],
  agent: [],
  reason: null,
  ...part,
});
const read = (...rules: PolicyRule[]) => wantedSudo(rules, () => true);

describe('rules about sudo', () => {
  it('become entries with a program and fixed arguments', () => {
    const { wanted, left } = read(
      rule([
        'sudo systemctl restart nginx',
        'sudo -u www-data /usr/bin/id',
        'git push *',
        'sudo -n -- reboot',
      ]),
    );
    expect(left).toEqual([]);
    expect(wanted).toEqual([
      { rule: 'services', runAs: 'root', program: 'systemctl', args: ['restart', 'nginx'] },
      { rule: 'services', runAs: 'www-data', program: '/usr/bin/id', args: [] },
      { rule: 'services', runAs: 'root', program: 'reboot', args: [] },
    ]);
  });

  it('are left out where sudo reads the user as a word of its own', () => {
    for (const user of ['ALL', 'OPERATORS']) {
      const { wanted, left } = read(rule([`sudo -u ${user} /usr/bin/id`]));
      expect([wanted, left.length]).toEqual([[], 1]);
    }
  });

  it('count only where they allow and hold on the host', () => {
    const rules = [rule(['sudo reboot'], { effect: 'ask' }), rule(['sudo reboot'], { host: ['other'] })];
    expect(wantedSudo(rules, ({ host }) => host.length === 0)).toEqual({ wanted: [], left: [] });
  });

  it.each([
    'sudo systemctl restart *',
    'sudo systemctl restart **',
    'sudo cat /etc/[a]',
    'sudo',
    'sudo -i',
    'sudo -s ls',
    'sudo -u #0 ls',
    'sudo -u root,ada ls',
    'sudo ./run',
    'sudo bin/run',
    'sudo /usr/bin/../bin/ls',
    'sudo LD_PRELOAD=x.so\\ ls',
    "sudo sh -c 'a'",
    'sudo ls !root',
    'sudo tee a"b',
    'sudo -E make',
  ])('leave out %s, and say why', (pattern) => {
    const { wanted, left } = read(rule([pattern]));
    expect(wanted).toEqual([]);
    expect(left).toEqual([{ rule: 'services', pattern, reason: expect.stringMatching(/\.$/) }]);
  });

  it('are left out where they say something that sudo cannot look at', () => {
    const { wanted, left } = read(rule(['sudo reboot'], { cwd: ['/srv'], agent: ['codex'] }));
    expect(wanted).toEqual([]);
    expect(left[0]?.reason).toContain('`cwd` and `agent`');
  });
});
