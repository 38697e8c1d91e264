import { posix } from 'node:path';
import type {
  CreateTerminalRequest,
  CreateTerminalResponse,
  TerminalExitStatus,
  TerminalOutputResponse,
  WaitForTerminalExitResponse,
} from '@agentclientprotocol/sdk';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { JobId } from '@farhand/shared/model/ids';
import type { Exit } from '@farhand/shared/model/terminals';
import type { Command, Environment } from '@farhand/shared/runtime/port';
import { proposedText } from '../../../dry-run/session-dry-run.ts';
import { Interrupted, untilInterrupted } from '../../builtin/interrupted.ts';
import { oneLine } from '../updates/bounds.ts';
import { shellWord } from '../updates/call-command.ts';
import { shownPath } from '../updates/shown-path.ts';
import { badRequest, denied } from './errors.ts';
import { decide, digest, hostOf, type ServiceContext } from './service-context.ts';
import { readTerminalId, terminalId } from './terminal-id.ts';
import { tailOf } from './terminal-output.ts';

const MOST_COMMAND = 256 * 1024;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Terminals that one session may have open: each is a job with its output on the host. */
const MOST_TERMINALS = 64;
/** Variables that only say how output looks, with values that are no command: what was allowed covers them. */
const LOOKS =
  /^(?:TERM|COLORTERM|CI|NO_COLOR|FORCE_COLOR|CLICOLOR|COLUMNS|LINES)=[\w.:-]*$|^(?:GIT_|MAN)?PAGER=(?:cat)?$/;
/** What a shell reads as more than the name of a program. */
const SHELL_TEXT = /[\s|&;<>()$`"'*?[\]{}~#\\!=]/;

/** `terminal/*`: programs as jobs on the host. A terminal's id is its job's, so it is found again after a restart. */
export class HostTerminals {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  /** Asks by the policy, unless a tool call with this very command was just allowed. `key` as for `AcpServices`. */
  async create(params: CreateTerminalRequest, key: string | null): Promise<CreateTerminalResponse> {
    const context = this.#context;
    const { session } = context;
    const { directory, workspaceId } = session.place;
    const words = [params.command, ...(params.args ?? [])];
    check(words, params);
    const cwd = params.cwd ?? directory;
    const host = hostOf(context);
    const { hasBash } = await host.do((runtime) => runtime.facts());
    const set = (params.env ?? []).map(({ name, value }) => `${name}=${value}`);
    const { dryRun } = session;
    if (dryRun?.isOn()) {
      const command = shownCommand(set.length === 0 ? words : ['env', ...set, ...shellWords(words, hasBash)]);
      const call = { turnId: context.turnId(), key: `terminal ${key ?? digest(words, cwd)}` };
      throw denied('The command', proposedText(dryRun.command(call, command, cwd), 'The command'));
    }
    const isPlain = set.every((variable) => LOOKS.test(variable));
    if (!isPlain || !context.grants.takeCommand(words, cwd))
      await this.#ask(isPlain ? words : ['env', ...set, ...shellWords(words, hasBash)], cwd, key);
    const seed = key === null ? null : digest(context.turnId(), key, words, cwd);
    const id = terminalId(session.sessionId, seed, params.outputByteLimit ?? null);
    const spec = {
      id,
      command: commandOf(words, hasBash),
      cwd,
      env: { ...session.secrets.environment(), ...variablesOf(params) },
      mergeOutput: true,
      label: workspaceId,
    };
    await this.#makeRoom(id);
    this.#remember(id);
    await host.do(({ jobs }) => jobs.start(spec));
    return { terminalId: id };
  }

  async output(id: string): Promise<TerminalOutputResponse> {
    const { jobId, limitBytes } = this.#own(id);
    return await hostOf(this.#context).do(async (runtime) => {
      const { status, outBytes } = await runtime.jobs.get(jobId);
      const redactor = this.#context.session.secrets.redactor();
      const tail = await tailOf(runtime, { id: jobId, outBytes, limitBytes }, redactor);
      return { ...tail, exitStatus: status.state === 'ended' ? statusOf(status.exit) : null };
    });
  }

  async waitForExit(id: string): Promise<WaitForTerminalExitResponse> {
    const { jobId } = this.#own(id);
    const host = hostOf(this.#context);
    const { signal } = host;
    const exit = await host.do(async ({ jobs }) => {
      const { outBytes } = await jobs.get(jobId);
      return await jobs.attach(jobId, { after: { out: outBytes }, signal, onOutput: () => {} });
    });
    if (exit === 'detached') throw new Interrupted(signal.reason === 'close' ? 'close' : 'stop');
    return statusOf(exit);
  }

  /** Ends its program; what it wrote can still be read. */
  async kill(id: string): Promise<void> {
    const { jobId } = this.#own(id);
    await hostOf(this.#context).do(({ jobs }) => jobs.stop(jobId));
  }

  /** Ends its program and removes it. What it wrote stays in the transcript. Released already is no error. */
  async release(id: string): Promise<void> {
    const { jobId } = this.#own(id);
    const host = hostOf(this.#context);
    try {
      await host.do(({ jobs }) => jobs.stop(jobId));
    } catch (thrown) {
      if (!FarhandError.is(thrown, 'job.not_found')) throw thrown;
    }
    await untilInterrupted(host.signal, () => this.#context.mapper.terminalShown(jobId));
    await host.do(({ jobs }) => jobs.remove(jobId));
    this.#forget(jobId);
  }

  /** Ends every terminal of the session that still runs; for a host that is away, on its return. */
  async stopAll(): Promise<void> {
    const { stopJob } = this.#context.session.place;
    await Promise.all((await this.#running()).map((id) => stopJob(id)));
  }

  async #running(): Promise<JobId[]> {
    const { session } = this.#context;
    try {
      const jobs = await session.place.runtime.jobs.list(session.place.workspaceId);
      return jobs
        .filter(({ id, status }) => status.state === 'running' && readTerminalId(session.sessionId, id))
        .map(({ id }) => id);
    } catch {
      // The host is away: a stop of those that this server knows is kept for its return.
      return this.#context.place.terminals.map(({ jobId }) => jobId);
    }
  }

  // What has ended and was never released goes first; it is in the transcript.
  async #makeRoom(id: JobId): Promise<void> {
    const { place, session, mapper } = this.#context;
    const others = place.terminals.filter(({ jobId }) => jobId !== id);
    if (others.length < MOST_TERMINALS) return;
    const host = hostOf(this.#context);
    const jobs = await host.do((runtime) => runtime.jobs.list(session.place.workspaceId));
    const isRunning = (one: JobId) => jobs.some((job) => job.id === one && job.status.state === 'running');
    const ended = others.find(({ jobId }) => !isRunning(jobId));
    if (!ended) throw badRequest(`${MOST_TERMINALS} terminals are open already: release one first.`);
    await untilInterrupted(host.signal, () => mapper.terminalShown(ended.jobId));
    await host.do((runtime) => runtime.jobs.remove(ended.jobId));
    this.#forget(ended.jobId);
  }

  #remember(jobId: JobId): void {
    const { place, session } = this.#context;
    if (place.terminals.some((one) => one.jobId === jobId)) return;
    const { hostId, workspaceId } = session.place;
    place.setTerminals([...place.terminals, { jobId, hostId, workspaceId }]);
  }

  #forget(id: JobId): void {
    const { place } = this.#context;
    place.setTerminals(place.terminals.filter(({ jobId }) => jobId !== id));
  }

  async #ask(words: readonly string[], cwd: string, key: string | null): Promise<void> {
    const { session } = this.#context;
    const real = await hostOf(this.#context).do(({ files }) => files.realpath(cwd));
    const command = session.secrets.redactor().text(shownCommand(words));
    const decision = await decide(this.#context, {
      key: ['terminal', key ?? digest(words, cwd)],
      itemId: null,
      title: `Run ${oneLine(command)}`,
      cwd,
      subject: { kind: 'command', command },
      effect: 'execute',
      paths: [real],
      canEdit: false,
    });
    if (decision.kind === 'allowed') return;
    const reason = decision.kind === 'denied' ? decision.reason : null;
    throw denied(`The command in ${shownPath(session.place.directory, cwd)}`, reason);
  }

  #own(id: string): { jobId: JobId; limitBytes: number | null } {
    const own = readTerminalId(this.#context.session.sessionId, id);
    if (!own) throw badRequest('No such terminal.');
    return own;
  }
}

// Many agents give a whole line for a shell as the program; words are given as they are.
function commandOf(words: readonly string[], hasBash: boolean): Command {
  const [program = '', ...rest] = words;
  if (rest.length > 0 || !SHELL_TEXT.test(program)) return { argv: [program, ...rest] };
  return hasBash ? { argv: ['bash', '-c', program] } : { script: program };
}

/** The same as words alone: a line for a shell is given to one. */
function shellWords(words: readonly string[], hasBash: boolean): readonly string[] {
  const [program = ''] = words;
  return words.length === 1 && SHELL_TEXT.test(program) ? [hasBash ? 'bash' : 'sh', '-c', program] : words;
}

/** As a shell would take it. */
function shownCommand(words: readonly string[]): string {
  return words.length === 1 ? (words[0] ?? '') : words.map(shellWord).join(' ');
}

function check(words: readonly string[], { cwd, env }: CreateTerminalRequest): void {
  if (words[0]?.trim() === '') throw badRequest('The command is empty.');
  if (words.some((word) => word.includes('\0'))) throw badRequest('A command cannot hold a NUL character.');
  if (words.join(' ').length > MOST_COMMAND) throw badRequest('The command is too long.');
  if (cwd !== undefined && cwd !== null && (!posix.isAbsolute(cwd) || cwd.includes('\0')))
    throw badRequest('The folder must be absolute.');
  if (env?.some(({ name, value }) => !VARIABLE.test(name) || value.includes('\0')))
    throw badRequest('A variable’s name is made of letters, digits and underscores.');
}

function variablesOf({ env }: CreateTerminalRequest): Environment {
  return Object.fromEntries((env ?? []).map(({ name, value }) => [name, value]));
}

function statusOf(exit: Exit): TerminalExitStatus {
  if (exit.kind === 'exited') return { exitCode: exit.code, signal: null };
  // Gone without a status: for the agent it was killed.
  return { exitCode: null, signal: exit.kind === 'signaled' ? exit.signal : 'SIGKILL' };
}
