/** How ssh is called: the person's configuration decides how a host is reached, and never what is forwarded. */
import { spawn } from 'node:child_process';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { parseHostTarget } from '@farhand/shared/model/host-target';
import type { HostId } from '@farhand/shared/model/hosts';
import type { HostDestination } from '@farhand/shared/runtime/port';
import type { Questions } from '@farhand/shared/runtime/questions';
import { readSshError } from './errors.ts';

/** What every call of ssh for one host needs to know. */
export interface SshTarget {
  readonly hostId: HostId;
  /** Where it is, where that is more than its name. */
  readonly destination?: HostDestination;
  /** `ssh` on the PATH when absent. */
  readonly sshProgram?: string;
  /** Read in place of the person's own and the system's files. */
  readonly sshConfigPath?: string;
  /** The environment of ssh; this process's when absent. To be given with `questions`, which are added to it. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Remembers the keys of hosts whose configuration would forget them: `UserKnownHostsFile /dev/null`, as Coder writes it. */
  readonly knownHostsPath?: string;
  /** Where ssh's questions go; without it ssh runs in batch mode and fails where it would ask. */
  readonly questions?: Questions;
}

/** What `ssh -G` says of a host, as far as it is used. */
export interface ResolvedHost {
  readonly hostname: string;
  readonly port: number;
  readonly user: string;
  readonly identityFiles: readonly string[];
  /** Null where none is set. */
  readonly connectTimeoutSeconds: number | null;
  /** All of it, by keyword in lower case; a keyword that may be given several times has several values. */
  readonly settings: ReadonlyMap<string, readonly string[]>;
}

const RESOLVE_TIMEOUT_MS = 10_000;
/** Long enough for a slow link, short enough to tell a person; a set `ConnectTimeout` wins. */
const CONNECT_TIMEOUT_SECONDS = 20;

/** Given before the configuration is read, and the first value counts: none of it can be changed there. */
const FIXED_OPTIONS: readonly string[] = [
  'NoHostAuthenticationForLocalhost=no',
  'UpdateHostKeys=no',
  'ForwardAgent=no',
  'ForwardX11=no',
  'ClearAllForwardings=yes',
  'Tunnel=no',
  'PermitLocalCommand=no',
  'RemoteCommand=none',
  'RequestTTY=no',
  'SendEnv=-*',
  'ForkAfterAuthentication=no',
  'ControlPersist=no',
  // A frozen link ends the master after ten to fifteen seconds.
  'ServerAliveInterval=5',
  'ServerAliveCountMax=2',
  'TCPKeepAlive=yes',
  // QUIET would leave us without a reason.
  'LogLevel=INFO',
  'VisualHostKey=no',
];

const BATCH_OPTIONS: readonly string[] = ['BatchMode=yes', 'StrictHostKeyChecking=yes'];

/** An unknown key is put to a person, a changed one never is: ssh refuses it under `ask` too. */
const ASKING_OPTIONS: readonly string[] = [
  'BatchMode=no',
  'StrictHostKeyChecking=ask',
  'NumberOfPasswordPrompts=3',
];

/** The arguments of a master connection that runs nothing and listens on `socketPath`. */
export function masterArguments(target: SshTarget, resolved: ResolvedHost, socketPath: string): string[] {
  const timeout = resolved.connectTimeoutSeconds ?? CONNECT_TIMEOUT_SECONDS;
  // Somebody who wants to be asked for no unknown key is not: the first value counts.
  const isStrict = /^(?:yes|true)$/.test(resolved.settings.get('stricthostkeychecking')?.[0] ?? '');
  const options = [
    ...(isStrict ? ['StrictHostKeyChecking=yes'] : []),
    ...knownHostsOptions(target, resolved),
    ...(target.questions === undefined ? BATCH_OPTIONS : ASKING_OPTIONS),
    ...FIXED_OPTIONS,
    'ControlMaster=yes',
    `ControlPath=${socketPath.replaceAll('%', '%%')}`,
    `ConnectTimeout=${timeout}`,
  ];
  return [
    ...configArguments(target),
    '-N',
    ...options.flatMap((option) => ['-o', option]),
    ...destinationArguments(target),
  ];
}

function knownHostsOptions({ knownHostsPath }: SshTarget, { settings }: ResolvedHost): string[] {
  const file = settings.get('userknownhostsfile')?.[0];
  return knownHostsPath !== undefined && file === knownHostsPath ? [`UserKnownHostsFile="${file}"`] : [];
}

/** The arguments of an ssh that offers nothing to sign in with: the host's key is checked, and its methods are heard. */
export function knockArguments(target: SshTarget): string[] {
  const options = [
    'PreferredAuthentications=none',
    ...BATCH_OPTIONS,
    ...FIXED_OPTIONS,
    'ControlMaster=no',
    'ControlPath=none',
    `ConnectTimeout=${CONNECT_TIMEOUT_SECONDS}`,
  ];
  return [
    ...configArguments(target),
    ...options.flatMap((option) => ['-o', option]),
    ...destinationArguments(target),
    'true',
  ];
}

/** Where an ssh that only carries a connection leads: over the hosts of `chain`, as ProxyJump has them. */
export interface Jump {
  readonly chain: string;
  readonly hostname: string;
  readonly port: number;
}

/** The arguments of an ssh whose input and output are a connection to the host, over its jump hosts. */
export function jumpArguments(target: SshTarget, { chain, hostname, port }: Jump): string[] {
  const hops = chain.split(',').map((hop) => hop.trim());
  const last = hops.pop() ?? '';
  const name = last.startsWith('ssh://') ? last : `ssh://${last}`;
  const options = [
    ...(target.questions === undefined ? BATCH_OPTIONS : ASKING_OPTIONS),
    ...FIXED_OPTIONS,
    'ControlMaster=no',
    'ControlPath=none',
  ];
  return [
    ...configArguments(target),
    ...options.flatMap((option) => ['-o', option]),
    ...(hops.length === 0 ? [] : ['-J', hops.join(',')]),
    '-W',
    `[${hostname}]:${port}`,
    '--',
    name,
  ];
}

/** What the host's name means to ssh. `host.invalid_name`, `host.config_invalid`, `host.ssh_missing`. */
export async function resolve(target: SshTarget): Promise<ResolvedHost> {
  checkName(nameOf(target));
  const { stdout, stderr, status } = await collect(target, [
    ...configArguments(target),
    '-G',
    ...destinationArguments(target),
  ]);
  if (status !== 0) throw readSshError(stderr, target);
  const values = new Map<string, string[]>();
  for (const line of stdout.split('\n')) {
    const space = line.indexOf(' ');
    if (space < 0) continue;
    const key = line.slice(0, space);
    values.set(key, [...(values.get(key) ?? []), line.slice(space + 1)]);
  }
  // A key that nobody keeps would be asked about at each login, and a changed one would pass for a new one.
  const isForgetting = ['/dev/null', 'none'].includes(values.get('userknownhostsfile')?.[0] ?? '');
  if (isForgetting && target.knownHostsPath !== undefined)
    values.set('userknownhostsfile', [target.knownHostsPath]);
  const seconds = Number(values.get('connecttimeout')?.[0]);
  return {
    hostname: values.get('hostname')?.[0] ?? nameOf(target),
    port: Number(values.get('port')?.[0] ?? 22),
    user: values.get('user')?.[0] ?? '',
    identityFiles: values.get('identityfile') ?? [],
    connectTimeoutSeconds: Number.isFinite(seconds) && seconds > 0 ? seconds : null,
    settings: values,
  };
}

// As ssh_config(5) has it: in double quotes a backslash stands before either.
const quoted = (path: string) => `"${path.replace(/["\\]/g, '\\$&')}"`;

/** What ssh is told to reach. */
export function nameOf({ hostId, destination }: Pick<SshTarget, 'hostId' | 'destination'>): string {
  return destination?.host ?? hostId;
}

/** The end of ssh's arguments: the first value counts for ssh, and what a person wrote comes before any configuration. */
export function destinationArguments(target: Pick<SshTarget, 'hostId' | 'destination'>): string[] {
  const { port = null, user = null, identityFile = null } = target.destination ?? {};
  return [
    ...(port === null ? [] : ['-p', String(port)]),
    ...(user === null ? [] : ['-l', user]),
    // A key that is named is the one that is meant: an agent full of others would use up the host's patience.
    // Not by -i, which leaves a key that is missing out in silence: then another would do.
    ...(identityFile === null
      ? []
      : ['-o', `IdentityFile=${quoted(identityFile)}`, '-o', 'IdentitiesOnly=yes']),
    '--',
    nameOf(target),
  ];
}

/** Throws `host.invalid_name` for what ssh could read as an option. */
export function checkName(name: string): void {
  const parsed = parseHostTarget(name);
  if (parsed?.hostId === name) return;
  throw new FarhandError('host.invalid_name', { message: `“${name}” is not a host name that ssh takes.` });
}

function configArguments(target: SshTarget): string[] {
  return target.sshConfigPath === undefined ? [] : ['-F', target.sshConfigPath];
}

function collect(
  target: SshTarget,
  args: string[],
): Promise<{ stdout: string; stderr: string; status: number | null }> {
  return new Promise((done, reject) => {
    const child = spawn(target.sshProgram ?? 'ssh', args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: RESOLVE_TIMEOUT_MS,
      env: target.environment,
    });
    let stdout = '';
    let stderr = '';
    // First, because without a free descriptor there are no streams to listen to.
    child.once('error', (error) => reject(notStarted(error)));
    if (!hasStreams(child)) return;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (stdout.length < 1_000_000) stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (stderr.length < 100_000) stderr += text;
    });
    child.once('close', (status) => done({ stdout, stderr, status }));
  });
}

/** Of this machine, and over in a moment: no descriptor, process or memory is left. */
const NO_ROOM: readonly unknown[] = ['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM'];

/** `host.ssh_missing` for a program that could not be started; `host.ssh_failed` where this machine has no room for it now. */
export function notStarted(cause: Error): FarhandError {
  if ('code' in cause && NO_ROOM.includes(cause.code))
    return new FarhandError('host.ssh_failed', {
      message: `ssh could not be started here (${cause.message}).`,
      hint: 'Too much runs on this machine, or the server has too many files open.',
      cause,
    });
  return new FarhandError('host.ssh_missing', { cause });
}

/** False where a process was not started for want of descriptors, whatever its type says. */
export function hasStreams(child: { readonly stderr: unknown }): boolean {
  return child.stderr !== undefined;
}
