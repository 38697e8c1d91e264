import type { ErrorRow } from './row.ts';

/** Errors of agents, their sessions and models. */
export const agentErrors = {
  'session.not_found': {
    message: 'No such session.',
    hint: 'It may have been deleted; start a new one.',
    status: 404,
  },
  'session.busy': {
    message: 'The agent is at work already.',
    hint: 'Wait for the turn to end, or stop it.',
    status: 409,
  },
  'session.unknown_control': {
    message: 'The agent of this session has no such setting.',
    hint: 'Its settings may have changed: look at them again.',
    status: 404,
  },
  'agent.login_needed': {
    message: 'The agent is not signed in on this host.',
    hint: 'Sign in with one of the ways shown, or give its key as a secret of the project, then send the message again.',
  },
  'agent.start_failed': {
    message: 'The agent ended as it started.',
    hint: 'Look at what it said, mend that on the host, then send the message again.',
    retryable: true,
  },
  'agent.not_responding': {
    message: 'The agent does not answer.',
    hint: 'Send the message again: the agent is started anew.',
    retryable: true,
  },
  'agent.died': {
    message: 'The agent ended in the middle of its turn.',
    hint: 'Send the message again: the agent is started anew and takes up the conversation.',
    retryable: true,
  },
  'agent.failed': {
    message: 'The agent could not do the turn.',
    hint: 'Look at what the agent says, then send the message again.',
    retryable: true,
  },
  'agent.refused': {
    message: 'The agent refuses to go on with this.',
    hint: 'Put it in other words, or start a new session.',
  },
  'agent.message_too_large': {
    message: 'A message of the agent is larger than 64 MiB.',
    hint: 'Ask for less at once: the agent was stopped, and is started anew by the next message.',
  },
  'agent.output_lost': {
    message: 'Output of the agent was dropped on the host before it was read.',
    hint: 'Send the message again: the agent is started anew and takes up the conversation.',
    retryable: true,
  },
  'agent.unsupported': {
    message: 'The agent speaks no version of its protocol that Farhand knows.',
    hint: 'Update the agent on the host, or Farhand.',
  },
  'agent.unknown': {
    message: 'No such agent.',
    hint: 'List the agents of the host, or add one by its command.',
    status: 404,
  },
  'agent.not_installed': {
    message: 'This agent is not installed on the host.',
    hint: 'Install it from the list of agents, then send the message again.',
  },
  'agent.unknown_install': {
    message: 'This agent has no such way to be installed.',
    hint: 'List the agents of the host to see the ways that it has.',
    status: 404,
  },
  'queue.not_found': {
    message: 'No such message waits.',
    hint: 'It was sent already, or removed elsewhere: look at the transcript.',
    status: 404,
  },
  'comparison.not_found': {
    message: 'No such comparison.',
    hint: 'It may have been removed; its workspaces are in the list.',
    status: 404,
  },
  'comparison.variant_not_found': {
    message: 'The comparison has no such variant.',
    hint: 'It may have been discarded; look at the board again.',
    status: 404,
  },
  'comparison.no_test': {
    message: 'No test command is set.',
    hint: 'Name the command that tells whether a variant is good.',
  },
  'comparison.variant_kept': {
    message: 'This variant was kept.',
    hint: 'Its workspace is an ordinary one now: delete it as any other.',
    status: 409,
  },
  'comparison.files_refused': {
    message: 'These files cannot be taken over.',
    hint: 'Only regular files of the workspace, of at most 64 MiB, are taken. Nothing was changed.',
    status: 409,
  },
  'approval.not_found': {
    message: 'No such approval.',
    hint: 'It may have gone with its session.',
    status: 404,
  },
  'approval.already_decided': {
    message: 'This was decided already.',
    hint: 'Nothing is left to do; the transcript shows the answer.',
    status: 409,
  },
  'approval.changed': {
    message: 'What was asked about has changed since it was shown.',
    hint: 'Look at what is asked now, and answer that.',
    status: 409,
  },
  'terminal.not_found': {
    message: 'No such terminal.',
    hint: 'It may have been closed; open a new one.',
    status: 404,
  },
  'terminal.input_full': {
    message: 'The host is away, and no more keys can wait for it: these were not sent.',
    hint: 'Type them again when there is contact.',
    retryable: true,
  },
  'terminal.unsupported': {
    message: 'The host has no program that holds a terminal.',
    hint: 'Install util-linux’s `script`, perl or python3 there.',
  },

  'model.none': {
    message: 'No model is set up.',
    hint: 'Add a key in Settings → Models, or point Farhand at a local endpoint.',
  },
  'model.unknown': {
    message: 'No such model provider.',
    hint: 'Choose a model in Settings → Models.',
    status: 404,
  },
  'model.key_rejected': {
    message: 'The provider does not accept the key.',
    hint: 'Check the key in Settings → Models.',
  },
  'model.overloaded': {
    message: 'The provider is overloaded.',
    hint: 'Wait a little, then send the message again.',
    retryable: true,
  },
  'model.rate_limited': {
    message: 'The provider’s rate limit is reached.',
    hint: 'Wait a little, then send the message again.',
    retryable: true,
  },
  'model.unreachable': {
    message: 'The model’s endpoint does not answer.',
    hint: 'Check the base URL in Settings → Models and the network.',
    retryable: true,
  },
  'model.stalled': {
    message: 'The model stopped in the middle of its answer.',
    hint: 'Send the message again.',
    retryable: true,
  },
  'model.refused': {
    message: 'The provider refused the request.',
    hint: 'Check the model’s name and what the provider says.',
  },
  'model.no_credit': {
    message: 'The account at the provider is out of credit.',
    hint: 'Add credit there, or choose another model; then send the message again.',
  },
  'model.context_full': {
    message: 'The conversation is longer than the model can read.',
    hint: 'Start a new session.',
  },
  'model.failed': {
    message: 'The model’s answer could not be used.',
    hint: 'Send the message again, or choose another model.',
    retryable: true,
  },
} as const satisfies Record<string, ErrorRow>;
