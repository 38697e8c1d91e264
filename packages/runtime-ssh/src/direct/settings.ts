/** What `ssh -G` resolved, as the direct connection needs it. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { nameOf, type ResolvedHost, type SshTarget } from '../config.ts';
import { expandPath, type TokenSubject } from './tokens.ts';

export interface DirectSettings extends TokenSubject {
  /** 0 for either. */
  readonly addressFamily: 0 | 4 | 6;
  readonly bindAddress: string | undefined;
  readonly connectTimeoutMs: number;
  readonly isCompressed: boolean;
  readonly identityFiles: readonly string[];
  /** Named ones. They are not offered, see `direct-certificates.ts`. */
  readonly certificateFiles: readonly string[];
  /** The agent's socket or pipe; null for none. */
  readonly agentPath: string | null;
  /** Only the agent's keys that the identity files name. */
  readonly identitiesOnly: boolean;
  readonly userKnownHosts: readonly string[];
  readonly globalKnownHosts: readonly string[];
  readonly hashesKnownHosts: boolean;
  readonly refusesUnknownKeys: boolean;
  readonly revokedHostKeys: string | null;
  /** Ways to sign in that the configuration allows, the preferred first. */
  readonly signInMethods: readonly SignInMethod[];
  readonly passwordTries: number;
  readonly proxyCommand: string | null;
  readonly algorithms: Readonly<Record<'kex' | 'ciphers' | 'macs' | 'hostKeys', readonly string[]>>;
}

export type SignInMethod = 'publickey' | 'keyboard-interactive' | 'password';

const CONNECT_TIMEOUT_MS = 20_000;
/** ssh's own order. */
const SIGN_IN_METHODS: readonly SignInMethod[] = ['publickey', 'keyboard-interactive', 'password'];
const SWITCHES: Readonly<Record<SignInMethod, string>> = {
  publickey: 'pubkeyauthentication',
  'keyboard-interactive': 'kbdinteractiveauthentication',
  password: 'passwordauthentication',
};
const MAX_PASSWORD_TRIES = 3;

/** `host.direct_unsupported` for what changes who is trusted or how the host is reached, and is not done here. */
export function readDirectSettings(target: SshTarget, resolved: ResolvedHost): DirectSettings {
  const one = (key: string) => nothingAsNull(resolved.settings.get(key)?.[0]);
  const list = (key: string) => one(key)?.split(',') ?? [];
  const isOn = (key: string) => /^(?:yes|true)$/.test(one(key) ?? '');
  refuseUnsupported(target, one);
  // Without one there is no agent, and no variable has a value.
  const environment = target.environment ?? {};
  const subject: TokenSubject = {
    typedName: nameOf(target)
      .replace(/^ssh:\/\//, '')
      .replace(/^.*@/, ''),
    hostname: resolved.hostname,
    port: resolved.port,
    user: resolved.user,
    keyAlias: one('hostkeyalias'),
    proxyJump: one('proxyjump'),
  };
  const paths = (values: readonly string[]) => values.map((value) => expandPath(value, subject, environment));
  const preferred = list('preferredauthentications');
  const revoked = one('revokedhostkeys');
  return {
    ...subject,
    addressFamily: one('addressfamily') === 'inet' ? 4 : one('addressfamily') === 'inet6' ? 6 : 0,
    bindAddress: one('bindaddress') ?? undefined,
    connectTimeoutMs:
      resolved.connectTimeoutSeconds === null ? CONNECT_TIMEOUT_MS : resolved.connectTimeoutSeconds * 1000,
    isCompressed: isOn('compression'),
    identityFiles: paths(resolved.identityFiles.filter((file) => file !== 'none')),
    certificateFiles: paths(
      (resolved.settings.get('certificatefile') ?? []).filter((file) => file !== 'none'),
    ),
    agentPath: agentPath(resolved.settings.get('identityagent')?.[0], subject, environment),
    identitiesOnly: isOn('identitiesonly'),
    userKnownHosts: paths(splitPaths(one('userknownhostsfile'))),
    globalKnownHosts: paths(splitPaths(one('globalknownhostsfile'))),
    hashesKnownHosts: isOn('hashknownhosts'),
    refusesUnknownKeys: isOn('stricthostkeychecking'),
    revokedHostKeys: revoked === null ? null : expandPath(revoked, subject, environment),
    signInMethods: (preferred.length === 0
      ? SIGN_IN_METHODS
      : SIGN_IN_METHODS.filter((method) => preferred.includes(method)).toSorted(
          (a, b) => preferred.indexOf(a) - preferred.indexOf(b),
        )
    ).filter((method) => one(SWITCHES[method]) !== 'no' && one(SWITCHES[method]) !== 'false'),
    passwordTries: Math.min(MAX_PASSWORD_TRIES, Number(one('numberofpasswordprompts') ?? MAX_PASSWORD_TRIES)),
    proxyCommand: one('proxycommand'),
    algorithms: {
      kex: list('kexalgorithms'),
      ciphers: list('ciphers'),
      macs: list('macs'),
      hostKeys: list('hostkeyalgorithms'),
    },
  };
}

/** The error for what only the system's ssh can do. */
export function directUnsupported(hostId: string, what: string): FarhandError {
  return new FarhandError('host.direct_unsupported', {
    message: `The direct connection cannot do what ${hostId} needs: ${what}.`,
    details: { hostId },
  });
}

function refuseUnsupported({ hostId }: SshTarget, one: (key: string) => string | null): void {
  if (one('proxyusefdpass') === 'yes') throw directUnsupported(hostId, 'ProxyUseFdpass');
  // It may name a key as revoked: to leave it out would trust more than ssh does.
  if (one('knownhostscommand') !== null) throw directUnsupported(hostId, 'KnownHostsCommand');
  if (one('bindinterface') !== null) throw directUnsupported(hostId, 'BindInterface');
}

function nothingAsNull(value: string | undefined): string | null {
  return value === undefined || value === '' || value === 'none' ? null : value;
}

// `ssh -G` prints paths with spaces as they are; a new one begins where a whole path can.
function splitPaths(value: string | null): string[] {
  return value === null ? [] : value.split(/ (?=[/~]|[A-Za-z]:[\\/])/).filter((path) => path !== 'none');
}

function agentPath(
  value: string | undefined,
  subject: TokenSubject,
  environment: NodeJS.ProcessEnv,
): string | null {
  if (value === 'none') return null;
  const usual = process.platform === 'win32' ? '\\\\.\\pipe\\openssh-ssh-agent' : undefined;
  if (value === undefined || value === 'SSH_AUTH_SOCK') return environment.SSH_AUTH_SOCK ?? usual ?? null;
  if (value.startsWith('$') && !value.startsWith('${')) return environment[value.slice(1)] ?? null;
  return expandPath(value, subject, environment);
}
