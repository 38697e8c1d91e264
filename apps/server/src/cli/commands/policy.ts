import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { PolicyExplanation, PolicyFile, PolicyRule } from '@farhand/shared/model/policy';
import type { CallInput } from '@farhand/shared/protocol/calls';
import { type Command, Option } from 'commander';
import type { Context, ContextOf } from '../context.ts';
import { parseHost } from '../parse-host.ts';
import { printable, table } from '../terminal.ts';

interface ExplainOptions {
  readonly host?: string;
  readonly agent?: string;
  readonly user?: string;
  readonly cwd?: string;
  readonly directory?: string;
  readonly preset?: NonNullable<CallInput<'policy.explain'>['preset']>;
}

/** `farhand policy list|explain|check|edit|propose`: the rules for what agents and other programs do. */
export function addPolicy(program: Command, contextOf: ContextOf): void {
  const policy = program.command('policy').description('see and try the rules for what agents do');
  policy
    .command('list', { isDefault: true })
    .description('list the rules')
    .action((_options: unknown, command: Command) => list(contextOf(command)));
  policy
    .command('explain <words...>')
    .description('tell how a command would be judged; nothing runs: farhand policy explain -- "ls | sh"')
    .usage('[options] -- <command> [argument...]')
    .option('--host <host>', 'on this host', 'local')
    .option('--agent <agent>', 'for this agent', 'builtin')
    .option('--user <user>', 'as this user of the host')
    .option('--cwd <folder>', 'in this folder')
    .option('--directory <folder>', 'in the workspace with this folder')
    .addOption(
      new Option('--preset <policy>', 'the policy of the workspace').choices([
        'ask_all',
        'ask_writes',
        'ask_outside',
        'never',
      ]),
    )
    .action((words: string[], options: ExplainOptions, command: Command) =>
      explain(words, options, contextOf(command)),
    );
  policy
    .command('check')
    .description('tell whether the file of the rules can be used; the exit status is 1 where it cannot')
    .action((_options: unknown, command: Command) => check(contextOf(command)));
  policy
    .command('edit')
    .description('print the path of the file, for an editor: $EDITOR "$(farhand policy edit)"')
    .action(async (_options: unknown, command: Command) => {
      const { call, output } = contextOf(command);
      const { path } = await call('policy.get', {});
      output.result(path, { path });
    });
  policy
    .command('propose')
    .description('show rules for what was allowed again and again; none is added by itself')
    .option('--add <name>', 'add the one with this name')
    .action((options: { add?: string }, command: Command) => propose(options, contextOf(command)));
}

async function list({ call, output }: Context): Promise<void> {
  const file = await call('policy.get', {});
  const rows = file.rules.map((rule) => [
    String(rule.line),
    rule.effect,
    printable(rule.name),
    printable(rule.match.join(', ')),
    printable(whereOf(rule)),
  ]);
  const none = file.problems.length === 0 ? 'There are no rules.' : 'The rules cannot be read:';
  const text = rows.length === 0 ? none : table([['LINE', 'EFFECT', 'NAME', 'MATCH', 'WHERE'], ...rows]);
  output.result([text, ...problemLines(file)].join('\n'), file);
}

function whereOf({ paths, cwd, host, user, agent }: PolicyRule): string {
  const parts = Object.entries({ paths, cwd, host, user, agent }).filter(([, all]) => all.length > 0);
  return parts.map(([name, all]) => `${name} ${all.join(', ')}`).join('; ');
}

const problemLines = ({ path, problems }: PolicyFile): string[] =>
  problems.map(({ line, column, message }) => `${path}:${line}:${column}: ${printable(message)}`);

async function explain(words: string[], options: ExplainOptions, { call, output }: Context): Promise<void> {
  const { host = 'local', agent, user, cwd, directory, preset } = options;
  const explained = await call('policy.explain', {
    // One argument is a text as it is; several are words that a shell has taken apart already.
    command: words.length === 1 ? (words[0] ?? '') : words.map(quoted).join(' '),
    host: parseHost(host),
    ...(agent === undefined ? {} : { agent }),
    ...(user === undefined ? {} : { user }),
    ...(cwd === undefined ? {} : { cwd }),
    ...(directory === undefined ? {} : { directory }),
    ...(preset === undefined ? {} : { preset }),
  });
  output.result(explanationLines(explained).join('\n'), explained);
}

const quoted = (word: string) =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

const SHOWN = { allowed: 'allowed', ask: 'asked', denied: 'denied' } as const;

function explanationLines({ verdict, why, rule, unresolved, steps }: PolicyExplanation): string[] {
  const rows = steps.map((step) => [
    SHOWN[step.verdict],
    `${'  '.repeat(step.within.length)}${printable(step.command)}`,
    printable(step.within.join(' › ')),
    step.rule ? `${printable(step.rule.name)} (line ${step.rule.line})` : '',
    printable(step.why),
  ]);
  return [
    ...(rows.length > 0 ? [table([['VERDICT', 'COMMAND', 'IN', 'RULE', 'WHY'], ...rows]), ''] : []),
    ...(unresolved === null ? [] : [`Not all of it is known: ${printable(unresolved)}.`]),
    `${SHOWN[verdict].toUpperCase()}: ${printable(why)}${rule ? ` (line ${rule.line})` : ''}`,
  ];
}

async function check({ call, output, exitWith }: Context): Promise<void> {
  const file = await call('policy.get', {});
  if (file.problems.length > 0) exitWith(1);
  const good = `${file.path}: ${file.rules.length} rules, no error.`;
  output.result(file.problems.length > 0 ? problemLines(file).join('\n') : good, {
    path: file.path,
    problems: file.problems,
  });
}

async function propose({ add }: { add?: string }, { call, output }: Context): Promise<void> {
  const { proposals } = await call('policy.proposals', {});
  if (add === undefined) {
    const rows = proposals.map(({ rule, count, lastAt }) => [
      printable(rule.name),
      printable(rule.match.join(', ')),
      String(count),
      lastAt.slice(0, 10),
    ]);
    const head = ['NAME', 'MATCH', 'ALLOWED', 'LAST'];
    output.result(rows.length === 0 ? 'Nothing is proposed.' : table([head, ...rows]), { proposals });
    return;
  }
  const found = proposals.find(({ rule }) => rule.name === add);
  if (!found)
    throw new FarhandError('request.invalid', {
      message: `No proposal is named ${printable(add)}.`,
      hint: 'See `farhand policy propose`.',
    });
  await call('policy.set_rule', { index: null, rule: found.rule });
  output.result(`The rule “${printable(add)}” was added.`, { added: found.rule });
}
