import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type Command, Option } from 'commander';
import { createCall } from '../client.ts';
import { type Context, type ContextOf, type ProgramStart, remoteOf, type Surroundings } from '../context.ts';
import { configOf, MCP_CLIENTS, type McpClient } from '../mcp-clients/clients.ts';
import { planChange } from '../mcp-clients/config-change.ts';

interface ServeOptions {
  readonly as: string;
}

interface ChangeOptions {
  readonly client: McpClient;
  readonly dryRun?: boolean;
}

/** `farhand mcp`: speaks MCP on stdin and stdout for the running server; `install` and `uninstall` tell clients of it. */
export function addMcp(program: Command, contextOf: ContextOf, surroundings: Surroundings): void {
  const mcp = program.command('mcp').description('let another program’s agent use Farhand, by MCP');
  mcp
    .command('serve', { isDefault: true })
    .description('speak MCP on stdin and stdout; starts no server')
    .option('--as <name>', 'who speaks, for the record', 'mcp')
    .action(async ({ as }: ServeOptions, command: Command) => {
      const call = createCall({
        serverFile: surroundings.paths.serverFile,
        remote: remoteOf(command, surroundings),
        agent: as,
      });
      const { serveMcpOnStdio } = await import('../../mcp-server/stdio.ts');
      // Clients keep what comes on stderr in their logs.
      await serveMcpOnStdio(call, (text) => surroundings.streams.err.write(`farhand: ${text}\n`));
    });
  for (const [name, description, isInstalled] of [
    ['install', 'write Farhand into the settings of a program; a copy of what was there is kept', true],
    ['uninstall', 'take Farhand out of the settings of a program', false],
  ] as const)
    mcp
      .command(name)
      .description(description)
      .addOption(new Option('--client <client>', 'the program').choices(MCP_CLIENTS).makeOptionMandatory())
      .option('--dry-run', 'show what would be changed, and change nothing')
      .action((options: ChangeOptions, command: Command) =>
        change(options, isInstalled, contextOf(command), surroundings.program),
      );
}

function change(
  { client, dryRun = false }: ChangeOptions,
  isInstalled: boolean,
  { output }: Context,
  start: ProgramStart | undefined,
): void {
  if (!start)
    throw new FarhandError('internal.unexpected', { message: 'How Farhand is started is not known.' });
  const plan = planChange(configOf(client, start), isInstalled);
  const { file, patch } = plan;
  if (patch === '') {
    output.result(`${file} is as it should be.`, { file, isChanged: false, backup: null, patch });
    return;
  }
  if (dryRun) {
    output.result(patch.trimEnd(), { file, isChanged: false, backup: null, patch });
    return;
  }
  const backup = plan.apply();
  const kept = backup === null ? [] : [`What was there is kept in ${backup}.`];
  const text = [`Changed ${file}.`, ...kept, `Start ${client} anew for it to count.`].join('\n');
  output.result(text, { file, isChanged: true, backup, patch });
}
