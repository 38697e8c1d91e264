import { constants } from 'node:os';
import type { Command } from 'commander';
import type { Context, ContextOf } from '../context.ts';
import { findWorkspace } from '../find-workspace.ts';

/** `farhand exec <workspace> -- argv…`: ends with the command's own exit status. */
export function addExec(program: Command, contextOf: ContextOf): void {
  program
    .command('exec <workspace> <argv...>')
    .description('run a command in a workspace, on its host')
    .usage('<workspace> -- <command> [argument...]')
    .passThroughOptions()
    .action((wanted: string, argv: string[], _options: unknown, command: Command) =>
      exec(wanted, argv, contextOf(command)),
    );
}

async function exec(
  wanted: string,
  words: readonly string[],
  { call, output, exitWith }: Context,
): Promise<void> {
  // Commander hands on the -- as well, for the words after the workspace are not its own.
  const argv = words[0] === '--' ? words.slice(1) : words;
  const { id } = await findWorkspace(call, wanted);
  const { stdout, stderr, ...end } = await call('workspace.exec', { workspaceId: id, argv: [...argv] });
  output.bytes('out', Buffer.from(stdout, 'base64'));
  output.bytes('err', Buffer.from(stderr, 'base64'));
  if (end.truncated)
    output.bytes('err', Buffer.from('farhand: the output was longer than 1 MiB; the rest is left out.\n'));
  if (output.isJson) output.result('', { ...end, stdout, stderr });
  exitWith(statusOf(end));
}

// As a shell tells it: 128 and the number of the signal.
function statusOf({ exitCode, signal }: { exitCode: number | null; signal: string | null }): number {
  if (exitCode !== null) return exitCode;
  const numbers: Readonly<Record<string, number>> = constants.signals;
  return 128 + (numbers[signal ?? ''] ?? 0);
}
