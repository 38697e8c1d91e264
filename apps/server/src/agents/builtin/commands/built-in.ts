import type { Command } from './command.ts';

/** Done by the agent itself: the model is not sent its text. */
export const COMPACT = 'compact';

/** The commands that every session has. A file of the same name is left out. */
export const BUILT_IN: readonly Command[] = [
  {
    name: COMPACT,
    description: 'Summarises the conversation so far, to make room.',
    hint: 'what to keep above all',
    profile: null,
    model: null,
    body: '$ARGUMENTS',
  },
  {
    name: 'init',
    description: 'Looks at the repository and writes an AGENTS.md for coding agents.',
    hint: 'what it should say',
    profile: null,
    model: null,
    body: [
      'Look at this repository and write AGENTS.md in its root, for coding agents that come here for the first time.',
      'Say in at most 60 lines: what it is, where things are, how it is built, tested and checked (commands that you have seen to work), and the rules that the code follows and that cannot be guessed.',
      'Where there is an AGENTS.md already, improve it and keep what is still true. Leave out what every agent knows.',
      '$ARGUMENTS',
    ].join('\n'),
  },
];
