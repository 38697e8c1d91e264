import type { ErrorRow } from './row.ts';

/** Errors of the sandbox that jobs run in. */
export const sandboxErrors = {
  'sandbox.unavailable': {
    message: 'The sandbox does not work on this host, so nothing was started.',
    hint: 'Mend that on the host, or run this session without the sandbox.',
    status: 409,
  },
  'sandbox.refused': {
    message: 'The sandbox of this workspace does not allow this.',
    hint: 'Name the path in a profile of your own, or choose another profile for the workspace.',
    status: 403,
  },
  'sandbox.profile_not_found': {
    message: 'There is no such sandbox profile.',
    hint: 'Choose one of those that `farhand sandbox profiles` shows.',
    status: 404,
  },
  'sandbox.profile_invalid': {
    message: 'The sandbox profile in config.toml cannot be used.',
    hint: 'Mend the profile in config.toml: its change counts at once.',
  },
} as const satisfies Record<string, ErrorRow>;
