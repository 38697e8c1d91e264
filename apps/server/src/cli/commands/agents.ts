import type { HostAgent } from '@farhand/shared/model/agents';
import type { Command } from 'commander';
import type { Context, ContextOf } from '../context.ts';
import { parseHost } from '../parse-host.ts';
import { printable, table } from '../terminal.ts';

interface AgentsOptions {
  readonly refresh?: boolean;
}

/** `farhand agents <host>`: which agents are there, and how to install those that are not. */
export function addAgents(program: Command, contextOf: ContextOf): void {
  program
    .command('agents <host>')
    .description('list the agents on a host, with their versions and how to install those that are missing')
    .option('--refresh', 'look at the host now, whatever was found before')
    .action((host: string, options: AgentsOptions, command: Command) =>
      agents(host, options, contextOf(command)),
    );
}

async function agents(host: string, { refresh = false }: AgentsOptions, { call, output }: Context) {
  const { agents: found } = await call('agent.list', { hostId: parseHost(host), refresh });
  const rows = found.map((agent) => [agent.id, printable(agent.name), agent.kind, stateText(agent)]);
  output.result(table([['AGENT', 'NAME', 'KIND', 'STATE'], ...rows]), { agents: found });
}

function stateText({ kind, state, version, path, installs }: HostAgent): string {
  if (kind === 'builtin') return 'ready';
  if (state === 'unknown') return 'unknown: the host is away';
  if (state === 'ready') return [printable(version ?? 'ready'), printable(path ?? '')].join(' ').trim();
  const [first] = installs;
  return first ? `missing: ${first.command}` : 'missing';
}
