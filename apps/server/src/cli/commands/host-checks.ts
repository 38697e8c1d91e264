import type { HostReport, HostTest } from '@farhand/shared/model/host-checks';
import type { Command } from 'commander';
import type { Context, ContextOf } from '../context.ts';
import { parseHost } from '../parse-host.ts';
import { type Progress, withProgress } from '../progress.ts';
import { questionPrompt } from '../question-prompt.ts';
import { addRecordOptions, type RecordOptions, recordOf } from '../record-options.ts';
import { printable, table } from '../terminal.ts';

/** How long the server holds one look at a test that goes on. */
const WAIT_MS = 20_000;

const VALUES = ['host', 'port', 'user', 'identityFile', 'directory', 'env', 'label'] as const;

/** `farhand host test|doctor`. */
export function addHostChecks(host: Command, contextOf: ContextOf): void {
  addRecordOptions(host.command('test [host]'))
    .description('go every step of the way to a host; ends with 1 where one fails')
    .option('--host <host>', 'values that are not saved: what ssh is given, with the options below')
    .action((id: string | undefined, options: RecordOptions, command: Command) => {
      if (id === undefined && options.host === undefined)
        command.error('error: name a host, or say --host', { exitCode: 1 });
      if (id !== undefined && VALUES.some((name) => options[name] !== undefined))
        command.error(
          'error: a saved host is tested as it is saved; for other values say --host in place of its name',
          { exitCode: 1 },
        );
      return test(id, options, contextOf(command));
    });
  host
    .command('doctor <host>')
    .description('how safe and how able a host is, and what to do; ends with 1 where something is bad')
    .action((id: string, _options: unknown, command: Command) => doctor(id, contextOf(command)));
}

async function test(id: string | undefined, options: RecordOptions, context: Context): Promise<void> {
  const { call, output } = context;
  const target = options.host === undefined ? { hostId: parseHost(id ?? '') } : { record: recordOf(options) };
  const begun = (await call('host.test', target)).test;
  const ended = await withProgress(context, (progress) => untilEnded(begun, progress, context));
  const rows = ended.steps.map(({ name, state, timeMs, detail }) => [
    name,
    state,
    timeMs === null ? '' : `${Math.round(timeMs)} ms`,
    printable(detail ?? ''),
  ]);
  const hints = ended.steps.flatMap(({ name, hint }) =>
    hint === null ? [] : [`${name}: ${printable(hint)}`],
  );
  const lines = [
    table([['STEP', 'STATE', 'TIME', 'SEEN'], ...rows]),
    ...(hints.length > 0 ? ['', ...hints] : []),
    '',
    ...(ended.hostname === null ? [] : [`It calls itself ${printable(ended.hostname)}.`]),
    ...(ended.command === '' ? [] : [`By hand: ${ended.command}`]),
  ];
  output.result(lines.join('\n'), { test: ended });
  if (ended.state !== 'passed') context.exitWith(1);
}

async function untilEnded(begun: HostTest, progress: Progress, context: Context): Promise<HostTest> {
  let test = begun;
  const answered = new Set<string>();
  while (test.state === 'running') {
    progress.say(`${test.steps.find(({ state }) => state === 'running')?.name ?? 'begins'} …`);
    const { question } = test;
    if (question && !answered.has(question.id)) {
      answered.add(question.id);
      progress.end();
      await answer(test, question, context);
    }
    test = (await context.call('host.test_get', { testId: test.id, after: test.version, waitMs: WAIT_MS }))
      .test;
  }
  return test;
}

// Where nobody can be asked, nothing is trusted and nothing is typed: the test tells what was asked.
async function answer(
  { id: testId }: HostTest,
  question: NonNullable<HostTest['question']>,
  { call, ask, isInteractive, output, streams }: Context,
): Promise<void> {
  const prompt = questionPrompt(question);
  if (prompt === null) {
    streams.err.write('Touch your security key, at the machine where Farhand runs.\n');
    return;
  }
  const canAsk = isInteractive && !output.isJson;
  const line = canAsk ? await ask(prompt.text, prompt.isSecret) : null;
  const given = line === null ? null : prompt.answerOf(line);
  await call('host.test_answer', { testId, questionId: question.id, answer: given });
}

async function doctor(id: string, context: Context): Promise<void> {
  const { call, output } = context;
  const { report } = await withProgress(context, (progress) => {
    progress.say(`looks at ${id} …`);
    return call('host.doctor', { hostId: parseHost(id) });
  });
  output.result(reportText(report), { report });
  if (report.findings.some(({ state }) => state === 'bad')) context.exitWith(1);
}

function reportText({ findings }: HostReport): string {
  const rows = findings.flatMap(({ title, state, seen, todo }) => [
    [state, title, printable(seen)],
    ...(todo === null ? [] : [['', '', `→ ${printable(todo)}`]]),
  ]);
  return table([['STATE', 'WHAT', 'SEEN'], ...rows]);
}
