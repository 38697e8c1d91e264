import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Command } from 'commander';
import type { Context, ContextOf } from '../context.ts';
import { findWorkspace } from '../find-workspace.ts';
import { watchRun } from '../watch-run.ts';

interface RunOptions {
  readonly host?: string;
  readonly workspace?: string;
  readonly cwd?: string;
  readonly profile?: string;
}

/** `farhand run [--host h | --workspace w] -- argv…`: by the policy, on record, with the command's own exit status. */
export function addRun(program: Command, contextOf: ContextOf): void {
  program
    .command('run <argv...>')
    .description('run a command on a host or in a workspace, by the policy; it gets no input')
    .usage('[options] -- <command> [argument...]')
    .option(
      '--host <host>',
      'where: a host’s name, `local`, or what ssh takes; the default host where not given',
    )
    .option('--workspace <workspace>', 'in a workspace, with its secrets and its sandbox')
    .option('--cwd <folder>', 'the folder to begin in')
    .option('--profile <profile>', 'in a sandbox, as readonly')
    .passThroughOptions()
    .action((argv: string[], options: RunOptions, command: Command) =>
      run(argv, options, contextOf(command)),
    );
}

async function run(words: readonly string[], options: RunOptions, context: Context): Promise<void> {
  const { host, workspace, cwd, profile } = options;
  if (host !== undefined && workspace !== undefined)
    throw new FarhandError('request.invalid', { message: 'Give --host or --workspace, not both.' });
  const argv = words[0] === '--' ? words.slice(1) : words;
  const found = workspace === undefined ? null : await findWorkspace(context.call, workspace);
  const { run: started } = await context.call('run.start', {
    argv: [...argv],
    host: host ?? null,
    workspaceId: found?.id ?? null,
    cwd: cwd ?? null,
    profile: profile ?? null,
  });
  await watchRun(context, started);
}
