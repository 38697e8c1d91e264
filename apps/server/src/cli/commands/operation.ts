import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Operation } from '@farhand/shared/model/operations';
import type { Command } from 'commander';
import type { Context, ContextOf } from '../context.ts';
import { findWorkspace } from '../find-workspace.ts';
import { printable, table } from '../terminal.ts';
import { watchRun } from '../watch-run.ts';

/** `farhand operation list|run`: the named commands of config.toml that agents ask for by `farhand-op`. */
export function addOperation(program: Command, contextOf: ContextOf): void {
  const operation = program
    .command('operation')
    .description('see and run the named operations of config.toml');
  operation
    .command('list', { isDefault: true })
    .description('list the operations, with what is wrong with them')
    .action((_options: unknown, command: Command) => list(contextOf(command)));
  operation
    .command('run <operation> [parameters...]')
    .description('run one, with its parameters as name=value; ends as it ended')
    .option('--workspace <workspace>', 'where it runs, for one that runs in a workspace')
    .action((name: string, words: string[], options: { workspace?: string }, command: Command) =>
      run(name, { words, ...options }, contextOf(command)),
    );
}

async function list({ call, output }: Context): Promise<void> {
  const listed = await call('operation.list', {});
  const { operations, problem, configFile } = listed;
  const rows = operations.map((one) => [
    printable(one.name),
    printable(one.host || '–'),
    printable(one.parameters.map((parameter) => parameter.name).join(', ') || '–'),
    one.isAsked ? 'yes' : 'no',
    printable(one.problem === null ? (one.description ?? '') : `cannot be used: ${one.problem}`),
  ]);
  const head = ['NAME', 'HOST', 'PARAMETERS', 'ASKS', 'WHAT'];
  const lines = [
    ...(problem === null ? [] : [printable(problem), '']),
    rows.length === 0 ? `No operations: define them in ${configFile}.` : table([head, ...rows]),
  ];
  output.result(lines.join('\n'), listed);
}

async function run(
  name: string,
  { words, workspace }: { words: readonly string[]; workspace?: string },
  context: Context,
): Promise<void> {
  const found = workspace === undefined ? null : await findWorkspace(context.call, workspace);
  const { run: started } = await context.call('operation.run', {
    operation: name,
    parameters: Object.fromEntries(words.map(readWord)),
    workspaceId: found?.id ?? null,
  });
  await watchRun(context, started);
}

function readWord(word: string): [string, string] {
  const at = word.indexOf('=');
  const name: Operation['name'] = word.slice(0, at);
  if (at > 0) return [name, word.slice(at + 1)];
  throw new FarhandError('operation.parameter_invalid', {
    message: `Write ${printable(word)} as name=value.`,
  });
}
