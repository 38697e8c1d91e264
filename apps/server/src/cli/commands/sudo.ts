import type { Command } from 'commander';
import type { Context, ContextOf } from '../context.ts';
import { parseHost } from '../parse-host.ts';
import { printable } from '../terminal.ts';

/** `farhand sudo plan|drift <host>`: what the rules mean for sudo there. Neither changes anything on the host. */
export function addSudo(program: Command, contextOf: ContextOf): void {
  const sudo = program.command('sudo').description('see what the rules mean for sudo on a host');
  sudo
    .command('plan <host>')
    .description('print the file for /etc/sudoers.d, its check by visudo, and how to apply it')
    .option('--text', 'print the file alone')
    .option('--apply', 'print the command alone that a person runs on the host')
    .action((host: string, how: HowPlan, command: Command) => plan(host, how, contextOf(command)));
  sudo
    .command('drift <host>')
    .description('compare the rules with what sudo -l lists there; ends with 1 where they differ')
    .action((host: string, _options: unknown, command: Command) => drift(host, contextOf(command)));
}

interface HowPlan {
  readonly text?: boolean;
  readonly apply?: boolean;
}

async function plan(host: string, { text, apply }: HowPlan, context: Context): Promise<void> {
  const { call, output, exitWith } = context;
  const { plan: made } = await call('sudo.plan', { hostId: parseHost(host) });
  if (made.check?.isValid === false) exitWith(1);
  if (text || apply) return output.result(text ? made.text.trimEnd() : made.apply, { plan: made });
  const check =
    made.check === null
      ? 'not checked: neither machine has visudo'
      : `${made.check.isValid ? 'valid' : 'NOT VALID'}, says visudo on the ${made.check.by}: ${printable(made.check.said)}`;
  const parts = [
    made.text === ''
      ? `No rule lets ${made.user} run anything by sudo there.`
      : `${made.path}:\n\n${made.text}`,
    ...(made.text === '' ? [] : [`Check: ${check}`]),
    ...made.left.map(({ rule, pattern, reason }) => `Left out: ${rule}, ${pattern}. ${reason}`),
    ...diffPart(made.diff),
    `To apply it, run this on the host yourself:\n\n${made.apply}`,
  ];
  output.result(parts.join('\n\n'), { plan: made });
}

function diffPart(diff: string | null): string[] {
  if (diff === null) return ['What sudo allows there now is not known: see `farhand sudo drift`.'];
  return diff === '' ? [] : [`Against what sudo -l lists now:\n${printableLines(diff)}`];
}

async function drift(host: string, { call, output, exitWith }: Context): Promise<void> {
  const { drift: found } = await call('sudo.drift', { hostId: parseHost(host) });
  const lines = [
    ...found.missing.map(({ runAs, command }) => `+ (${runAs}) ${command}`),
    ...found.extra.map(({ runAs, command }) => `- (${runAs}) ${command}`),
  ];
  if (!found.isKnown || lines.length > 0) exitWith(1);
  const text = found.isKnown ? lines.join('\n') || 'The host allows what the rules say.' : (found.note ?? '');
  output.result(printableLines(text), { drift: found });
}

const printableLines = (text: string) => text.split('\n').map(printable).join('\n');
