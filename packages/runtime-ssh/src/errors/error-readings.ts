/** What ssh's words mean, and what to do about each: `errors.ts` takes the first that fits. */
import type { ErrorCode } from '@farhand/shared/errors/table';
import { quote } from '@farhand/shared/runtime/quote';

export interface Reading {
  readonly code: ErrorCode;
  readonly pattern: RegExp;
  /** Begins the message; the host's name follows. */
  readonly title: string;
  /** The next step, where it can be told better than in the table of errors. */
  readonly hint?: (match: RegExpExecArray, hostId: string, text: string) => string;
}

/**
 * In this order: what is wrong with a file of the person's; what is wrong with the host's key; what the host says in
 * so many words; then the general sentences in which ssh ends after any of these.
 */
export const READINGS: readonly Reading[] = [
  {
    code: 'host.config_invalid',
    pattern: /Bad owner or permissions on (.+)/,
    title: 'ssh does not trust its configuration for',
    hint: ([, file = '']) => `Others can write it. Run \`chmod go-w ${shown(file)}\`, then try again.`,
  },
  {
    code: 'host.config_invalid',
    pattern:
      /^(.+?):? line (\d+): (?=Bad|[Uu]nsupported|no argument|keyword|invalid|Invalid|[Mm]issing|Too many|too many|garbage)/m,
    title: 'ssh cannot read its configuration for',
    hint: ([, file, line], hostId) =>
      `Mend line ${line} of ${file}; \`ssh -G ${hostId}\` then shows what ssh makes of it.`,
  },
  {
    code: 'host.config_invalid',
    pattern:
      /terminating, \d+ bad configuration options|Can't open user config file|Bad configuration option|recursive configuration includes|Unknown (?:cipher|mac) type|Unsupported KEX algorithm|inconsistent options/,
    title: 'ssh cannot read its configuration for',
    hint: (_, hostId) => `Run \`ssh -G ${hostId}\` in a terminal to see what it objects to.`,
  },
  {
    code: 'host.config_invalid',
    pattern: /^bind (\S+): Cannot assign requested address/m,
    title: 'The address to connect from is not of this machine, for',
    hint: ([, address]) => `Look at BindAddress (${address}) in ~/.ssh/config.`,
  },
  {
    code: 'host.config_invalid',
    pattern: /^Error checking host key .* in revoked keys file (.+?): /m,
    title: 'The file of revoked keys cannot be read for',
    hint: ([, file]) =>
      `Look at RevokedHostKeys (${file}) in ~/.ssh/config: no host key is taken without that file.`,
  },
  {
    code: 'host.key_revoked',
    pattern: /REVOKED HOST KEY|was revoked and|revoked by file/,
    title: 'The key was revoked that is shown by',
  },
  {
    code: 'host.key_changed',
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED|Host key for .* has changed/,
    title: 'The key is not the one on record for',
  },
  {
    code: 'host.prompt_failed',
    pattern: /ssh_askpass: exec|read_passphrase: can't open/,
    title: 'ssh’s question could not be asked for',
  },
  {
    code: 'host.key_unknown',
    pattern: /host key is known for .* strict checking|Host key verification failed/,
    title: 'The key is not known yet for',
    hint: (_, hostId) => `Run \`ssh ${hostId}\` once in a terminal, compare the fingerprint and accept it.`,
  },
  {
    code: 'host.protocol_mismatch',
    pattern:
      /Protocol major versions differ|banner line contains invalid characters|banner line too long|[Ii]nvalid identification string/,
    title: 'No ssh that can be understood answers at',
  },
  {
    code: 'host.no_common_algorithm',
    pattern: /no matching (.+?) found\.(?: Their offer: (\S+))?/,
    title: 'There is no algorithm in common with',
    hint: ([, what = '', offer], hostId) => {
      const option = ALGORITHM_OPTIONS.get(what);
      const first = offer?.split(',')[0];
      if (option === undefined || first === undefined) return 'Update the host’s sshd.';
      return `Update the host’s sshd. Until then, allow what it offers for ${hostId} in ~/.ssh/config: \`${option} +${first}\`.`;
    },
  },
  {
    code: 'host.no_common_algorithm',
    pattern: /no mutual signature (?:algorithm|supported)/,
    title: 'Your key’s signatures are too new or too old for',
    hint: (_, hostId) =>
      `Make a newer key (\`ssh-keygen -t ed25519\`) for ${hostId}, or allow the old signatures there: \`PubkeyAcceptedAlgorithms +ssh-rsa\`.`,
  },
  {
    code: 'host.too_many_keys',
    pattern: /Too many authentication failures/,
    title: 'Too many keys were offered to',
    hint: (_, hostId) =>
      `Name the key for ${hostId} in ~/.ssh/config: \`IdentityFile <key>\` and \`IdentitiesOnly yes\`.`,
  },
  {
    code: 'host.password_expired',
    pattern:
      /password has expired|[Pp]assword change required|change your (?:expired )?password|Password expired/,
    title: 'Your password has expired on',
    hint: (_, hostId) => `Sign in with \`ssh ${hostId}\` in a terminal and choose a new one.`,
  },
  {
    code: 'host.account_unavailable',
    pattern:
      /account is currently not available|[Aa]ccount has expired|[Aa]ccount is locked|not allowed because (?:account|shell|not listed)/,
    title: 'Your account may not sign in on',
  },
  {
    code: 'host.agent_refused',
    pattern: /agent refused operation|sign_and_send_pubkey: signing failed|PKCS#11 login failed/,
    title: 'Your ssh agent did not sign for',
  },
  {
    code: 'host.key_permissions',
    pattern: /Permissions(?: \d+)? for '(.+)' are too open/,
    title: 'A private key can be read by others, so it is not used for',
    hint: ([, file = '']) => `Run \`chmod 600 ${shown(file)}\`, then try again.`,
  },
  {
    code: 'host.key_unreadable',
    pattern:
      /Load key "(.+)": (?!incorrect passphrase|No such file|bad permissions).*|Unable to load resident key/,
    title: 'A private key cannot be read for',
    hint: ([, file], hostId) =>
      file === undefined
        ? 'Put the security key in, then try again.'
        : `Look at the key with \`ssh-keygen -lf ${shown(file)}\`: ${hostId} needs a private key that you may read.`,
  },
  {
    code: 'host.prohibited',
    pattern: /administratively prohibited/,
    title: 'The settings of a host prohibit the way to',
  },
  {
    code: 'host.auth_failed',
    pattern: /Permission denied \(|Permission denied, please try again|No supported authentication methods/,
    title: 'Our keys are not accepted by',
    hint: (_, hostId) =>
      `Check that \`ssh ${hostId}\` works in a terminal, with the key loaded in your ssh agent.`,
  },
  // From here on what may pass by itself: a banner of the host's, who words it, must not hide a refusal.
  {
    code: 'host.login_closed',
    pattern: /System is (?:booting up|going down)|not permitted to log in yet/,
    title: 'Nobody can sign in now on',
  },
  {
    code: 'host.too_busy',
    pattern: /Exceeded MaxStartups|Not allowed at this time/,
    title: 'Too many logins are under way on',
  },
  {
    code: 'host.disk_full',
    pattern: /No space left on device|Disk quota exceeded/,
    title: 'A disk is full, on this machine or on',
  },
  {
    code: 'host.forwarding_failed',
    pattern: /stdio forwarding failed|channel \d+: open failed: connect failed/,
    title: 'The jump host does not reach',
  },
  {
    // Of `coder ssh` that may not start the workspace; where it may and cannot yet, it goes on with a semicolon.
    code: 'host.stopped',
    pattern: /\bworkspace must be started(?!;)/,
    title: 'Coder says that it is stopped:',
  },
  {
    code: 'host.proxy_failed',
    pattern: /UNKNOWN port 65535|Could not create (?:pipes|socketpair) to communicate with the proxy/,
    title: 'The jump host or proxy command failed for',
    hint: (_, hostId, text) => {
      const missing = /(?:^|: )(\S+): (?:command )?(?:not found|No such file or directory)/m.exec(text)?.[1];
      return missing === undefined
        ? `Run \`ssh ${hostId}\` in a terminal to see why.`
        : `There is no program ${missing}: install it, or change the ProxyCommand in ~/.ssh/config.`;
    },
  },
  {
    code: 'host.unknown',
    pattern: /Could not resolve hostname/,
    title: 'The name does not resolve:',
  },
  { code: 'host.refused', pattern: /Connection refused/, title: 'The connection is refused by' },
  {
    code: 'host.terminal_refused',
    pattern: /PTY allocation request failed/,
    title: 'No terminal is given by',
  },
  {
    code: 'host.control_socket_failed',
    pattern: /ControlSocket .* already exists|ControlPath too long|unix_listener: |mux_client_|muxclient: /,
    title: 'ssh’s control socket cannot be used for',
  },
  {
    code: 'host.timed_out',
    pattern: /timed out|Timeout, server .* not responding/,
    title: 'No answer in time from',
  },
  {
    code: 'host.unreachable',
    pattern: /No route to host|Network is unreachable|Host is down|Network is down/,
    title: 'No connection to',
  },
  {
    code: 'host.connection_lost',
    pattern: /Corrupted MAC|message authentication code incorrect|Connection corrupted|Bad packet length/,
    title: 'The connection was damaged on its way to',
  },
  {
    code: 'host.unreachable',
    pattern: /kex_exchange_identification|ssh_exchange_identification/,
    title: 'The connection was closed before sign-in by',
    hint: () =>
      'The host may be busy (MaxStartups) or block this address (fail2ban, hosts.deny); it is tried again by itself.',
  },
  {
    code: 'host.unreachable',
    pattern: /Connection (?:reset|closed) by|closed by remote host|Broken pipe/,
    title: 'No connection to',
  },
  // A session's own words, where nothing is wrong with the connection.
  {
    code: 'host.home_missing',
    pattern: /Could not chdir to home directory (.+?): /,
    title: 'There is no home folder on',
    hint: ([, home]) => `Make ${home} there, or give a writable folder as ssh://host/path.`,
  },
  {
    code: 'host.shell_missing',
    pattern: /^(\/\S+): No such file or directory\s*$/m,
    title: 'The login shell is missing on',
    hint: ([, shell]) =>
      `There is no ${shell} there. Whoever runs the host can set another: \`usermod -s /bin/sh <user>\`.`,
  },
];

const ALGORITHM_OPTIONS: ReadonlyMap<string, string> = new Map([
  ['key exchange method', 'KexAlgorithms'],
  ['host key type', 'HostKeyAlgorithms'],
  ['cipher', 'Ciphers'],
  ['MAC', 'MACs'],
]);

function shown(path: string): string {
  return /^[\w./~-]+$/.test(path) ? path : quote(path);
}
