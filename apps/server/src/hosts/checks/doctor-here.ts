/** What the doctor sees from this machine: keys, known hosts, and what sshd offers. */
import { existsSync, statSync } from 'node:fs';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { HostFinding } from '@farhand/shared/model/host-checks';
import { quote } from '@farhand/shared/runtime/quote';
import type { ResolvedDestination } from '../../runtimes/registry.ts';

/** What came of a knock; null where a proxy is in between. */
export type Knock = { readonly methods: readonly string[] } | { readonly error: FarhandError } | null;

/** Of the private keys that would be offered. */
export function keyPermissions({ identityFiles }: ResolvedDestination): HostFinding {
  const about = { id: 'key_permissions', title: 'Private keys on this machine' };
  const there = identityFiles.filter((file) => existsSync(file));
  if (there.length === 0)
    return {
      ...about,
      state: 'ok',
      seen: 'No key file is used; an agent or another way signs in.',
      todo: null,
    };
  const open = there.filter(isOpenToOthers);
  if (open.length === 0)
    return { ...about, state: 'ok', seen: `Only you can read ${there.join(', ')}`, todo: null };
  return {
    ...about,
    state: 'bad',
    seen: `Others can read ${open.join(', ')}`,
    todo: `Run: chmod 600 ${open.map(shown).join(' ')}. A key that others could read is better replaced.`,
  };
}

/** Whether the key of the host is on record, and whether ssh would ask for one that is not. */
export function knownHost(resolved: ResolvedDestination, knock: Knock): HostFinding {
  const about = { id: 'known_hosts', title: 'Host key' };
  const { strictHostKeyChecking: strict, hostname } = resolved;
  if (knock !== null && 'error' in knock) {
    const { code, message, hint } = knock.error;
    const state = code === 'host.key_changed' || code === 'host.key_revoked' ? 'bad' : 'unknown';
    return { ...about, state: code === 'host.key_unknown' ? 'warn' : state, seen: message, todo: hint };
  }
  if (/^(?:no|off|false)$/.test(strict))
    return {
      ...about,
      state: 'warn',
      seen: `ssh’s configuration takes any key for ${hostname} (StrictHostKeyChecking ${strict}). Farhand checks it all the same.`,
      todo: 'Remove StrictHostKeyChecking from ~/.ssh/config for this host.',
    };
  const seen =
    knock === null
      ? 'Checked with the connection, through the proxy.'
      : 'The key that it shows is on record.';
  return { ...about, state: 'ok', seen, todo: null };
}

/** Whether sshd lets somebody guess passwords. */
export function passwordLogin(knock: Knock): HostFinding {
  const about = { id: 'password_login', title: 'Sign-in by password' };
  if (knock === null || 'error' in knock)
    return { ...about, state: 'unknown', seen: 'sshd could not be asked directly.', todo: null };
  const byWord = knock.methods.filter((method) => /^(?:password|keyboard-interactive)$/.test(method));
  if (knock.methods.includes('none'))
    return {
      ...about,
      state: 'bad',
      seen: 'sshd lets this user in without any proof.',
      todo: 'Give the user a key, and set PermitEmptyPasswords no in sshd_config there.',
    };
  if (byWord.length === 0)
    return { ...about, state: 'ok', seen: `sshd takes only ${knock.methods.join(', ')}`, todo: null };
  return {
    ...about,
    state: 'warn',
    seen: `sshd also takes ${byWord.join(', ')}: anybody can try to guess.`,
    todo: 'Set PasswordAuthentication no and KbdInteractiveAuthentication no in sshd_config there, once your key works. Keep it for a second factor.',
  };
}

function isOpenToOthers(file: string): boolean {
  if (process.platform === 'win32') return false;
  return (statSync(file).mode & 0o077) !== 0;
}

const shown = (file: string) => (/^[\w./~-]+$/.test(file) ? file : quote(file));
