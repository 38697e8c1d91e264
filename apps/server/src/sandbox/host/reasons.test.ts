import { describe, expect, it } from 'vitest';
import { refusalBefore, refusalOf } from './reasons.ts';
import type { Survey } from './survey.ts';

const DEBIAN: Survey = {
  system: 'Linux',
  home: '/home/ada',
  realHome: '/home/ada',
  isRoot: false,
  program: '/usr/bin/bwrap',
  version: '0.8.0',
  isSetuid: false,
  canForbidNesting: true,
  reset: 'env',
  keyctl: null,
  systemd: null,
  distribution: 'debian',
  maxNamespaces: '96365',
  usernsClone: '1',
  apparmor: '',
  container: '',
};

// As bubblewrap 0.4 to 0.11 and shells say it.
const SAMPLES: readonly [string, Partial<Survey>, string][] = [
  [
    "bwrap: No permissions to create new namespace, likely because the kernel does not allow non-privileged user namespaces. On e.g. debian this can be enabled with 'sysctl kernel.unprivileged_userns_clone=1'.",
    { usernsClone: '0' },
    'user_namespaces_off',
  ],
  [
    'bwrap: Creating new namespace failed: No space left on device',
    { maxNamespaces: '0' },
    'user_namespaces_off',
  ],
  [
    'bwrap: Creating new namespace failed: nesting depth or /proc/sys/user/max_*_namespaces exceeded (ENOSPC)',
    { maxNamespaces: '0' },
    'user_namespaces_off',
  ],
  ['bwrap: Creating new namespace failed: No space left on device', {}, 'user_namespaces_full'],
  ['bwrap: setting up uid map: Permission denied', { apparmor: '1' }, 'apparmor'],
  ['bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted', { apparmor: '1' }, 'apparmor'],
  ["bwrap: Can't mount proc on /newroot/proc: Operation not permitted", { container: 'yes' }, 'container'],
  [
    'bwrap: No permissions to create new namespace, likely because the kernel does not allow non-privileged user namespaces.',
    { container: 'yes' },
    'container',
  ],
  ['bwrap: Failed to make / slave: Permission denied', { container: 'yes' }, 'container'],
  ['bwrap: Creating new namespace failed: Operation not permitted', {}, 'user_namespaces_off'],
  ['bwrap: setting up uid map: Permission denied', {}, 'user_namespaces_off'],
  ['bwrap: Unknown option --ro-bind-try', { version: '0.3.1' }, 'too_old'],
  ['sh: 9: exec: /usr/bin/bwrap: not found', {}, 'missing'],
  ["bwrap: Can't find source path /data: Input/output error", {}, 'unknown'],
  ['bwrap: Creating new namespace failed: Resource temporarily unavailable', {}, 'unknown'],
  ["bwrap: Can't fork for pid 1: Cannot allocate memory", { container: 'yes' }, 'unknown'],
  ['', {}, 'unknown'],
];

describe('refusalOf', () => {
  it.each(SAMPLES)('reads %j', (stderr, facts, reason) => {
    const refusal = refusalOf(`some warning\n${stderr}\n`, { ...DEBIAN, ...facts });
    expect(refusal.reason).toBe(stderr === '' ? 'unknown' : reason);
    expect(refusal.fix).toContain('or choose the profile “none”');
  });

  it('gives an AppArmor profile to install, for bubblewrap alone', () => {
    const { command } = refusalOf('bwrap: setting up uid map: Permission denied', {
      ...DEBIAN,
      apparmor: '1',
    });
    expect(command).toContain('profile bwrap /usr/bin/bwrap flags=(unconfined)');
    expect(command).not.toContain('apparmor_restrict_unprivileged_userns=0');
  });

  it('says nothing of a host’s text but one short line without control characters', () => {
    const { message } = refusalOf(`bwrap: \u001b[31m${'x'.repeat(5000)}`, DEBIAN);
    expect(message.length).toBeLessThan(400);
    expect(message).not.toMatch(/\p{Cc}/u);
  });
});

describe('refusalBefore', () => {
  it.each([
    ['Darwin', 'this host runs Darwin'],
    ['FreeBSD', 'this host runs FreeBSD'],
  ])('tells that %s has no sandboxes', (system, text) => {
    expect(refusalBefore({ ...DEBIAN, system })).toMatchObject({ reason: 'system' });
    expect(refusalBefore({ ...DEBIAN, system })?.message).toContain(text);
  });

  it.each([
    ['ubuntu debian', 'sudo apt-get install -y bubblewrap'],
    ['rocky rhel centos fedora', 'sudo dnf install -y bubblewrap'],
    ['alpine', 'sudo apk add bubblewrap'],
    ['arch', 'sudo pacman -S bubblewrap'],
    ['plan9', null],
  ])('gives the command that installs bubblewrap on %s', (distribution, command) => {
    expect(refusalBefore({ ...DEBIAN, program: '', version: null, distribution })).toMatchObject({
      reason: 'missing',
      command,
    });
  });

  it('lets a host with bubblewrap pass', () => {
    expect(refusalBefore(DEBIAN)).toBeNull();
  });
});
