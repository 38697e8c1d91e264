import type { ErrorRow } from './row.ts';

/** Errors of commands on hosts and of named operations. */
export const runErrors = {
  'run.not_found': {
    message: 'There is no such run.',
    hint: 'The newest 500 are kept; see `farhand run --list`.',
    status: 404,
  },
  'run.denied': {
    message: 'The command was denied.',
    hint: 'A rule or a person said no; see `farhand audit search --kind decision`.',
    status: 403,
  },
  'run.not_decided': {
    message: 'Nobody answered whether the command may run.',
    hint: 'Start it again when somebody can answer.',
  },
  'run.cancelled': {
    message: 'The command was cancelled.',
    hint: 'Start it again where it is still wanted.',
  },
  'run.timed_out': {
    message: 'The command took longer than it may.',
    hint: 'Give it more time, or look why it hangs.',
  },
  'run.lost': {
    message: 'How the command ended is not known.',
    hint: 'Its host lost what is kept of it. Look there before you run it again.',
  },
  'run.too_many': {
    message: 'Too many commands run or wait at once.',
    hint: 'Wait until some have ended, or answer what waits.',
    retryable: true,
    status: 429,
  },
  'operation.not_found': {
    message: 'No operation has this name.',
    hint: 'See `farhand operation list`; operations are defined in config.toml.',
    status: 404,
  },
  'operation.invalid': {
    message: 'The operation is not well defined, so it cannot be used.',
    hint: 'Mend it in config.toml; `farhand operation list` says what is wrong.',
  },
  'operation.not_allowed': {
    message: 'This operation is not for this project or agent.',
    hint: 'Name them under `projects` and `agents` of the operation in config.toml.',
    status: 403,
  },
  'operation.parameter_invalid': {
    message: 'A parameter does not fit.',
    hint: 'See `farhand-op --help <operation>` for what it takes.',
  },
} as const satisfies Record<string, ErrorRow>;
