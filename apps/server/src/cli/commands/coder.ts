import { setTimeout as delay } from 'node:timers/promises';
import type { CoderWorkspace } from '@farhand/shared/model/coder';
import type { Command } from 'commander';
import { asThrown } from '../as-thrown.ts';
import type { Context, ContextOf } from '../context.ts';
import { printable, table } from '../terminal.ts';

/** How often the CLI looks at a build that it waits for. */
const LOOK_MS = 500;

/** `farhand coder list|start|stop`. */
export function addCoder(program: Command, contextOf: ContextOf): void {
  const coder = program.command('coder').description('see Coder’s workspaces, and start and stop them');
  coder
    .command('list')
    .description('list your workspaces at Coder; each is a host called coder.<name>')
    .action((_options: unknown, command: Command) => list(contextOf(command)));
  coder
    .command('start <name>')
    .description('start a workspace, and wait until it runs')
    .action((name: string, _options: unknown, command: Command) =>
      bring(name, 'start', false, contextOf(command)),
    );
  coder
    .command('stop <name>')
    .description('stop a workspace, and wait until it stands')
    .option('--force', 'also where agents or terminals run there')
    .action((name: string, { force = false }: { force?: boolean }, command: Command) =>
      bring(name, 'stop', force, contextOf(command)),
    );
}

async function list({ call, output }: Context): Promise<void> {
  const { problem, ...listed } = await call('coder.list', {});
  if (problem) throw asThrown(problem);
  const rows = listed.workspaces.map((one) => [
    one.hostId,
    one.status,
    one.template,
    one.isOutdated ? 'outdated' : '',
  ]);
  const text =
    rows.length === 0 ? 'No workspaces at Coder.' : table([['HOST', 'STATUS', 'TEMPLATE', ''], ...rows]);
  output.result(text, listed);
}

async function bring(name: string, to: 'start' | 'stop', force: boolean, context: Context): Promise<void> {
  const { call, output, streams } = context;
  await (to === 'start' ? call('coder.start', { name }) : call('coder.stop', { name, force }));
  let told = '';
  const workspace = await untilOver(context, name, (line) => {
    if (line !== told && !output.isJson) streams.err.write(`${printable(line)}\n`);
    told = line;
  });
  if (workspace?.build?.error) throw asThrown(workspace.build.error);
  output.result(`${name}: ${workspace?.status ?? 'gone'}`, { workspace: workspace ?? null });
}

async function untilOver(
  { call }: Context,
  name: string,
  onLine: (line: string) => void,
): Promise<CoderWorkspace | undefined> {
  for (;;) {
    const { workspaces, problem } = await call('coder.list', {});
    if (problem && !problem.retryable) throw asThrown(problem);
    const workspace = workspaces.find((one) => one.name === name);
    const line = workspace?.build?.lines.at(-1);
    if (line !== undefined) onLine(line);
    const isOver = !workspace?.build || workspace.build.endedAt !== null;
    if (!problem && isOver) return workspace;
    await delay(LOOK_MS);
  }
}
