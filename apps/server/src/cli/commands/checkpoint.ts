import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Checkpoint, RewindTarget } from '@farhand/shared/model/checkpoints';
import type { SessionId } from '@farhand/shared/model/ids';
import type { Command } from 'commander';
import type { Context, ContextOf } from '../context.ts';
import { findSessionId } from '../find-session.ts';
import { printable, table } from '../terminal.ts';

interface RewindOptions {
  readonly files?: boolean;
  readonly conversation?: boolean;
  readonly force?: boolean;
}

/** `farhand checkpoint list|show|rewind`: what a session can go back to. */
export function addCheckpoint(program: Command, contextOf: ContextOf): void {
  const checkpoint = program
    .command('checkpoint')
    .description('see what a session can go back to, and go back');
  checkpoint
    .command('list <session>')
    .description('list the begins of its turns, and what was there before each rewind; oldest first')
    .action((session: string, _options: unknown, command: Command) => list(session, contextOf(command)));
  checkpoint
    .command('show <session> <turn>')
    .description('show what a rewind would change')
    .action((session: string, turn: string, _options: unknown, command: Command) =>
      show(session, turn, contextOf(command)),
    );
  checkpoint
    .command('rewind <session> <turn>')
    .description('put files and conversation back to the begin of that turn')
    .option('--files', 'only the files')
    .option('--conversation', 'only the conversation')
    .option('--force', 'also where somebody else changed files since')
    .action((session: string, turn: string, options: RewindOptions, command: Command) =>
      rewind(session, turn, { options, context: contextOf(command) }),
    );
}

async function list(session: string, { call, output }: Context): Promise<void> {
  const { checkpoints } = await call('checkpoint.list', { sessionId: await findSessionId(call, session) });
  const rows = checkpoints.map((one) => [
    one.id,
    one.kind === 'turn' ? 'turn' : 'before a rewind',
    one.at,
    one.hasFiles ? filesText(one) : printable(`no: ${one.reason ?? ''}`),
  ]);
  const head = ['ID', 'KIND', 'AT', 'FILES'];
  output.result(rows.length === 0 ? 'Nothing to go back to.' : table([head, ...rows]), { checkpoints });
}

async function show(session: string, turn: string, { call, output }: Context): Promise<void> {
  const sessionId = await findSessionId(call, session);
  const at = { sessionId, to: await find(call, sessionId, turn) };
  const { preview } = await call('checkpoint.preview', at);
  const { files, notes, commits } = preview;
  const rows = files.map(({ path, status, additions, deletions, isConflict }) => [
    status,
    `+${additions ?? '?'}`,
    `-${deletions ?? '?'}`,
    isConflict ? 'edited since' : '',
    printable(path),
  ]);
  const lines = [
    rows.length === 0 ? 'No file differs.' : table([['CHANGE', '', '', 'CONFLICT', 'FILE'], ...rows]),
    ...(commits ? [`Branch or commit changes; commits that go: ${commits.lost}.`] : []),
    ...notes.map(printable),
  ];
  output.result(lines.join('\n'), { preview });
}

async function rewind(
  session: string,
  turn: string,
  { options, context }: { options: RewindOptions; context: Context },
): Promise<void> {
  const { call, output } = context;
  const { files = false, conversation = false, force = false } = options;
  const what = files === conversation ? 'both' : files ? 'files' : 'conversation';
  const sessionId = await findSessionId(call, session);
  const at = { sessionId, to: await find(call, sessionId, turn) };
  const done = await call('checkpoint.rewind', { ...at, what, force });
  const left = done.left.length > 0 ? `\nLeft as they were: ${done.left.map(printable).join(', ')}` : '';
  const undo = `farhand checkpoint rewind ${sessionId} ${done.undo}`;
  const put = done.files === 1 ? 'One file was' : `${done.files} files were`;
  output.result(`${put} put back.${left}\nTo undo it: ${undo}`, done);
}

// The whole id, or as much of its beginning as only one has.
async function find(call: Context['call'], sessionId: SessionId, wanted: string): Promise<RewindTarget> {
  const { checkpoints } = await call('checkpoint.list', { sessionId });
  const found = checkpoints.filter(({ id }) => id.startsWith(wanted));
  const [only] = found;
  if (only && found.length === 1) return only.id;
  throw new FarhandError('checkpoint.not_found', {
    message:
      found.length > 1
        ? `Several begin with ${printable(wanted)}.`
        : `There is no checkpoint ${printable(wanted)}.`,
    hint: `See \`farhand checkpoint list ${sessionId}\`.`,
  });
}

function filesText({ leftCount, branch }: Checkpoint): string {
  const left = leftCount === 0 ? 'yes' : `yes, without ${leftCount}`;
  return branch === null ? left : printable(`${left} (${branch})`);
}
