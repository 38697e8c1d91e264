import type { ErrorRow } from './row.ts';

/** Errors of checkpoints and of dry runs. */
export const checkpointErrors = {
  'checkpoint.not_found': {
    message: 'There is no such checkpoint.',
    hint: 'Old ones are removed; choose one of those that are listed.',
    status: 404,
  },
  'checkpoint.no_files': {
    message: 'The files of that moment were not kept.',
    hint: 'Choose another turn, or take back the conversation alone.',
    status: 409,
  },
  'checkpoint.failed': {
    message: 'The files could not be looked at.',
    hint: 'Look at what git says in the workspace, then try again.',
  },
  'checkpoint.conflict': {
    message: 'Somebody else changed files since.',
    hint: 'Look at the files that are named. To go back all the same, force it: the state of now is kept and can be brought back.',
    status: 409,
  },
  'checkpoint.busy': {
    message: 'An agent is at work in this workspace.',
    hint: 'Stop it or wait for its turn to end, then rewind.',
    status: 409,
  },
  'checkpoint.memory_kept': {
    message: 'This agent keeps its own memory and cannot forget a part of it.',
    hint: 'Rewind the files alone, or begin a new session in a fork of the workspace.',
    status: 409,
  },
  'dry_run.not_possible': {
    message: 'This agent does not ask before it acts, so its work cannot be held back.',
    hint: 'Run it in the sandbox profile “readonly” instead, or use the built-in agent.',
    status: 409,
  },
  'dry_run.left': {
    message:
      'The agent went into a mode in which it acts unasked, and could not be set back. It was stopped.',
    hint: 'Look at what it may have changed. Choose a mode in which it asks, or run it in the sandbox profile “readonly”.',
    status: 409,
  },
  'dry_run.refused': {
    message: 'This cannot be recorded as a proposal.',
    hint: 'Do without it in a dry run.',
    status: 409,
  },
  'dry_run.proposal_not_found': {
    message: 'There is no such proposal.',
    hint: 'It may have been discarded; look at the list again.',
    status: 404,
  },
  'dry_run.busy': {
    message: 'Proposals are being applied.',
    hint: 'Wait until that is done.',
    status: 409,
  },
} as const satisfies Readonly<Record<string, ErrorRow>>;
