import { setTimeout as delay } from 'node:timers/promises';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { connectionText } from '@farhand/shared/model/connection-text';
import type { Host, HostId, HostQuestion } from '@farhand/shared/model/hosts';
import type { Command } from 'commander';
import { asThrown } from '../as-thrown.ts';
import { askingLine, findHost } from '../asking.ts';
import type { Context, ContextOf } from '../context.ts';
import { warningLines } from '../host-warning-lines.ts';
import { questionPrompt } from '../question-prompt.ts';
import { printable, table } from '../terminal.ts';
import { addHostChecks } from './host-checks.ts';
import { addHostRecords } from './host-records.ts';

interface AnswerOptions {
  readonly remember?: boolean;
}

/** How often the CLI looks at a host that goes on after an answer. */
const LOOK_MS = 200;
/** For ssh to take an answer and log in, or to ask the next. */
const CONNECT_TIMEOUT_MS = 60_000;

/** `farhand host list|answer|retry`, and what is said of hosts and seen of them. */
export function addHost(program: Command, contextOf: ContextOf): void {
  const host = program.command('host').description('write hosts down, test them, see how they are connected');
  host
    .command('list')
    .description('list all hosts with the state of their connection')
    .action((_options: unknown, command: Command) => list(contextOf(command)));
  host
    .command('answer <host>')
    .description('answer what ssh asks for this host; secrets are typed without being shown')
    .option('--remember', 'keep a passphrase or password in memory until the server stops')
    .action((id: string, options: AnswerOptions, command: Command) =>
      answer(id, options, contextOf(command)),
    );
  addHostRecords(host, contextOf);
  addHostChecks(host, contextOf);
  host
    .command('retry <host>')
    .description('connect now, without waiting for the next try')
    .action((id: string, _options: unknown, command: Command) => retry(id, contextOf(command)));
}

async function list({ call, output }: Context): Promise<void> {
  const { hosts, configProblem } = await call('host.list', {});
  const rows = hosts.flatMap((host) => [
    [host.id, host.isDefault ? 'default' : '', host.method ?? '-', stateText(host)],
    ...problemLines(host).map((line) => ['', '', '', line]),
  ]);
  const list = table([['HOST', '', 'METHOD', 'STATE'], ...rows]);
  const problem = configProblem === null ? '' : `\n${printable(configProblem)}`;
  output.result(`${list}${problem}`, { hosts, configProblem });
}

const problemLines = (host: Host): string[] => [
  // Where it refuses the host, the state says it already.
  ...(host.recordProblem === null || stateText(host).includes(printable(host.recordProblem))
    ? []
    : [printable(host.recordProblem)]),
  ...warningLines(host),
];

function stateText(host: Host): string {
  const { connection } = host;
  const text = printable(connectionText(connection, Date.now()));
  if (connection.state === 'asking') return `${text} (farhand host answer ${host.id})`;
  return connection.state === 'retrying' ? `${text} (${printable(connection.message)})` : text;
}

async function retry(id: string, { call, output }: Context): Promise<void> {
  // The server checks the name.
  await call('host.reconnect', { hostId: id as HostId });
  tell(await hostOf({ call }, id), output);
}

async function answer(id: string, { remember = false }: AnswerOptions, context: Context): Promise<void> {
  let host = await hostOf(context, id);
  if (host.connection.state !== 'asking')
    throw new FarhandError('host.question_not_found', {
      message: `${id} asks nothing: ${printable(connectionText(host.connection, Date.now()))}.`,
      hint: `Connect it with \`farhand host retry ${id}\`.`,
    });
  while (host.connection.state === 'asking') {
    const { question } = host.connection;
    await answerOne(host.id, question, remember, context);
    host = await untilFurther(context, host.id, question.id);
  }
  if (host.connection.state === 'refused') throw asThrown(host.connection);
  tell(host, context.output);
}

async function answerOne(
  hostId: HostId,
  question: HostQuestion,
  remember: boolean,
  { call, ask, streams }: Context,
): Promise<void> {
  const prompt = questionPrompt(question);
  if (prompt === null) {
    streams.err.write('Touch your security key, at the machine where Farhand runs.\n');
    return;
  }
  const line = await ask(prompt.text, prompt.isSecret);
  const given = line === null ? null : prompt.answerOf(line);
  await call('host.answer', { hostId, questionId: question.id, answer: given, remember });
}

/** The host once it has left this question and does not just connect. */
async function untilFurther(context: Context, id: HostId, questionId: string): Promise<Host> {
  const giveUpAt = performance.now() + CONNECT_TIMEOUT_MS;
  for (;;) {
    const host = await hostOf(context, id);
    const { connection } = host;
    const isSame = connection.state === 'asking' && connection.question.id === questionId;
    if ((!isSame && connection.state !== 'connecting') || performance.now() > giveUpAt) return host;
    await delay(LOOK_MS);
  }
}

async function hostOf({ call }: Pick<Context, 'call'>, id: string): Promise<Host> {
  const host = await findHost(call, id);
  if (host) return host;
  throw new FarhandError('host.unknown', {
    message: `No host is called ${id}.`,
    hint: 'See `farhand host list`.',
  });
}

function tell(host: Host, output: Context['output']): void {
  const state = askingLine(host) ?? `${host.id}: ${printable(connectionText(host.connection, Date.now()))}`;
  output.result([state, ...warningLines(host)].join('\n'), { host });
}
