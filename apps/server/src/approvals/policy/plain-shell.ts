import type { ShellCommands } from '../../policy/shell/shell-commands.ts';
import { readShell } from './shell-text.ts';

/** The commands of a text in the plainest part of the shell's language: for where no grammar was loaded. */
export function readPlainShell(text: string): ShellCommands {
  const shell = readShell(text);
  if (!shell.isKnown) return { commands: [], reason: shell.reason, hasLoop: false };
  const commands = shell.commands.map(({ words, redirections }) => ({
    words: words.map((word) => ({ ...word, isKnown: true })),
    redirections: redirections.map(({ isOutput, target }) => ({
      isOutput,
      target: { ...target, isKnown: true },
    })),
    assignments: [],
    within: [],
    isNested: false,
    isTransparent: false,
    runs: 0,
    reason: null,
  }));
  return { commands, reason: null, hasLoop: false };
}
