import { constants } from 'node:os';
import type { Command } from 'commander';
import { tellWhileAsking } from '../asking.ts';
import type { Context, ContextOf } from '../context.ts';
import { findWorkspace } from '../find-workspace.ts';
import { withProgress } from '../progress.ts';

/** What is no exit status and no signal. */
const END_NOTES: Readonly<Record<string, string>> = {
  rebooted: 'the command was ended by the reboot of its host.',
  lost: 'the command was killed from outside; its exit status is not known.',
  detached: 'the server stopped; the command runs on, and its end is not known.',
};

/**
 * `farhand exec <workspace> -- argv…`: ends with the command's own exit status. Ctrl-C ends the command too: the server
 * sees that nobody waits any more.
 */
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

async function exec(wanted: string, words: readonly string[], context: Context): Promise<void> {
  const { call, output, exitWith } = context;
  // Commander hands on the -- as well, for the words after the workspace are not its own.
  const argv = words[0] === '--' ? words.slice(1) : words;
  const { id, hostId } = await findWorkspace(call, wanted);
  const ended = call('workspace.exec', { workspaceId: id, argv: [...argv] });
  const { stdout, stderr, ...end } = await withProgress(context, (progress) => {
    progress.say(`runs on ${hostId}; its output follows at its end`);
    return tellWhileAsking(context, hostId, ended);
  });
  output.bytes('out', Buffer.from(stdout, 'base64'));
  output.bytes('err', Buffer.from(stderr, 'base64'));
  if (end.truncated)
    output.bytes('err', Buffer.from('farhand: the output was longer than 1 MiB; the rest is left out.\n'));
  const note = END_NOTES[end.end];
  if (note) output.bytes('err', Buffer.from(`farhand: ${note}\n`));
  if (output.isJson) output.result('', { ...end, stdout, stderr });
  exitWith(statusOf(end));
}

// As a shell tells it: 128 and the number of the signal.
function statusOf({ exitCode, signal }: { exitCode: number | null; signal: string | null }): number {
  if (exitCode !== null) return exitCode;
  const numbers: Readonly<Record<string, number>> = constants.signals;
  return 128 + (numbers[signal ?? ''] ?? 0);
}
