import { newId } from '@farhand/shared/model/ids';
import type { Exit } from '@farhand/shared/model/terminals';
import type { Command } from '@farhand/shared/runtime/port';
import { Interrupted } from '../../interrupted.ts';
import { cutMiddle, MiddleCut, plainText } from '../cut.ts';
import type { Tool, ToolContext, ToolResult } from '../tool.ts';
import { followJob } from './follow.ts';
import { BASH_DESCRIPTION, type BashInput, bashInput, DEFAULT_TIMEOUT_MS } from './schema.ts';
import { limitTime } from './time-limit.ts';
import { bashTitle, bashView, exitText } from './view.ts';

/** What the model reads of one output, in characters. */
const READ = { head: 20_000, tail: 10_000 };
/** Kept before escapes are taken out, which can be most of it. */
const KEPT = { head: 60_000, tail: 60_000 };
/** Programs that would page or ask have no terminal to do it on. */
const QUIET = { PAGER: 'cat', GIT_PAGER: 'cat', GIT_TERMINAL_PROMPT: '0' };

/** A command as a durable job: a restarted server finds it again by the id kept in its item. */
export const bash: Tool<BashInput> = {
  name: 'bash',
  description: BASH_DESCRIPTION,
  input: bashInput,
  effect: 'job',
  title: bashTitle,
  preview: bashView,
  async run(input, context) {
    const jobId = context.call.jobId ?? newId('job');
    if (context.call.jobId === null) context.call.setJob(jobId);
    const running = { jobId, input, context };
    try {
      await start(running);
      if (input.background) {
        context.onBackground?.({ jobId, itemId: context.call.itemId, title: bashTitle(input) });
        return { text: backgroundText(jobId) };
      }
      return await follow(running);
    } catch (thrown) {
      if (thrown instanceof Interrupted && thrown.reason === 'stop') return stopped(running);
      throw thrown;
    }
  },
};

interface Running {
  readonly jobId: ReturnType<typeof newId<'job'>>;
  readonly input: BashInput;
  readonly context: ToolContext;
}

async function start({ jobId, input, context }: Running): Promise<void> {
  const { host, directory, workspaceId, secrets, allowedBy } = context;
  const { hasBash } = await host.do((runtime) => runtime.facts());
  const command: Command = hasBash ? { argv: ['bash', '-c', input.command] } : { script: input.command };
  const env = { ...QUIET, ...secrets.environment() };
  await host.do(({ jobs }) =>
    jobs.start({
      id: jobId,
      command,
      cwd: directory,
      env,
      mergeOutput: true,
      label: workspaceId,
      ...(allowedBy && { allowedBy }),
    }),
  );
}

async function follow(running: Running): Promise<ToolResult> {
  const { jobId, input, context } = running;
  const { host, call, asides } = context;
  const kept = new MiddleCut(KEPT.head, KEPT.tail);
  let isTimedOut = false;
  const timeoutMs = input.timeout_ms ?? DEFAULT_TIMEOUT_MS;
  // Counted from the first start: a restart of the server gives no second helping.
  const lift = limitTime({ startedAtMs: call.startedAtMs, timeoutMs, asides }, () => {
    isTimedOut = true;
    // The end is seen by the one who follows; a stop that fails leaves the call waiting for it, or for a person.
    host.do(({ jobs }) => jobs.stop(jobId)).catch(() => {});
  });
  try {
    call.restartOutput();
    const exit = await followJob(context, jobId, (text) => {
      kept.push(text);
      call.output(text);
    });
    const end = isTimedOut
      ? `stopped after ${timeoutMs} ms, its time limit; ${exitText(exit)}`
      : exitText(exit);
    return ended(running, { exit, end, kept });
  } finally {
    lift();
  }
}

function ended(
  { jobId, input }: Running,
  { exit, end, kept }: { exit: Exit; end: string; kept: MiddleCut },
): ToolResult {
  const note = (omitted: number) =>
    `[… ${omitted} characters left out; read_output {"job":"${jobId}","offset":${READ.head}} reads on …]`;
  const output = cutMiddle(plainText(kept.text(note)), READ, note).trimEnd();
  const isGood = exit.kind === 'exited' && exit.code === 0;
  return {
    text: `${output || '(no output)'}\n[${end}]`,
    exit,
    view: bashView(input),
    state: isGood ? 'done' : 'failed',
  };
}

async function stopped({ jobId, input, context }: Running): Promise<ToolResult> {
  const end = await context.host.stopJob(jobId);
  const exit = end.state === 'done' ? end.exit : null;
  const text = exit
    ? `The user stopped this command: ${exitText(exit)}.`
    : end.state === 'missing'
      ? 'The user stopped this command before it began.'
      : 'The user stopped this command while the host is out of reach. The stop is kept: the command is ended when the host is back. Until then it may run on.';
  return { text, exit, view: bashView(input), state: 'stopped' };
}

function backgroundText(jobId: string): string {
  return `Runs in the background as job ${jobId}. read_output {"job":"${jobId}"} shows its output and whether it still runs; stop_job ends it.`;
}
