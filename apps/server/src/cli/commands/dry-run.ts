import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { DryRun } from '@farhand/shared/model/dry-run';
import type { ProposalId, SessionId } from '@farhand/shared/model/ids';
import type { Command } from 'commander';
import type { Context, ContextOf } from '../context.ts';
import { findSessionId } from '../find-session.ts';
import { printable, table } from '../terminal.ts';

/** `farhand dry-run list|on|off|show|apply|discard`: what an agent wants to do before it is done. */
export function addDryRun(program: Command, contextOf: ContextOf): void {
  const dryRun = program
    .command('dry-run')
    .description('collect what an agent wants to do, and do it or drop it');
  dryRun
    .command('list <session>')
    .description('list what was collected')
    .action(async (session: string, _options: unknown, command: Command) => {
      const { call, output } = contextOf(command);
      const { dryRun: found } = await call('dry_run.get', { sessionId: await findSessionId(call, session) });
      output.result(listText(found), { dryRun: found });
    });
  for (const [name, isOn] of [
    ['on', true],
    ['off', false],
  ] as const)
    dryRun
      .command(`${name} <session>`)
      .description(`switch the dry run of a session ${name}`)
      .action(async (session: string, _options: unknown, command: Command) => {
        const { call, output } = contextOf(command);
        const { dryRun: found } = await call('dry_run.set', {
          sessionId: await findSessionId(call, session),
          isOn,
        });
        output.result(`The dry run is ${name}.`, { dryRun: found });
      });
  dryRun
    .command('show <session> <number>')
    .description('show one proposal whole: the command, or the change')
    .action((session: string, number: string, _options: unknown, command: Command) =>
      show(session, number, contextOf(command)),
    );
  for (const [name, done] of [
    ['apply', 'Being applied, in their order.'],
    ['discard', 'Discarded.'],
  ] as const)
    dryRun
      .command(`${name} <session> [numbers...]`)
      .description(`${name} these proposals, or all that are open`)
      .action(async (session: string, numbers: string[], _options: unknown, command: Command) => {
        const { call, output } = contextOf(command);
        const id = await findSessionId(call, session);
        const proposalIds = numbers.length === 0 ? null : await idsOf(call, id, numbers);
        await call(`dry_run.${name}`, { sessionId: id, proposalIds });
        output.result(done, {});
      });
}

function listText({ isOn, proposals }: DryRun): string {
  const rows = proposals.map(({ number, kind, state, title, reason }) => [
    String(number),
    kind,
    state,
    printable(title),
    printable(reason ?? ''),
  ]);
  const head = `The dry run is ${isOn ? 'on' : 'off'}.`;
  return rows.length === 0
    ? `${head} Nothing was collected.`
    : `${head}\n${table([['NO', 'KIND', 'STATE', 'WHAT', 'WHY'], ...rows])}`;
}

async function show(session: string, number: string, { call, output }: Context): Promise<void> {
  const { dryRun } = await call('dry_run.get', { sessionId: await findSessionId(call, session) });
  const [id] = await idsOf(call, dryRun.id, [number]);
  const proposal = dryRun.proposals.find((one) => one.id === id);
  if (!proposal || !id) throw notFound(number);
  const { patch } = await call('dry_run.diff', { proposalId: id });
  const text = proposal.command ?? patch;
  output.result(text.split('\n').map(printable).join('\n'), { proposal, patch });
}

async function idsOf(
  call: Context['call'],
  id: SessionId,
  numbers: readonly string[],
): Promise<ProposalId[]> {
  const { dryRun } = await call('dry_run.get', { sessionId: id });
  return numbers.map((number) => {
    const found = dryRun.proposals.find((one) => String(one.number) === number);
    if (!found) throw notFound(number);
    return found.id;
  });
}

const notFound = (number: string): FarhandError =>
  new FarhandError('dry_run.proposal_not_found', { message: `There is no proposal ${printable(number)}.` });
