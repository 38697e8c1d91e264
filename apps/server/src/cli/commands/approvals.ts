import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Approval } from '@farhand/shared/model/approvals';
import type { CallInput } from '@farhand/shared/protocol/calls';
import type { Command } from 'commander';
import { askerOf, shortId, statusOf, subjectLines, waitingFor } from '../approval-lines.ts';
import type { Context, ContextOf } from '../context.ts';
import { printable, table } from '../terminal.ts';

interface AllowOptions {
  readonly session?: boolean;
  readonly always?: boolean;
  readonly command?: string;
}

interface DenyOptions {
  readonly reason?: string;
}

type Answer = CallInput<'approval.decide'>['decision'];

/** `farhand approvals [list|show|allow|deny]`: what agents wait for, of all workspaces. */
export function addApprovals(program: Command, contextOf: ContextOf): void {
  const approvals = program.command('approvals').description('see what agents ask, and answer it');
  approvals
    .command('list', { isDefault: true })
    .description('list what waits for an answer')
    .action((_options: unknown, command: Command) => list(contextOf(command)));
  approvals
    .command('show <id>')
    .description('show one question whole; the beginning of its id is enough')
    .action((id: string, _options: unknown, command: Command) => show(id, contextOf(command)));
  approvals
    .command('allow <id>')
    .description('allow it, once unless told otherwise')
    .option('--session', 'allow it, and what its pattern says, for the rest of the session')
    .option('--always', 'allow for always what its pattern says in this workspace; `show` tells the pattern')
    .option('--command <command>', 'run this in place of the command that was asked about')
    .action((id: string, options: AllowOptions, command: Command) => allow(id, options, contextOf(command)));
  approvals
    .command('deny <id>')
    .description('deny it')
    .option('--reason <reason>', 'why, for the agent')
    .action((id: string, { reason }: DenyOptions, command: Command) =>
      decide(id, { kind: 'deny', ...(reason === undefined ? {} : { reason }) }, contextOf(command)),
    );
}

async function list({ call, output }: Context): Promise<void> {
  const [{ approvals }, { workspaces }] = await Promise.all([
    call('approval.list', { isOpen: true }),
    call('workspace.list', {}),
  ]);
  const names = new Map(workspaces.map(({ id, name }) => [id, name]));
  const rows = approvals.map((one) => [
    shortId(one.id, approvals),
    one.workspaceId === null ? '–' : printable(names.get(one.workspaceId) ?? one.workspaceId),
    one.hostId,
    printable(askerOf(one)),
    waitingFor(one, Date.now()),
    printable(one.title),
  ]);
  const head = ['ID', 'WORKSPACE', 'HOST', 'WHO', 'WAITING', 'WHAT'];
  output.result(rows.length === 0 ? 'Nothing waits for an answer.' : table([head, ...rows]), { approvals });
}

async function show(id: string, context: Context): Promise<void> {
  const found = await find(id, context);
  const { cwd, why, pattern, hostId } = found;
  const lines = [
    printable(found.title),
    `asked by ${printable(askerOf(found))} on ${hostId}${cwd === null ? '' : ` in ${printable(cwd)}`}, ${statusOf(found, Date.now())}`,
    printable(why),
    '',
    ...subjectLines(found.subject),
    '',
    pattern === null ? 'It has no pattern for --always.' : `--always would allow: ${printable(pattern)}`,
  ];
  context.output.result(lines.join('\n'), { approval: found });
}

async function allow(
  id: string,
  { session, always, command }: AllowOptions,
  context: Context,
): Promise<void> {
  if (session && always)
    throw new FarhandError('request.invalid', {
      message: 'Give --session or --always, not both.',
      hint: '`farhand approvals show` tells what --always would allow.',
    });
  const scope = always ? 'always' : session ? 'session' : 'once';
  await decide(id, { kind: 'allow', scope, ...(command === undefined ? {} : { command }) }, context);
}

async function decide(id: string, decision: Answer, context: Context): Promise<void> {
  const asked = await find(id, context);
  const { approval } = await context.call('approval.decide', {
    approvalId: asked.id,
    hash: asked.hash,
    decision,
  });
  context.output.result(`${printable(approval.title)}: ${statusOf(approval, Date.now())}.`, { approval });
}

// Open ones come first: the beginning of an id that names one of them is meant for it.
async function find(wanted: string, { call }: Context): Promise<Approval> {
  for (const isOpen of [true, false]) {
    const { approvals } = await call('approval.list', { isOpen });
    const found = approvals.filter(({ id }) => id.startsWith(wanted) || id.startsWith(`apr_${wanted}`));
    const [first, second] = wanted === '' ? [] : found;
    if (first && !second) return first;
    if (second)
      throw new FarhandError('approval.not_found', {
        message: `Several ids begin with ${printable(wanted)}.`,
        hint: 'Give more of the id: see `farhand approvals`.',
      });
  }
  throw new FarhandError('approval.not_found', {
    message: `No approval has an id that begins with ${printable(wanted)}.`,
    hint: 'See `farhand approvals`.',
  });
}
