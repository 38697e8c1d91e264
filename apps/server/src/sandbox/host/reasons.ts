/** Why a sandbox does not work on a host, read from what the host has and what bubblewrap says. */
import type { SandboxReason } from '@farhand/shared/model/sandbox';
import type { Survey } from './survey.ts';

export interface Refusal {
  readonly reason: SandboxReason;
  readonly message: string;
  readonly fix: string;
  /** For the host's administrator. */
  readonly command: string | null;
}

const OTHERWISE = 'or choose the profile “none” for this workspace';

const INSTALLS: readonly [RegExp, string][] = [
  [/debian|ubuntu/, 'sudo apt-get install -y bubblewrap'],
  [/fedora|rhel|centos|rocky|almalinux|amzn/, 'sudo dnf install -y bubblewrap'],
  [/arch|manjaro/, 'sudo pacman -S bubblewrap'],
  [/suse/, 'sudo zypper install -y bubblewrap'],
  [/alpine/, 'sudo apk add bubblewrap'],
  [/gentoo/, 'sudo emerge sys-apps/bubblewrap'],
  [/nixos/, 'nix-env -iA nixos.bubblewrap'],
];

const APPARMOR_PROFILE = `sudo tee /etc/apparmor.d/bwrap >/dev/null <<'END'
abi <abi/4.0>,
include <tunables/global>
profile bwrap /usr/bin/bwrap flags=(unconfined) {
  userns,
  include if exists <local/bwrap>
}
END
sudo apparmor_parser -r /etc/apparmor.d/bwrap`;

/** What can be told before anything is tried; null where nothing speaks against it. */
export function refusalBefore(survey: Survey): Refusal | null {
  if (survey.system !== 'Linux')
    return {
      reason: 'system',
      message: `Sandboxes are made by Linux; this host runs ${survey.system.slice(0, 40)}.`,
      fix: `Work on a Linux host, ${OTHERWISE}.`,
      command: null,
    };
  if (survey.program === '') return missing(survey);
  if (survey.version !== null && isOlder(survey.version, [0, 4]))
    return {
      reason: 'too_old',
      message: `bubblewrap ${survey.version} on this host is too old.`,
      fix: `Install bubblewrap 0.4 or newer, ${OTHERWISE}.`,
      command: null,
    };
  return null;
}

/** From what the tried sandbox said on stderr. */
export function refusalOf(stderr: string, survey: Survey): Refusal {
  const text = lastLine(stderr);
  if (/unknown option|unrecognized option/i.test(stderr))
    return {
      reason: 'too_old',
      message: `bubblewrap ${survey.version ?? ''} on this host is too old: ${text}`,
      fix: `Install bubblewrap 0.4 or newer, ${OTHERWISE}.`,
      command: null,
    };
  if (/not found|No such file or directory/.test(stderr) && /bwrap/.test(stderr) && !/^bwrap: /m.test(stderr))
    return missing(survey);
  if (survey.maxNamespaces === '0' && isAboutNamespaces(stderr))
    return off('user.max_user_namespaces', 'is 0', 'user.max_user_namespaces=15000');
  if (survey.usernsClone === '0' && isAboutNamespaces(stderr))
    return off('kernel.unprivileged_userns_clone', 'is 0', 'kernel.unprivileged_userns_clone=1');
  if (/No space left on device/.test(stderr) && isAboutNamespaces(stderr))
    return {
      reason: 'user_namespaces_full',
      message: 'The host takes no more user namespaces: user.max_user_namespaces is reached.',
      fix: `Raise it on the host, ${OTHERWISE}.`,
      command: 'sudo sysctl -w user.max_user_namespaces=15000',
    };
  if (/Resource temporarily unavailable|Cannot allocate memory|Too many open files/.test(stderr))
    return {
      reason: 'unknown',
      message: `The host has no room for a sandbox now: ${text}`,
      fix: `End what takes all of its processes or memory, ${OTHERWISE}.`,
      command: null,
    };
  if (survey.apparmor === '1' && isDenied(stderr))
    return {
      reason: 'apparmor',
      message: 'AppArmor on this host keeps bubblewrap from making a user namespace.',
      fix: `Install an AppArmor profile that allows it to bubblewrap alone, ${OTHERWISE}.`,
      command: APPARMOR_PROFILE,
    };
  if (survey.container === 'yes' && isDenied(stderr))
    return {
      reason: 'container',
      message: `The host is a container that may not make sandboxes: ${text}`,
      fix: `Run the container with user namespaces and an unmasked /proc (Docker: --security-opt seccomp=unconfined --security-opt systempaths=unconfined; Kubernetes: procMount: Unmasked), ${OTHERWISE}.`,
      command: null,
    };
  if (
    /setting up uid map|Creating new namespace failed|No permissions to creat|Operation not permitted/.test(
      stderr,
    )
  )
    return off('User namespaces', 'are not allowed to this account', null, text);
  return {
    reason: 'unknown',
    message:
      text === '' ? 'The sandbox ended at once and did not say why.' : `The sandbox does not start: ${text}`,
    fix: `Try \`bwrap --ro-bind / / true\` in a terminal on the host, ${OTHERWISE}.`,
    command: null,
  };
}

function missing({ distribution }: Survey): Refusal {
  const command = INSTALLS.find(([names]) => names.test(distribution))?.[1] ?? null;
  return {
    reason: 'missing',
    message: 'bubblewrap is not installed on this host.',
    fix: `Install the package “bubblewrap” there, ${OTHERWISE}.`,
    command,
  };
}

function off(what: string, how: string, setting: string | null, text = ''): Refusal {
  return {
    reason: 'user_namespaces_off',
    message: `${what} ${how} on this host${text === '' ? '.' : `: ${text}`}`,
    fix: `Allow user namespaces there, ${OTHERWISE}.`,
    command:
      setting && `echo ${setting} | sudo tee /etc/sysctl.d/60-farhand-userns.conf && sudo sysctl --system`,
  };
}

const isAboutNamespaces = (stderr: string) => /namespace|uid map|userns|No permissions/i.test(stderr);
const isDenied = (stderr: string) =>
  /permission denied|operation not permitted|no permissions|can't mount proc/i.test(stderr);

function lastLine(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const line = lines.findLast((one) => one.startsWith('bwrap: ')) ?? lines.at(-1) ?? '';
  return line.replaceAll(/\p{Cc}/gu, ' ').slice(0, 300);
}

function isOlder(version: string, [major, minor]: readonly [number, number]): boolean {
  const [a = 0, b = 0] = version.split('.').map(Number);
  return a < major || (a === major && b < minor);
}
