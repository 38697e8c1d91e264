import type { ErrorRow } from './row.ts';

/** Errors of the server itself, its projects and workspaces. */
export const serverErrors = {
  'internal.unexpected': {
    message: 'Something went wrong in the server.',
    hint: 'Look at the server log; if it happens again, report it with the log.',
    status: 500,
  },
  'request.invalid': {
    message: 'The request is not well formed.',
    hint: 'Mend what it names, then try again.',
  },
  'request.too_large': { message: 'The request is too large.', hint: 'Send less at once.', status: 413 },
  'request.unknown_call': {
    message: 'There is no such call.',
    hint: 'Check its name; a page may be older than the server: reload it.',
    status: 404,
  },
  'access.denied': {
    message: 'Not signed in.',
    hint: 'Run `farhand login-url` and open the URL it prints.',
    status: 401,
  },
  'access.wrong_host': {
    message: 'This host name is not served here.',
    hint: 'Open the URL that the server printed.',
    status: 403,
  },
  'access.wrong_origin': {
    message: 'Requests from another site are refused.',
    hint: 'Open the page by its address and not by a link from another site; programs send a token (docs/api.md).',
    status: 403,
  },
  'access.code_invalid': {
    message: 'This sign-in link was used before or is too old.',
    hint: 'Run `farhand login-url` for a fresh one.',
    status: 401,
  },
  'server.store_newer': {
    message: 'The data folder was used by a newer version of Farhand.',
    hint: 'Start that version again, or a later one; nothing was changed.',
    status: 500,
  },
  'config.unreadable': {
    message: 'The configuration file is not valid TOML.',
    hint: 'Mend the line that it names; until then the values of before count.',
  },
  'config.unwritable': {
    message: 'The configuration file cannot be written.',
    hint: 'Check the folder’s permissions and the disk, then try again.',
    status: 500,
  },
  'config.invalid': {
    message: 'A value in the configuration is not what it has to be.',
    hint: 'Mend what it names.',
  },
  'audit.not_found': {
    message: 'There is no such event in the audit log.',
    hint: 'It may have been cut by its age: list what there is with `farhand audit search`.',
    status: 404,
  },
  'audit.unwritable': {
    message: 'The audit log cannot be written, so nothing is started.',
    hint: 'Check that the disk of the data folder has room and is writable, then try again.',
    status: 503,
    retryable: true,
  },
  'server.already_running': {
    message: 'Another server uses this data folder.',
    hint: 'Stop it, or set FARHAND_HOME to another folder.',
  },
  'server.not_running': {
    message: 'No server is running for this data folder.',
    hint: 'Start one with `npm start` or `farhand serve`.',
  },
  'server.folder_shared': {
    message: 'The data folder belongs to others, too.',
    hint: 'Set FARHAND_HOME to a folder of your own.',
  },
  'server.port_in_use': {
    message: 'The port is taken by another program.',
    hint: 'Choose another with --port.',
  },
  'server.remote_not_allowed': {
    message: 'Listening beyond this machine must be asked for.',
    hint: 'Add --allow-remote if others on the network may reach the sign-in page; the connection is not encrypted, so put a TLS proxy in front.',
  },
  'server.unreachable': {
    message: 'The Farhand server does not answer.',
    hint: 'Check that it runs; the page connects again by itself.',
    retryable: true,
  },

  'project.not_found': {
    message: 'No such project.',
    hint: 'It may have been removed; add it again.',
    status: 404,
  },
  'project.path_missing': {
    message: 'There is no folder at this path on the server’s machine.',
    hint: 'Check the path; it must be on the machine where Farhand runs.',
  },
  'project.not_a_repository': {
    message: 'This folder is no git repository.',
    hint: 'Run `git init` there, or give the path of a repository.',
  },
  'project.empty': {
    message: 'The repository has no commit yet.',
    hint: 'Make a first commit, then add it again.',
  },
  'project.clone_failed': {
    message: 'The repository could not be cloned.',
    hint: 'Check that `git clone` of it works in a terminal.',
  },
  'project.branch_not_found': {
    message: 'No such branch.',
    hint: 'Choose one of the repository’s branches.',
  },
  'project.in_use': { message: 'The project still has workspaces.', hint: 'Delete them first.' },
  'workspace.not_found': {
    message: 'No such workspace.',
    hint: 'It may have been deleted; look at the list.',
    status: 404,
  },
  'workspace.name_taken': {
    message: 'The project has a workspace of this name.',
    hint: 'Choose another name.',
  },
  'workspace.not_ready': {
    message: 'The workspace is not ready.',
    hint: 'Wait until it is made, or retry the failed step.',
    status: 409,
  },
  'workspace.missing': {
    message: 'The workspace’s folder is gone from the host.',
    hint: 'Delete the workspace, or create it again from its project.',
  },
  'workspace.transfer_failed': {
    message: 'The code could not be sent to the host.',
    hint: 'Retry; if it fails again, look at what git says.',
    retryable: true,
  },
  'workspace.hash_mismatch': {
    message: 'What arrived on the host is not what was sent.',
    hint: 'Retry. If it happens again, do not trust the host.',
    retryable: true,
  },
  'workspace.init_failed': {
    message: 'The repository’s .farhand/init script failed.',
    hint: 'Read its output, mend it, then retry.',
  },
  'workspace.would_lose_work': {
    message: 'Deleting would lose work.',
    hint: 'Commit and bring it back first, or confirm the loss.',
    status: 409,
  },
  'workspace.archived': {
    message: 'The workspace is archived.',
    hint: 'Restore it first.',
    status: 409,
  },
  'workspace.archive_refused': {
    message: 'The workspace holds what an archive cannot keep.',
    hint: 'Commit, delete or ignore what is named, then archive it again. Nothing was removed.',
    status: 409,
  },
  'workspace.archive_missing': {
    message: 'The archive is gone from the server’s data folder.',
    hint: 'Put the data folder back from a backup, or delete the workspace.',
  },
  'workspace.fork_refused': {
    message: 'The workspace cannot be forked as it is.',
    hint: 'Commit, delete or ignore what is named, then retry. The workspace itself was left as it is.',
    status: 409,
  },
  'workspace.move_refused': {
    message: 'The workspace cannot be moved.',
    hint: 'It stays where it is; mend what is named, then move it again.',
    status: 409,
  },
  'workspace.fetch_refused': {
    message: 'The commits from the host were refused.',
    hint: 'Nothing was taken over. Look at what git says; do not trust the host’s repository before it is mended.',
  },
  'workspace.quota_exceeded': {
    message: 'The workspace takes more room on its host than it may.',
    hint: 'Delete what is not needed, archive the workspace, or raise the limit.',
    status: 409,
  },
} as const satisfies Record<string, ErrorRow>;
