import type { ErrorRow } from './row.ts';

/** Errors of hosts and what is done on them. */
export const hostErrors = {
  'host.invalid_name': {
    message: 'This is not a host name that ssh takes.',
    hint: 'Use an alias, user@host or ssh://user@host:port; it cannot begin with “-”.',
  },
  'host.disabled': {
    message: 'The host is disabled.',
    hint: 'Enable it in the settings, or with `farhand host enable <name>`.',
  },
  'host.stopped': {
    message: 'The machine of this host is stopped.',
    hint: 'Start it, or connect it: that starts it too.',
  },
  'host.deleted': {
    message: 'The host was removed from the hosts.',
    hint: 'Add a host of that name again: `farhand host add`.',
  },
  'host.not_known': {
    message: 'No host has this name.',
    hint: 'See `farhand host list`; add it with `farhand host add`.',
    status: 404,
  },
  'host.record_invalid': {
    message: 'The host’s record cannot be used.',
    hint: 'Mend it in config.toml or in the settings.',
  },
  'host.name_taken': {
    message: 'A host has this name already.',
    hint: 'Choose another name, or change that host.',
    status: 409,
  },
  'host.test_not_found': {
    message: 'There is no such test.',
    hint: 'Tests are kept for ten minutes; start another.',
    status: 404,
  },
  'host.unknown': {
    message: 'The host name does not resolve.',
    hint: 'Check the spelling, the network or the VPN.',
    retryable: true,
  },
  'host.unreachable': {
    message: 'The host does not answer.',
    hint: 'Check that it is up and that the network or VPN reaches it.',
    retryable: true,
  },
  'host.refused': {
    message: 'The host refuses the connection.',
    hint: 'Check the port and that sshd runs there.',
    retryable: true,
  },
  'host.timed_out': {
    message: 'The host did not answer in time.',
    hint: 'Check the network or VPN, then try again.',
    retryable: true,
  },
  'host.key_unknown': {
    message: 'The host’s key is not known yet.',
    hint: 'Run `ssh <host>` once in a terminal, compare the fingerprint and accept it.',
  },
  'host.key_changed': {
    message: 'The host’s key is not the one on record: someone may be in between.',
    hint: 'Ask who runs the host. If the change is right, remove the old key with `ssh-keygen -R <host>`.',
  },
  'host.key_revoked': {
    message: 'The host’s key was revoked: whoever has it may be somebody else.',
    hint: 'Ask who runs the host for its new key.',
  },
  'host.key_permissions': {
    message: 'Others can read your private key, so ssh does not use it.',
    hint: 'Run `chmod 600 <key>`, then try again.',
  },
  'host.key_unreadable': {
    message: 'ssh cannot read your private key.',
    hint: 'Check that the file is a private key of yours and not its public half: `ssh-keygen -lf <key>`.',
  },
  'host.too_many_keys': {
    message: 'The host hung up before the right key was offered.',
    hint: 'Name the key for this host in ~/.ssh/config: `IdentityFile <key>` and `IdentitiesOnly yes`.',
  },
  'host.no_common_algorithm': {
    message: 'The host and this machine have no algorithm in common.',
    hint: 'Update the host’s sshd, or allow what it offers in ~/.ssh/config for this host.',
  },
  'host.agent_refused': {
    message: 'The ssh agent did not sign.',
    hint: 'Unlock the agent or touch the security key; `ssh-add -l` lists what it holds.',
  },
  'host.password_expired': {
    message: 'Your password on the host has expired.',
    hint: 'Sign in with `ssh <host>` in a terminal and choose a new one.',
  },
  'host.account_unavailable': {
    message: 'The account on the host may not sign in.',
    hint: 'Ask who runs the host to unlock the account or to give it a login shell.',
  },
  'host.login_closed': {
    message: 'The host lets nobody sign in now.',
    hint: 'It is starting up, going down or being maintained; it is tried again by itself.',
    retryable: true,
  },
  'host.too_busy': {
    message: 'The host has too many logins under way.',
    hint: 'It is tried again by itself. If it stays so, raise MaxStartups in its sshd_config.',
    retryable: true,
  },
  'host.prohibited': {
    message: 'The host’s settings prohibit this.',
    hint: 'Allow it in its sshd_config (AllowTcpForwarding, PermitOpen), or reach the host without a jump host.',
  },
  'host.terminal_refused': {
    message: 'The host gives no terminal.',
    hint: 'Check PermitTTY in its sshd_config, and that it has free ptys.',
  },
  'host.shell_missing': {
    message: 'The login shell of the account is not on the host.',
    hint: 'Set one that is there: `chsh -s /bin/sh`, by somebody who can still sign in.',
  },
  'host.home_missing': {
    message: 'The account has no home folder on the host.',
    hint: 'Make it there, or give a writable folder as ssh://host/path.',
  },
  'host.disk_full': {
    message: 'A disk is full, and ssh cannot go on.',
    hint: 'Free some space on the machine that it names; it is tried again by itself.',
    retryable: true,
  },
  'host.protocol_mismatch': {
    message: 'What answers there does not speak ssh’s protocol 2.',
    hint: 'Check the port: another service, or a very old sshd, answers on it.',
  },
  'host.forwarding_failed': {
    message: 'The jump host cannot reach the host.',
    hint: 'Check the host’s name and port as the jump host sees them.',
    retryable: true,
  },
  'host.control_socket_failed': {
    message: 'ssh’s control socket cannot be used.',
    hint: 'Connect again; if it happens again, choose the direct method for this host.',
    retryable: true,
  },
  'host.prompt_failed': {
    message: 'ssh’s question could not be asked.',
    hint: 'Load the key into your ssh agent (`ssh-add`), then try again.',
  },
  'host.direct_unsupported': {
    message: 'The direct connection cannot do what this host needs.',
    hint: 'Choose the method “master” for this host: then the system’s ssh connects.',
  },
  'host.auth_failed': {
    message: 'The host does not accept our keys.',
    hint: 'Check that `ssh <host>` works in a terminal, with the key loaded in your ssh agent.',
  },
  'host.needs_input': {
    message: 'ssh wants a passphrase, a password or a code.',
    hint: 'Load the key into your ssh agent (`ssh-add`), then try again.',
  },
  'host.question_not_found': {
    message: 'This question waits no more.',
    hint: 'It was answered by somebody else, or its time was up. Try to connect again.',
    status: 404,
  },
  'host.question_refused': {
    message: 'A question of ssh was declined.',
    hint: 'Choose “Retry now” to be asked again.',
  },
  'host.question_expired': {
    message: 'A question of ssh was not answered in time.',
    hint: 'Choose “Retry now” to be asked again.',
  },
  'host.config_invalid': {
    message: 'ssh cannot read its configuration.',
    hint: 'Run `ssh -G <host>` in a terminal to see what it objects to.',
  },
  'host.proxy_failed': {
    message: 'The jump host or proxy command failed.',
    hint: 'Run `ssh <host>` in a terminal to see why.',
    retryable: true,
  },
  'host.connection_lost': {
    message: 'The connection to the host was lost.',
    hint: 'It is tried again by itself; jobs on the host run on.',
    retryable: true,
  },
  'host.sessions_exhausted': {
    message: 'The host opens no more sessions.',
    hint: 'Raise MaxSessions or MaxStartups in its sshd_config.',
    retryable: true,
  },
  'host.shell_unusable': {
    message: 'The host gives no usable POSIX shell.',
    hint: 'Check that `ssh <host> sh` gives a shell.',
  },
  'host.ssh_missing': {
    message: 'There is no ssh program on this machine.',
    hint: 'Install OpenSSH’s client.',
  },
  'host.ssh_failed': {
    message: 'ssh failed.',
    hint: 'Run `ssh <host>` in a terminal to see why.',
    retryable: true,
  },
  'host.git_missing': { message: 'The host has no git.', hint: 'Install git there (2.20 or newer).' },
  'host.kills_at_logout': {
    message: 'The host ends all programs of an account when its last connection ends (KillUserProcesses).',
    hint: 'Run `loginctl enable-linger` on the host once; then jobs outlive the connection.',
  },
  'host.home_unwritable': {
    message: 'The home folder on the host cannot be written.',
    hint: 'Give a writable folder as ssh://host/path, or mend the permissions.',
  },

  'disk.full': { message: 'The disk is full.', hint: 'Free some space, then try again.' },
  'disk.quota_exceeded': {
    message: 'The quota of the disk is used up.',
    hint: 'Free some space, then try again.',
  },
  'file.not_found': {
    message: 'No such file or folder.',
    hint: 'Check the path; the file may have been moved or removed.',
    status: 404,
  },
  'file.permission_denied': {
    message: 'Permission denied.',
    hint: 'Mend the permissions on the host, then try again.',
    status: 403,
  },
  'file.is_directory': { message: 'This is a folder.', hint: 'Give the path of a file.' },
  'file.not_directory': { message: 'This is not a folder.', hint: 'Give the path of a folder.' },
  'file.exists': { message: 'This exists already.', hint: 'Choose another name.' },
  'file.too_large': { message: 'The file is too large.', hint: 'Look at it with a command in a terminal.' },
  'file.read_only': {
    message: 'The file system is read-only.',
    hint: 'Make the file system writable, or use another folder.',
  },
  'file.failed': {
    message: 'The file operation failed.',
    hint: 'Look at the file in a terminal on the host.',
  },
  'file.outside_workspace': {
    message: 'The path leads out of the workspace.',
    hint: 'Give a path inside the workspace.',
  },

  'command.not_found': {
    message: 'No such program on the host.',
    hint: 'Check its name and the PATH there.',
  },
  'command.failed': { message: 'The command failed.', hint: 'Run it in a terminal to see why.' },
  'command.output_too_large': {
    message: 'The command printed more than was asked for.',
    hint: 'Ask for less, or send the output to a file.',
  },
  'job.not_found': {
    message: 'No such job on the host.',
    hint: 'It may have ended and been removed; start it again.',
    status: 404,
  },
  'job.no_input': { message: 'This job takes no input.', hint: 'Start a terminal for a program that asks.' },
  'job.start_failed': {
    message: 'The job could not be started.',
    hint: 'Check the host’s disk and process limits, then try again.',
  },
  'forward.failed': {
    message: 'The port could not be reached.',
    hint: 'Check that the program listens there.',
    retryable: true,
  },
} as const satisfies Record<string, ErrorRow>;
