import { BUILTIN_AGENT } from '@farhand/shared/model/agents';
import type { Session } from '@farhand/shared/model/sessions';
import type { Command } from 'commander';
import type { Context, ContextOf } from '../context.ts';
import { findSession } from '../find-session.ts';
import { findWorkspace } from '../find-workspace.ts';
import { withProgress } from '../progress.ts';
import { printable, table } from '../terminal.ts';
import { createTranscriptPrinter } from '../transcript-lines.ts';

interface StartOptions {
  readonly agent: string;
  readonly model?: string;
  readonly watch?: boolean;
}

/** One look at a session waits so long for news. */
const LOOK_MS = 20_000;
const EVENTS_AT_ONCE = 500;

/** The exit status of a turn that did not end well. */
const STATUS_OF_TURN = { working: 0, done: 0, failed: 1, stopped: 130 } as const;

/** `farhand session list|start|prompt|watch|stop`. */
export function addSession(program: Command, contextOf: ContextOf): void {
  const session = program.command('session').description('start, watch and stop agents’ sessions');
  session
    .command('list')
    .description('list all sessions')
    .action((_options: unknown, command: Command) => list(contextOf(command)));
  session
    .command('start <workspace> [text...]')
    .description('start a session in a workspace, with a first message if one is given')
    .option('--agent <agent>', 'the coding agent', BUILTIN_AGENT)
    .option('--model <model>', 'as provider/model; without it the default')
    .option('--watch', 'print what happens until the turn ends')
    .action((wanted: string, words: string[], options: StartOptions, command: Command) =>
      start(wanted, words.join(' '), options, contextOf(command)),
    );
  session
    .command('prompt <session> <text...>')
    .description('send a message; the beginning of the session’s id is enough')
    .option('--watch', 'print what happens until the turn ends')
    .action((wanted: string, words: string[], options: StartOptions, command: Command) =>
      prompt(wanted, words.join(' '), options, contextOf(command)),
    );
  session
    .command('watch <session>')
    .description('print the transcript as it grows, until the turn ends; fails where the turn failed')
    .action(async (wanted: string, _options: unknown, command: Command) => {
      const context = contextOf(command);
      await watch(await findSession(context.call, wanted), 0, context);
    });
  session
    .command('stop <session>')
    .description('end its turn, and what that runs on the host')
    .action((wanted: string, _options: unknown, command: Command) => stop(wanted, contextOf(command)));
}

async function list({ call, output }: Context): Promise<void> {
  const [{ sessions }, { workspaces }] = await Promise.all([
    call('session.list', {}),
    call('workspace.list', {}),
  ]);
  const names = new Map<string, string>(workspaces.map(({ id, name }) => [id, name]));
  const rows = sessions.map(({ id, workspaceId, agent, state, title }) => [
    id,
    printable(names.get(workspaceId) ?? workspaceId),
    agent,
    state,
    printable(title),
  ]);
  const head = ['ID', 'WORKSPACE', 'AGENT', 'STATE', 'TITLE'];
  output.result(rows.length === 0 ? 'No sessions.' : table([head, ...rows]), { sessions });
}

async function start(wanted: string, text: string, options: StartOptions, context: Context): Promise<void> {
  const { call, output } = context;
  const { id } = await findWorkspace(call, wanted);
  const { agent, model = null } = options;
  const { session } = await call('session.create', { workspaceId: id, agent, model });
  if (text !== '') await call('session.prompt', { sessionId: session.id, text });
  if (options.watch && text !== '') await watch(session, 0, context);
  else output.result(session.id, { session });
}

async function prompt(wanted: string, text: string, options: StartOptions, context: Context): Promise<void> {
  const { call, output } = context;
  const session = await findSession(call, wanted);
  await call('session.prompt', { sessionId: session.id, text });
  if (options.watch) await watch(session, session.lastSeq, context);
  else output.result(`Sent to ${printable(session.title)}.`, { sessionId: session.id });
}

async function stop(wanted: string, { call, output }: Context): Promise<void> {
  const { id, title } = await findSession(call, wanted);
  await call('session.stop', { sessionId: id });
  output.result(`Stopped ${printable(title)}.`, { sessionId: id });
}

async function watch({ id }: Session, from: number, context: Context): Promise<void> {
  const { call, output, streams, exitWith } = context;
  const printer = createTranscriptPrinter();
  let after = from;
  let isOver = false;
  await withProgress(context, async (progress) => {
    while (!isOver) {
      const { events, session } = await call('session.events', {
        sessionId: id,
        after,
        limit: EVENTS_AT_ONCE,
        waitMs: LOOK_MS,
      });
      after = events.at(-1)?.seq ?? after;
      const text = printer.add(events);
      progress.end();
      if (!output.isJson && text !== '') streams.out.write(text);
      // All that was stored is printed, and nothing is under way that could add to it.
      isOver = events.length < EVENTS_AT_ONCE && !isAtWork(session) && session.lastSeq <= after;
      if (!isOver && text.endsWith('\n'))
        progress.say(session.state === 'blocked' ? 'waits for an answer' : session.state);
    }
  });
  const { turn, session } = await call('session.turn', { sessionId: id });
  if (!output.isJson) streams.out.write('\n');
  else output.result('', { session, turn });
  exitWith(turn === null ? 0 : STATUS_OF_TURN[turn.state]);
}

const isAtWork = ({ state }: Session) =>
  state === 'working' || state === 'blocked' || state === 'contact_lost';
