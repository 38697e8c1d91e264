import type { ErrorRow } from './row.ts';

/** Errors of Coder's workspaces. */
export const coderErrors = {
  'coder.not_installed': {
    message: 'The `coder` command is not here.',
    hint: 'Install Coder’s command and run `coder login`, or connect with a URL and a token.',
  },
  'coder.signed_out': {
    message: 'Coder does not take the sign-in.',
    hint: 'Run `coder login` in a terminal, or connect with a new token.',
    status: 403,
  },
  'coder.unreachable': {
    message: 'Coder does not answer.',
    hint: 'Check its URL and the network or VPN, then try again.',
    retryable: true,
    status: 502,
  },
  'coder.failed': {
    message: 'Coder could not do it.',
    hint: 'Read what it says, or look at the build in Coder’s own page.',
    status: 502,
  },
  'coder.not_found': {
    message: 'Coder has no workspace with this name.',
    hint: 'Look at the list again: it may have been deleted or renamed.',
    status: 404,
  },
  'coder.in_use': {
    message: 'Agents or terminals run on this Coder workspace.',
    hint: 'Stop them first, or stop the workspace anyway: then what runs there ends.',
    status: 409,
  },
} as const satisfies Record<string, ErrorRow>;
