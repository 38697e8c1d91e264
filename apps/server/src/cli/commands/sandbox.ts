import type { SandboxProfile } from '@farhand/shared/model/sandbox';
import type { Command } from 'commander';
import type { Context, ContextOf } from '../context.ts';
import { printable, table } from '../terminal.ts';

/** `farhand sandbox profiles|check|default`: what jobs may do on their hosts, and where that can be kept. */
export function addSandbox(program: Command, contextOf: ContextOf): void {
  const sandbox = program.command('sandbox').description('see what jobs may do, and where that can be kept');
  sandbox
    .command('profiles', { isDefault: true })
    .description('list the profiles, ours and your own')
    .action((_options: unknown, command: Command) => profiles(contextOf(command)));
  sandbox
    .command('check <host> [profile]')
    .description('try a sandbox on a host, and tell what to do where it does not work')
    .action((host: string, profile: string | undefined, _options: unknown, command: Command) =>
      check(host, profile, contextOf(command)),
    );
  sandbox
    .command('default <profile>')
    .description('the profile of new workspaces')
    .action((profile: string, _options: unknown, command: Command) =>
      setDefault(profile, contextOf(command)),
    );
}

async function profiles({ call, output }: Context): Promise<void> {
  const found = await call('sandbox.profiles', {});
  const rows = found.profiles.map((one) => [
    one.name === found.defaultProfile ? `${one.name} *` : one.name,
    one.workspace,
    one.network ? 'on' : 'off',
    limitsOf(one),
    printable(one.description),
  ]);
  const lines = [
    table([['PROFILE', 'WORKSPACE', 'NETWORK', 'LIMITS', 'WHAT IT DOES'], ...rows]),
    '',
    `* of new workspaces. Your own are in ${printable(found.file)}.`,
    ...found.problems.map((problem) => `Not usable: ${printable(problem)}`),
  ];
  output.result(lines.join('\n'), found);
}

function limitsOf({ limits: { memoryBytes, processes, cpu, cpuSeconds } }: SandboxProfile): string {
  const parts = [
    ...(memoryBytes === null ? [] : [`${Math.round(memoryBytes / 1024 ** 2)}M`]),
    ...(processes === null ? [] : [`${processes} processes`]),
    ...(cpu === null ? [] : [`${cpu} cores`]),
    ...(cpuSeconds === null ? [] : [`${cpuSeconds} s`]),
  ];
  return parts.length === 0 ? '–' : parts.join(', ');
}

async function check(host: string, profile: string | undefined, context: Context): Promise<void> {
  const input = { host, ...(profile === undefined ? {} : { profile }) };
  const found = (await context.call('sandbox.check', input)).check;
  const lines = [
    `${found.works ? 'works' : 'does not work'}: ${printable(found.message)}`,
    ...(found.limits === null ? [] : [`Limits are kept by ${found.limits}.`]),
    ...(found.fix === null ? [] : [printable(found.fix)]),
    ...(found.command === null
      ? []
      : ['', ...found.command.split('\n').map((line) => `  ${printable(line)}`)]),
  ];
  context.output.result(lines.join('\n'), { check: found });
  if (!found.works) context.exitWith(1);
}

async function setDefault(profile: string, { call, output }: Context): Promise<void> {
  await call('sandbox.set_default', { profile });
  output.result(`New workspaces get the sandbox “${printable(profile)}”.`, { profile });
}
