import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Run } from '@farhand/shared/model/runs';
import type { CallOutput } from '@farhand/shared/protocol/calls';
import { tellWhileAsking } from './asking.ts';
import type { Context } from './context.ts';
import { printable } from './terminal.ts';

const WAIT_MS = 30_000;
/** A server that restarts is back within this time. */
const SERVER_AWAY_MS = 60_000;
const RETRY_MS = 500;

type Got = CallOutput<'run.get'>;

/**
 * Shows a run while it goes on, and ends as it ended: what it prints as it comes, its exit status, 128 and the number of
 * the signal that ended it; 126 where it was not allowed, 125 where it could not be run. Ctrl-C ends the run itself.
 */
export async function watchRun(context: Context, started: Run): Promise<void> {
  const { call, output, untilStopped } = context;
  const { id: runId } = started;
  const progress = createProgress(context);
  let isCancelled = false;
  void untilStopped().then(() => {
    isCancelled = true;
    progress.tell('ending it …');
    return call('run.cancel', { runId }).catch((thrown: unknown) => {
      progress.note(`it could not be ended: ${FarhandError.from(thrown).message}`);
    });
  });
  const seen = { stdout: 0, stderr: 0 };
  const pieces: { out: Buffer[]; err: Buffer[] } = { out: [], err: [] };
  const take = (stream: 'out' | 'err', base64: string): number => {
    const bytes = Buffer.from(base64, 'base64');
    if (bytes.byteLength === 0) return 0;
    progress.clear();
    output.bytes(stream, bytes);
    if (output.isJson) pieces[stream].push(bytes);
    return bytes.byteLength;
  };
  let run = started;
  progress.about(run, isCancelled);
  let isTruncated = false;
  const follow = async () => {
    for (;;) {
      const got: Got = await whileServerIsAway(progress, () =>
        call('run.get', { runId, waitMs: WAIT_MS, after: { ...seen, state: run.state } }),
      );
      seen.stdout += take('out', got.output.stdout);
      seen.stderr += take('err', got.output.stderr);
      isTruncated = got.output.truncated;
      const isNews = got.run.state !== run.state;
      run = got.run;
      if (run.endedAt !== null) return;
      if (isNews) progress.about(run, isCancelled);
    }
  };
  await tellWhileAsking(context, run.hostId, follow());
  progress.clear();
  if (isTruncated) progress.note('the output was longer than 1 MiB; the rest is left out.');
  if (run.error && !output.isJson) {
    const { message, hint } = run.error;
    progress.note(printable(message));
    if (hint !== null) context.streams.err.write(`${printable(hint)}\n`);
  }
  if (output.isJson) {
    const [stdout, stderr] = [Buffer.concat(pieces.out), Buffer.concat(pieces.err)];
    const printed = { stdout: stdout.toString('base64'), stderr: stderr.toString('base64') };
    output.result('', { run, output: { ...printed, truncated: isTruncated } });
  }
  context.exitWith(statusOf(run));
}

async function whileServerIsAway<Result>(
  progress: ReturnType<typeof createProgress>,
  ask: () => Promise<Result>,
): Promise<Result> {
  let since: number | null = null;
  for (;;) {
    try {
      return await ask();
    } catch (thrown) {
      if (!FarhandError.is(thrown, 'server.not_running', 'server.unreachable')) throw thrown;
      since ??= Date.now();
      if (Date.now() - since > SERVER_AWAY_MS) throw thrown;
      progress.tell('the server is away; the command goes on without it …');
      await delay(RETRY_MS);
    }
  }
}

/** One line on a terminal that what comes next replaces; nothing of it in a pipe or with `--json`. Notes always show. */
function createProgress({ streams, isInteractive, output }: Context) {
  const isShown = isInteractive && !output.isJson;
  let isDrawn = false;
  const clear = () => {
    if (isDrawn) streams.err.write('\r\x1b[K');
    isDrawn = false;
  };
  const tell = (text: string) => {
    if (!isShown) return;
    clear();
    streams.err.write(text);
    isDrawn = true;
  };
  const note = (text: string) => {
    clear();
    streams.err.write(`farhand: ${text}\n`);
  };
  return {
    clear,
    tell,
    note,
    about({ state, approvalId, hostId }: Run, isCancelled: boolean) {
      if (state === 'asking') {
        const id = approvalId?.slice('apr_'.length, 'apr_'.length + 6) ?? '';
        // Also in a pipe: without it, it only seems to hang.
        note(`it has to be allowed first: in the page, or by \`farhand approvals allow ${id}\`.`);
      } else if (state === 'running' && !isCancelled) tell(`running on ${hostId} …`);
    },
  };
}

function statusOf({ state, exit }: Run): number {
  if (state === 'denied') return 126;
  if (exit?.kind === 'exited') return exit.code;
  const numbers: Readonly<Record<string, number>> = constants.signals;
  if (exit?.kind === 'signaled') return 128 + (numbers[exit.signal] ?? 0);
  return state === 'cancelled' ? 130 : 125;
}
