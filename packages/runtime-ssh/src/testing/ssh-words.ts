/**
 * What ssh prints when it fails. Said by OpenSSH 9.2 to a real sshd, unless `by` names who said it; folders, ports,
 * addresses and names are shortened.
 */
import type { ErrorCode } from '@farhand/shared/errors/table';

export interface SshWords {
  readonly what: string;
  readonly code: ErrorCode;
  /** True where trying again by itself would be no use, or would do harm. */
  readonly isForAPerson: boolean;
  readonly stderr: string;
  /** A part of the next step. */
  readonly hint?: string;
  /** Where the words are not of OpenSSH 9.2 run for this table. */
  readonly by?: string;
}

const AT = '@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\r\n';
const KEX_CLOSED = 'kex_exchange_identification: Connection closed by remote host\r\n';
const PROXY_CLOSED = `${KEX_CLOSED}Connection closed by UNKNOWN port 65535\r\n`;
const DENIED = 'root@127.0.0.1: Permission denied (publickey).\r\n';
const NO_TTY = 'Pseudo-terminal will not be allocated because stdin is not a terminal.\r\n';

type Row = Omit<SshWords, 'isForAPerson'>;

/** A person has to do something. */
const FOR_A_PERSON: readonly Row[] = [
  {
    what: 'a stopped workspace of Coder that coder ssh may not start',
    code: 'host.stopped',
    stderr: `Encountered an error running "coder ssh", see "coder ssh --help" for more information\nerror: workspace must be started\n${PROXY_CLOSED}`,
    by: 'Coder’s cli/ssh.go, by its source',
  },
  {
    what: 'an unknown option',
    code: 'host.config_invalid',
    stderr:
      '/home/me/c: line 11: Bad configuration option: bogus\r\n/home/me/c: terminating, 1 bad configuration options\r\n',
    hint: 'ssh -G box',
  },
  {
    what: 'a bad value',
    code: 'host.config_invalid',
    stderr: "/home/me/c line 2: Bad port 'abc'.\r\n/home/me/c: terminating, 1 bad configuration options\r\n",
    hint: 'line 2 of /home/me/c',
  },
  {
    what: 'an unknown cipher in the configuration',
    code: 'host.config_invalid',
    stderr:
      "/home/me/c line 2: Bad SSH2 cipher spec 'foo'.\r\n/home/me/c: terminating, 1 bad configuration options\r\n",
    hint: 'line 2 of /home/me/c',
  },
  {
    what: 'an unknown key exchange in the configuration',
    code: 'host.config_invalid',
    stderr:
      'Unsupported KEX algorithm "foo"\r\n/home/me/c line 3: Bad SSH2 KexAlgorithms \'foo\'.\r\n/home/me/c: terminating, 1 bad configuration options\r\n',
    hint: 'line 3 of /home/me/c',
  },
  {
    what: 'a value that does not exist',
    code: 'host.config_invalid',
    stderr:
      '/home/me/c line 2: unsupported option "maybe".\r\n/home/me/c: terminating, 1 bad configuration options\r\n',
    hint: 'line 2 of /home/me/c',
  },
  {
    what: 'a missing value',
    code: 'host.config_invalid',
    stderr:
      '/home/me/c line 2: no argument after keyword "port"\r\n/home/me/c: terminating, 1 bad configuration options\r\n',
    hint: 'line 2 of /home/me/c',
  },
  {
    what: 'one value too many',
    code: 'host.config_invalid',
    stderr:
      '/home/me/c line 2: keyword port extra arguments at end of line\r\n/home/me/c: terminating, 1 bad configuration options\r\n',
    hint: 'line 2 of /home/me/c',
  },
  {
    what: 'a quote that does not end',
    code: 'host.config_invalid',
    stderr: '/home/me/c line 2: invalid quotes\r\n/home/me/c: terminating, 1 bad configuration options\r\n',
    hint: 'line 2 of /home/me/c',
  },
  {
    what: 'a bad Match',
    code: 'host.config_invalid',
    stderr:
      'Missing Match criteria for foo\r\n/home/me/c line 1: Bad Match condition\r\n/home/me/c: terminating, 1 bad configuration options\r\n',
    hint: 'line 1 of /home/me/c',
  },
  {
    what: 'a configuration that includes itself',
    code: 'host.config_invalid',
    stderr: 'Too many recursive configuration includes\r\n',
  },
  {
    what: 'a configuration open to others',
    code: 'host.config_invalid',
    stderr: 'Bad owner or permissions on /home/me/.ssh/config\r\n',
    hint: 'chmod go-w /home/me/.ssh/config',
  },
  {
    what: 'a configuration that is not there',
    code: 'host.config_invalid',
    stderr: "Can't open user config file /no/such/config: No such file or directory\r\n",
  },
  {
    what: 'an address to connect from that is not ours',
    code: 'host.config_invalid',
    stderr:
      'bind 10.9.9.9: Cannot assign requested address\r\nssh: connect to host 127.0.0.1 port 22: failure\r\n',
    hint: 'BindAddress (10.9.9.9)',
  },
  {
    what: 'a missing file of revoked keys',
    code: 'host.config_invalid',
    stderr:
      'Error checking host key ED25519 SHA256:GDHPFeZSMRlslfiYZ86yDdFqQoIGDD71Ax+EbTpTjIM in revoked keys file /home/me/gone: No such file or directory\r\nHost key verification failed.\r\n',
    hint: 'RevokedHostKeys (/home/me/gone)',
  },
  {
    what: 'an unknown key',
    code: 'host.key_unknown',
    stderr:
      'No ED25519 host key is known for [127.0.0.1]:40787 and you have requested strict checking.\r\nHost key verification failed.\r\n',
    hint: '`ssh box` once',
  },
  {
    what: 'an unknown key that was not trusted',
    code: 'host.key_unknown',
    stderr: 'Host key verification failed.\r\n',
  },
  {
    what: 'a changed key',
    code: 'host.key_changed',
    stderr: `${AT}@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\n${AT}IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!\r\nSomeone could be eavesdropping on you right now (man-in-the-middle attack)!\r\nIt is also possible that a host key has just been changed.\r\nThe fingerprint for the ED25519 key sent by the remote host is\nSHA256:GDHPFeZSMRlslfiYZ86yDdFqQoIGDD71Ax+EbTpTjIM.\r\nPlease contact your system administrator.\r\nAdd correct host key in /home/me/kh changed to get rid of this message.\r\nOffending ED25519 key in /home/me/kh changed:2\r\n  remove with:\r\n  ssh-keygen -f "/home/me/kh changed" -R "[127.0.0.1]:37785"\r\nHost key for [127.0.0.1]:37785 has changed and you have requested strict checking.\r\nHost key verification failed.\r\n`,
    hint: '/home/me/kh changed, line 2',
  },
  {
    what: 'a revoked key',
    code: 'host.key_revoked',
    stderr: `${AT}@       WARNING: REVOKED HOST KEY DETECTED!               @\r\n${AT}The ED25519 host key for [127.0.0.1]:37785 is marked as revoked.\r\nThis could mean that a stolen key is being used to\r\nimpersonate this host.\r\nED25519 host key for [127.0.0.1]:37785 was revoked and you have requested strict checking.\r\nHost key verification failed.\r\n`,
  },
  {
    what: 'a key of a list of revoked ones',
    code: 'host.key_revoked',
    stderr:
      'Host key ED25519 SHA256:GDHPFeZSMRlslfiYZ86yDdFqQoIGDD71Ax+EbTpTjIM revoked by file /home/me/revoked\r\nHost key verification failed.\r\n',
  },
  {
    what: 'a helper for questions that is not there',
    code: 'host.prompt_failed',
    stderr: 'ssh_askpass: exec(/no/such): No such file or directory\r\nHost key verification failed.\r\n',
  },
  {
    what: 'a server of protocol 1',
    code: 'host.protocol_mismatch',
    stderr:
      'Protocol major versions differ: 2 vs. 1\r\nbanner exchange: Connection to UNKNOWN port 65535: could not read protocol version\r\n',
  },
  {
    what: 'a web server',
    code: 'host.protocol_mismatch',
    stderr:
      'kex_exchange_identification: banner line contains invalid characters\r\nbanner exchange: Connection to 127.0.0.1 port 443: invalid format\r\n',
    by: 'OpenSSH’s kex.c',
  },
  {
    what: 'no key exchange in common',
    code: 'host.no_common_algorithm',
    stderr:
      'Unable to negotiate with 127.0.0.1 port 29871: no matching key exchange method found. Their offer: diffie-hellman-group14-sha1,diffie-hellman-group1-sha1,kex-strict-s-v00@openssh.com\r\n',
    hint: '`KexAlgorithms +diffie-hellman-group14-sha1`',
  },
  {
    what: 'no host key type in common',
    code: 'host.no_common_algorithm',
    stderr:
      'Unable to negotiate with 127.0.0.1 port 29871: no matching host key type found. Their offer: ssh-rsa\r\n',
    hint: '`HostKeyAlgorithms +ssh-rsa`',
  },
  {
    what: 'no cipher in common',
    code: 'host.no_common_algorithm',
    stderr:
      'Unable to negotiate with 127.0.0.1 port 37785: no matching cipher found. Their offer: chacha20-poly1305@openssh.com,aes128-ctr\r\n',
    hint: '`Ciphers +chacha20-poly1305@openssh.com`',
  },
  {
    what: 'no MAC in common',
    code: 'host.no_common_algorithm',
    stderr:
      'Unable to negotiate with 127.0.0.1 port 37785: no matching MAC found. Their offer: umac-64-etm@openssh.com,hmac-sha1\r\n',
    hint: '`MACs +umac-64-etm@openssh.com`',
  },
  {
    what: 'no signature in common',
    code: 'host.no_common_algorithm',
    stderr: `sign_and_send_pubkey: no mutual signature supported\r\n${DENIED}`,
    hint: 'PubkeyAcceptedAlgorithms +ssh-rsa',
    by: 'OpenSSH 8.8 to a server of 7.1, whose only signature is SHA-1',
  },
  {
    what: 'too many keys',
    code: 'host.too_many_keys',
    stderr: `${NO_TTY}Received disconnect from 127.0.0.1 port 37785:2: Too many authentication failures\r\nDisconnected from 127.0.0.1 port 37785\r\n`,
    hint: 'IdentitiesOnly yes',
  },
  {
    what: 'an expired password',
    code: 'host.password_expired',
    stderr: 'WARNING: Your password has expired.\r\nPassword change required but no TTY available.\r\n',
    by: 'pam_unix and passwd(1), by way of sshd',
  },
  {
    what: 'an account without a shell',
    code: 'host.account_unavailable',
    stderr: 'This account is currently not available.\n',
    by: 'nologin(8)',
  },
  {
    what: 'an expired account',
    code: 'host.account_unavailable',
    stderr: `Your account has expired; please contact your system administrator.\r\n${DENIED}`,
    by: 'pam_unix, by way of sshd',
  },
  {
    what: 'an agent that does not sign',
    code: 'host.agent_refused',
    stderr: `sign_and_send_pubkey: signing failed for ED25519 "me" from agent: agent refused operation\r\n${DENIED}`,
    hint: 'ssh-add -l',
  },
  {
    what: 'a security key that is not there',
    code: 'host.agent_refused',
    stderr: `sign_and_send_pubkey: signing failed for ED25519-SK "/home/me/.ssh/id_sk": device not found\r\n${DENIED}`,
    by: 'OpenSSH’s sshconnect2.c',
  },
  {
    what: 'a smart card whose PIN is wrong',
    code: 'host.agent_refused',
    stderr: `PKCS#11 login failed: PIN incorrect\r\n${DENIED}`,
    by: 'OpenSSH’s ssh-pkcs11.c',
  },
  {
    what: 'a key that others can read',
    code: 'host.key_permissions',
    stderr: `${AT}@         WARNING: UNPROTECTED PRIVATE KEY FILE!          @\r\n${AT}Permissions 0644 for '/home/me/a key' are too open.\r\nIt is required that your private key files are NOT accessible by others.\r\nThis private key will be ignored.\r\nLoad key "/home/me/a key": bad permissions\r\n${DENIED}`,
    hint: "chmod 600 '/home/me/a key'",
  },
  {
    what: 'a key that is no key',
    code: 'host.key_unreadable',
    stderr: `Load key "/home/me/garbage": error in libcrypto\r\n${DENIED}`,
    hint: 'ssh-keygen -lf /home/me/garbage',
  },
  {
    what: 'a key that is cut off',
    code: 'host.key_unreadable',
    stderr: `${NO_TTY}Load key "/home/me/badpem": invalid format\r\n${DENIED}`,
    hint: 'ssh-keygen -lf /home/me/badpem',
  },
  {
    what: 'a key of somebody else',
    code: 'host.key_unreadable',
    stderr: `Load key "/root/.ssh/id_ed25519": Permission denied\r\nme@10.1.2.3: Permission denied (publickey).\r\n`,
    hint: '/root/.ssh/id_ed25519',
    by: 'OpenSSH’s authfile.c',
  },
  {
    what: 'a jump host that forwards nothing',
    code: 'host.prohibited',
    stderr: `channel 0: open failed: administratively prohibited: open failed\r\nstdio forwarding failed\r\n${PROXY_CLOSED}`,
    hint: 'AllowTcpForwarding',
  },
  { what: 'no key that fits', code: 'host.auth_failed', stderr: DENIED, hint: '`ssh box` works' },
  {
    what: 'a locked account, one that is denied, or one whose shell does not exist',
    code: 'host.auth_failed',
    stderr: 'fherr1@127.0.0.1: Permission denied (publickey).\r\n',
  },
  {
    what: 'a missing key file',
    code: 'host.auth_failed',
    stderr: `Warning: Identity file /home/me/nokey2 not accessible: No such file or directory.\nno such identity: /home/me/nokey: No such file or directory\r\n${DENIED}`,
  },
  {
    what: 'a wrong passphrase',
    code: 'host.auth_failed',
    stderr: `Load key "/home/me/locked": incorrect passphrase supplied to decrypt private key\r\n${DENIED}`,
    by: 'OpenSSH’s sshconnect2.c',
  },
  {
    what: 'a wrong password',
    code: 'host.auth_failed',
    stderr:
      'Permission denied, please try again.\r\nPermission denied, please try again.\r\nme@127.0.0.1: Permission denied (password).\r\n',
  },
  {
    what: 'no key that fits, after Kerberos',
    code: 'host.auth_failed',
    stderr:
      'Unspecified GSS failure.  Minor code may provide more information\r\nNo Kerberos credentials available (default cache: FILE:/tmp/krb5cc_0)\r\n\r\nme@10.1.2.3: Permission denied (publickey,gssapi-with-mic).\r\n',
    by: 'MIT Kerberos, by way of ssh',
  },
  {
    what: 'a jump host that lets us not in',
    code: 'host.auth_failed',
    stderr: `me@jump: Permission denied (publickey).\r\n${PROXY_CLOSED}`,
  },
  {
    what: 'no terminal',
    code: 'host.terminal_refused',
    stderr: 'PTY allocation request failed on channel 0\r\n',
    hint: 'PermitTTY',
  },
  {
    what: 'a missing home',
    code: 'host.home_missing',
    stderr: 'Could not chdir to home directory /nohome: No such file or directory\n',
    hint: 'Make /nohome there',
  },
  {
    what: 'a missing shell',
    code: 'host.shell_missing',
    stderr: '/bin/foo: No such file or directory\r\n',
    hint: 'There is no /bin/foo there',
    by: 'OpenSSH’s session.c',
  },
];

/** It may pass by itself. */
const MAY_PASS: readonly Row[] = [
  {
    what: 'a name that does not resolve',
    code: 'host.unknown',
    stderr: 'ssh: Could not resolve hostname no-such-host.invalid: Name or service not known\r\n',
  },
  {
    what: 'no name server',
    code: 'host.unknown',
    stderr: 'ssh: Could not resolve hostname box: Temporary failure in name resolution\r\n',
  },
  {
    what: 'a refused connection',
    code: 'host.refused',
    stderr: `${NO_TTY}ssh: connect to host 127.0.0.1 port 1: Connection refused\r\n`,
  },
  {
    what: 'no route',
    code: 'host.unreachable',
    stderr: 'ssh: connect to host 2001:db8::1 port 22: No route to host\r\n',
  },
  {
    what: 'no network',
    code: 'host.unreachable',
    stderr: 'ssh: connect to host 10.1.2.3 port 22: Network is unreachable\r\n',
  },
  {
    what: 'a silent address',
    code: 'host.timed_out',
    stderr: 'ssh: connect to host 10.255.255.1 port 22: Connection timed out\r\n',
  },
  {
    what: 'a silent server',
    code: 'host.timed_out',
    stderr: `${NO_TTY}Connection timed out during banner exchange\r\nConnection to 127.0.0.1 port 38077 timed out\r\n`,
  },
  { what: 'a frozen link', code: 'host.timed_out', stderr: 'Timeout, server box not responding.\r\n' },
  {
    what: 'a proxy command that fails',
    code: 'host.proxy_failed',
    stderr: PROXY_CLOSED,
    hint: '`ssh box`',
  },
  {
    what: 'a proxy command that is missing',
    code: 'host.proxy_failed',
    stderr: `/bin/bash: line 1: /no/such: No such file or directory\r\n${PROXY_CLOSED}`,
    hint: 'no program /no/such',
  },
  {
    what: 'a proxy command that sh does not find',
    code: 'host.proxy_failed',
    stderr: `/bin/sh: 1: exec: nosuchprog: not found\n${PROXY_CLOSED}`,
    hint: 'no program nosuchprog',
  },
  {
    what: 'a workspace of Coder that is just stopping',
    code: 'host.proxy_failed',
    by: 'Coder’s cli/ssh.go, by its source',
    stderr: `error: workspace must be started; was unable to autostart as the last build job is "stopping", expected "stopped"\n${PROXY_CLOSED}`,
  },
  {
    what: 'a jump host that does not resolve',
    code: 'host.proxy_failed',
    stderr: `ssh: Could not resolve hostname no-such.invalid: Name or service not known\r\n${PROXY_CLOSED}`,
  },
  {
    what: 'a host that its jump host does not reach',
    code: 'host.forwarding_failed',
    stderr: `channel 0: open failed: connect failed: Connection refused\r\nstdio forwarding failed\r\n${PROXY_CLOSED}`,
  },
  {
    what: 'too many logins',
    code: 'host.too_busy',
    stderr: `Exceeded MaxStartups\n\n${KEX_CLOSED}Connection closed by 127.0.0.1 port 36035\n`,
    by: 'sshd 9.2 before its name, as the direct method hears it',
  },
  {
    what: 'a penalty for earlier logins',
    code: 'host.too_busy',
    stderr: `Not allowed at this time\n\n${KEX_CLOSED}Connection closed by 10.1.2.3 port 22\n`,
    by: 'sshd 9.8 before its name (PerSourcePenalties), as the direct method hears it',
  },
  {
    what: 'an end before signing in, as of MaxStartups',
    code: 'host.unreachable',
    stderr:
      'kex_exchange_identification: read: Connection reset by peer\r\nConnection reset by 127.0.0.1 port 36537\r\n',
    hint: 'MaxStartups',
  },
  {
    what: 'a server that speaks no ssh',
    code: 'host.unreachable',
    stderr: `${KEX_CLOSED}Connection closed by 127.0.0.1 port 42959\r\n`,
  },
  {
    what: 'a host that is starting',
    code: 'host.login_closed',
    stderr:
      '"System is booting up. Unprivileged users are not permitted to log in yet. Please come back later. For technical details, see pam_nologin(8)."\r\nConnection closed by 10.1.2.3 port 22\r\n',
    by: 'pam_nologin, by way of sshd',
  },
  {
    what: 'a full disk',
    code: 'host.disk_full',
    stderr: 'unix_listener: cannot bind to path /run/user/0/s1-0: No space left on device\r\n',
    by: 'OpenSSH’s misc.c with ENOSPC',
  },
  {
    what: 'a control socket that exists',
    code: 'host.control_socket_failed',
    stderr: 'ControlSocket /home/me/cs already exists, disabling multiplexing\r\n',
  },
  {
    what: 'a control socket whose path is too long',
    code: 'host.control_socket_failed',
    stderr: `unix_listener: path "/tmp/${'x'.repeat(120)}.Xr4xtH7H6Lqyc5Xd" too long for Unix domain socket\r\n`,
  },
  {
    what: 'a control socket without a folder',
    code: 'host.control_socket_failed',
    stderr: 'unix_listener: cannot bind to path /nodir/x.ww1PfRrv4dAtxHj5: No such file or directory\r\n',
  },
  {
    what: 'a master that opens no session',
    code: 'host.control_socket_failed',
    stderr: 'mux_client_request_session: session request failed: Session open refused by peer\r\n',
  },
  {
    what: 'a damaged packet',
    code: 'host.connection_lost',
    stderr:
      'ssh_dispatch_run_fatal: Connection to 10.1.2.3 port 22: message authentication code incorrect\r\n',
    by: 'OpenSSH’s dispatch.c',
  },
  {
    what: 'a connection that ends',
    code: 'host.unreachable',
    stderr: 'client_loop: send disconnect: Broken pipe\r\n',
    by: 'OpenSSH’s clientloop.c',
  },
  { what: 'no word at all', code: 'host.ssh_failed', stderr: '' },
];

export const SSH_WORDS: readonly SshWords[] = [
  ...FOR_A_PERSON.map((row) => ({ ...row, isForAPerson: true })),
  ...MAY_PASS.map((row) => ({ ...row, isForAPerson: false })),
];
