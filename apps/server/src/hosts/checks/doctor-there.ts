/** What the doctor makes of a host's answers to its script. */
import type { HostFinding } from '@farhand/shared/model/host-checks';
import { quote } from '@farhand/shared/runtime/quote';
import { isBefore } from '../../host-agents/findings.ts';
import { AGENT_SIGN_INS } from './doctor-script.ts';
import { readDisk } from './host-scripts.ts';
import { OLDEST_GIT } from './steps-there.ts';

/** What the host told, by name. */
export type Told = ReadonlyMap<string, string>;

/** Between what both clocks said, once the way there is taken off; beyond it builds and sign-ins go wrong. */
const BAD_SKEW_S = 300;
const WARN_SKEW_S = 5;

type Of = Pick<HostFinding, 'id' | 'title'>;
const ok = (about: Of, seen: string): HostFinding => ({ ...about, state: 'ok', seen, todo: null });

/** Of the account's files there that sshd and ssh trust. */
export function permissionsThere(told: Told): HostFinding {
  const about = { id: 'ssh_permissions', title: 'Permissions of ~/.ssh there' };
  const isWritable = (name: string) => (Number.parseInt(told.get(name) || '0', 8) & 0o022) !== 0;
  const key = told.get('mode.key');
  if (key)
    return {
      ...about,
      state: 'bad',
      seen: `Others can read the private key ${key}`,
      todo: `There: chmod 600 ${quote(key)}`,
    };
  const open = [
    ['mode.home', 'the home folder', 'chmod go-w ~'],
    ['mode.ssh', '~/.ssh', 'chmod 700 ~/.ssh'],
    ['mode.authorized_keys', '~/.ssh/authorized_keys', 'chmod 600 ~/.ssh/authorized_keys'],
  ].filter(([name = '']) => isWritable(name));
  if (open.length > 0)
    return {
      ...about,
      state: 'bad',
      seen: `Others can write ${open.map(([, what]) => what).join(', ')}: they could let themselves in.`,
      todo: `There: ${open.map(([, , command]) => command).join(' && ')}`,
    };
  if (!told.get('mode.ssh')) return ok(about, 'There is no ~/.ssh there.');
  return ok(about, `Only its owner can write there (~/.ssh has mode ${told.get('mode.ssh')}).`);
}

export function rootLogin(told: Told): HostFinding {
  const about = { id: 'root_login', title: 'Root' };
  const permits = told.get('root_login') ?? '';
  if (told.get('uid') === '0')
    return {
      ...about,
      state: 'warn',
      seen: 'Work there is done as root: an agent could change all of the machine.',
      todo: 'Make an ordinary user there, and give it to this host as `user`.',
    };
  if (permits === '')
    return {
      ...about,
      state: 'unknown',
      seen: 'The host does not tell whether root may sign in.',
      todo: null,
    };
  if (/^yes$/i.test(permits))
    return {
      ...about,
      state: 'warn',
      seen: 'Root may sign in, also by password (PermitRootLogin yes).',
      todo: 'Set PermitRootLogin no in sshd_config there.',
    };
  return ok(about, `PermitRootLogin ${permits}`);
}

export function git(told: Told): HostFinding {
  const about = { id: 'git', title: 'git' };
  const version = /\d+(?:\.\d+)+/.exec(told.get('git') ?? '')?.[0] ?? null;
  if (version === null)
    return {
      ...about,
      state: 'bad',
      seen: 'There is no git.',
      todo: `Install git there: ${OLDEST_GIT} or newer.`,
    };
  if (!isBefore(version, OLDEST_GIT)) return ok(about, `git ${version}`);
  return {
    ...about,
    state: 'bad',
    seen: `git ${version} is too old.`,
    todo: `Update git there: ${OLDEST_GIT} or newer.`,
  };
}

export function ripgrep(told: Told): HostFinding {
  const about = { id: 'ripgrep', title: 'ripgrep' };
  const version = told.get('rg');
  if (version) return ok(about, version);
  return {
    ...about,
    state: 'warn',
    seen: 'There is no ripgrep: searches there are slower.',
    todo: 'Install it there, as by `apt install ripgrep`.',
  };
}

export function bubblewrap(told: Told): HostFinding {
  const about = { id: 'bwrap', title: 'Sandbox (bubblewrap)' };
  const version = told.get('bwrap');
  if (version === undefined)
    return {
      ...about,
      state: 'warn',
      seen: 'There is no bwrap: nothing can run in a sandbox there.',
      todo: 'Install it there, as by `apt install bubblewrap`.',
    };
  const said = told.get('bwrap.try');
  if (said === 'ok') return ok(about, `${version} works`);
  return {
    ...about,
    state: 'warn',
    seen: `${version} does not work: ${said}`,
    todo: whatNamespacesNeed(told),
  };
}

export function userNamespaces(told: Told): HostFinding {
  const about = { id: 'user_namespaces', title: 'User namespaces' };
  const tried = told.get('userns.try');
  if (tried === 'ok' || told.get('bwrap.try') === 'ok') return ok(about, 'An ordinary user can make them.');
  if (tried === undefined && told.get('userns.max') === undefined)
    return { ...about, state: 'unknown', seen: 'The host does not tell.', todo: null };
  return { ...about, state: 'warn', seen: reasonAgainst(told), todo: whatNamespacesNeed(told) };
}

export function disk(told: Told): HostFinding {
  const about = { id: 'disk', title: 'Disk' };
  const said = told.get('write') ?? '';
  const seen = readDisk(told.get('disk'));
  const folder = told.get('folder') ?? '';
  const todo = 'Free some space there, or give the host another working directory.';
  if (/No space left|quota/i.test(said)) return { ...about, state: 'bad', seen: `${folder} is full.`, todo };
  if (said !== 'ok')
    return {
      ...about,
      state: 'bad',
      seen: `${folder} cannot be written.`,
      todo: 'Mend the permissions there, or give the host another working directory.',
    };
  if (seen === null)
    return { ...about, state: 'unknown', seen: 'The host does not tell how much is free.', todo: null };
  if (seen.state === 'ok') return ok(about, `${seen.text} in ${folder}`);
  return {
    ...about,
    state: seen.state === 'failed' ? 'bad' : 'warn',
    seen: `${seen.text} in ${folder}`,
    todo,
  };
}

/** `askedAtMs` and `answeredAtMs` by our clock, between which the host looked at its own. */
export function clock(told: Told, askedAtMs: number, answeredAtMs: number): HostFinding {
  const about = { id: 'clock', title: 'Clock' };
  const theirs = Number(/^\d+(?:\.\d+)?/.exec(told.get('now') ?? '')?.[0]);
  if (!Number.isFinite(theirs))
    return { ...about, state: 'unknown', seen: 'The host does not tell the time.', todo: null };
  const early = askedAtMs / 1000 - theirs;
  const late = theirs - answeredAtMs / 1000;
  // A whole second where its `date` knows no parts of one.
  const skew = Math.max(0, early - 1, late);
  if (skew < WARN_SKEW_S) return ok(about, 'It agrees with this machine’s.');
  return {
    ...about,
    state: skew < BAD_SKEW_S ? 'warn' : 'bad',
    seen: `It is ${Math.round(skew)} s ${late > early ? 'ahead' : 'behind'}.`,
    todo: 'Turn on time synchronisation, as by `timedatectl set-ntp true`, on whichever machine is wrong.',
  };
}

/** Which agents have signed in there by themselves. */
export function agentSignIns(told: Told): HostFinding {
  const about = { id: 'agents', title: 'Agents' };
  const found = AGENT_SIGN_INS.filter(([program]) => told.has(`agent.${program}`));
  if (found.length === 0)
    return ok(about, 'None of those that sign in are there. Farhand’s own agent needs nothing.');
  const without = found.filter(([program]) => told.get(`agent.${program}`) !== 'yes');
  const names = (agents: typeof found) => agents.map(([, name]) => name).join(', ');
  if (without.length === 0) return ok(about, `Signed in: ${names(found)}`);
  return {
    ...about,
    state: 'warn',
    seen: `No sign-in was found of ${names(without)}.`,
    todo: 'Sign in with the agent in a terminal there, or give its key by the project’s secrets.',
  };
}

function reasonAgainst(told: Told): string {
  if (told.get('userns.max') === '0') return 'The kernel allows none (user.max_user_namespaces = 0).';
  if (told.get('userns.clone') === '0')
    return 'Only root may make them (kernel.unprivileged_userns_clone = 0).';
  if (told.get('userns.apparmor') === '1')
    return 'AppArmor restricts them (kernel.apparmor_restrict_unprivileged_userns = 1).';
  if (told.get('container') === 'yes') return 'They are refused in this container.';
  return 'An ordinary user cannot make them there.';
}

function whatNamespacesNeed(told: Told): string {
  if (told.get('userns.max') === '0') return 'There, as root: sysctl -w user.max_user_namespaces=10000';
  if (told.get('userns.clone') === '0') return 'There, as root: sysctl -w kernel.unprivileged_userns_clone=1';
  if (told.get('userns.apparmor') === '1')
    return 'There, as root: give bwrap an AppArmor profile with `userns,`, or sysctl -w kernel.apparmor_restrict_unprivileged_userns=0';
  if (told.get('container') === 'yes')
    return 'Start the container with user namespaces allowed (its seccomp profile refuses them).';
  return 'Ask who runs the host for user namespaces.';
}
