import { Argument, type Command } from 'commander';
import { COMPLETION_SCRIPTS, SHELLS, type Shell } from '../completion/scripts.ts';
import { wordsAfter } from '../completion/words.ts';
import type { ContextOf } from '../context.ts';

/** `farhand completion bash|zsh|fish`, and what its scripts ask. */
export function addCompletion(program: Command, contextOf: ContextOf): void {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .description('print the script that lets a shell complete commands and names')
    .action((shell: Shell, _options: unknown, command: Command) => {
      const script = COMPLETION_SCRIPTS[shell];
      contextOf(command).output.result(script.trimEnd(), { shell, script });
    });
  program
    .command('_complete [words...]', { hidden: true })
    .passThroughOptions()
    .allowUnknownOption()
    .action(async (words: string[], _options: unknown, command: Command) => {
      const { call, output } = contextOf(command);
      // Commander hands on the -- as well, where an option could follow.
      const typed = words[0] === '--' ? words.slice(1) : words;
      const found = await wordsAfter(program, typed, call);
      output.result(found.join('\n'), { words: found });
    });
}
