import { auditKind } from '@farhand/shared/model/audit';
import { type Command, InvalidArgumentError } from 'commander';
import { keep } from '../audit/keep.ts';
import { exportAll, show } from '../audit/reading.ts';
import { searchLog } from '../audit/search.ts';
import { verify } from '../audit/verify.ts';
import type { ContextOf } from '../context.ts';

function collect(value: string, before: string[] = []): string[] {
  if (KINDS.includes(value)) return [...before, value];
  throw new InvalidArgumentError(`Kinds are ${KINDS.join(', ')}.`);
}

const KINDS: readonly string[] = auditKind.options;

/** `farhand audit verify|search|show|export|keep`: all but the last read the files, also while no server runs. */
export function addAudit(program: Command, contextOf: ContextOf): void {
  const audit = program.command('audit').description('what was done, by whom, and by whose word');
  audit
    .command('verify')
    .description('look at the whole log, and tell what was changed or removed; then the exit status is 1')
    .option('--file <export>', 'look at an export in place of the log')
    .option('--head <seq:hash>', 'an end of the log that was noted before: it has to be in it still')
    .action((options, command: Command) => verify(options, contextOf(command)));
  audit
    .command('search [words...]')
    .description('list events, the newest first; with words: those that have all of them')
    .option('--kind <kind>', 'only of this kind; may be given more than once', collect)
    .option('--host <host>', 'only on this host')
    .option('--workspace <id>', 'only in this workspace')
    .option('--session <id>', 'only of this session')
    .option('--actor <who>', 'only by page, cli, token, agent or server, or by a name')
    .option('--since <time>', 'from then on: as 2026-11-21, 2026-11-21T09:30:00Z, 90m, 12h, 7d')
    .option('--until <time>', 'before then')
    .option('--exit <status>', 'only ends with this status: a number, ok or failed')
    .option('--limit <count>', 'at most so many', '50')
    .action((words: string[], options, command: Command) => searchLog(words, options, contextOf(command)));
  audit
    .command('show <seq>')
    .description('show one event whole')
    .option('--output', 'show what the command wrote')
    .action((seq: string, options, command: Command) => show(seq, options, contextOf(command)));
  audit
    .command('export')
    .description('print the log, one JSON document a line; `farhand audit verify --file` reads it anywhere')
    .option('--jsonl', 'as lines of JSON, which is the only form there is')
    .option('--since <time>', 'from then on')
    .action((options, command: Command) => exportAll(options, contextOf(command)));
  audit
    .command('keep')
    .description('show or set how long events are kept, and how much of what commands write')
    .option('--days <days>', 'remove what is older, by a signed cut')
    .option('--forever', 'remove nothing')
    .option(
      '--outputs <size>',
      'of what was written keep at most this, as 5GiB or 500M; the oldest goes first',
    )
    .option('--streams <yes|no>', 'keep what terminals and agents write')
    .action((options, command: Command) => keep(options, contextOf(command)));
}
