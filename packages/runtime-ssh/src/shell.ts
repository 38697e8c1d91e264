/** `HostShell` over kept shells. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ExecOutcome, ExecResult } from '@farhand/shared/runtime/port';
import type { HostShell, RunOptions } from '@farhand/shared/runtime/shell';
import type { ControlShell } from './shells/control-shell.ts';
import type { KeptShell } from './shells/kept-shell.ts';
import type { CommandOnHost, LostCommands } from './shells/lost-commands.ts';
import { OutputCollector } from './shells/output-collector.ts';
import type { ShellPool } from './shells/shell-pool.ts';
import type { RunMode } from './shells/shell-program.ts';
import { outcomeOf } from './shells/status.ts';

const KILL_AFTER_MS = 2_000;
/** A host that has not told the end of a command this long after it was told to end it is not waited for. */
const GIVE_UP_AFTER_MS = 15_000;
const STDIN_PIECE_BYTES = 256 * 1024;

export interface ShellDeps {
  readonly pool: ShellPool;
  readonly control: ControlShell;
  /** Told of commands that may run on where their connection was lost. */
  readonly lost?: LostCommands;
}

/** Runs scripts on the host. */
export function createShell(deps: ShellDeps): HostShell {
  return {
    run: async (script, options = {}) =>
      options.signal?.aborted ? cancelledBefore() : await runOne(deps, script, options),
  };
}

async function runOne(deps: ShellDeps, script: string, options: RunOptions): Promise<ExecResult> {
  const mode: RunMode = options.stdin !== undefined ? 'input' : options.lasting ? 'lasting' : 'none';
  let shell: KeptShell;
  try {
    shell = options.lasting
      ? await deps.pool.take(options.signal)
      : await deps.pool.acquire(options.lane, options.signal);
  } catch (error) {
    if (options.signal?.aborted) return cancelledBefore();
    throw error;
  }
  try {
    return await runOn(shell, { deps, script, mode, options });
  } finally {
    if (mode === 'none') deps.pool.release(shell);
    else shell.close();
  }
}

interface Run {
  readonly deps: ShellDeps;
  readonly script: string;
  readonly mode: RunMode;
  readonly options: RunOptions;
}

async function runOn(shell: KeptShell, { deps, script, mode, options }: Run): Promise<ExecResult> {
  const ending = new Ending(deps.control, shell);
  const tooMuch = (error: FarhandError) => ending.begin(error);
  const stdout = new OutputCollector(options.onStdout, options.maxOutputBytes, tooMuch);
  const stderr = new OutputCollector(options.onStderr, options.maxOutputBytes, tooMuch);
  const cancel = () => ending.begin('cancelled');
  const timer =
    options.timeoutMs === undefined ? null : setTimeout(() => ending.begin('timed_out'), options.timeoutMs);
  options.signal?.addEventListener('abort', cancel, { once: true });
  let started: CommandOnHost | null = null;
  try {
    const status = shell.run({
      script,
      mode,
      onStdout: (bytes) => stdout.push(bytes),
      onStderr: (bytes) => stderr.push(bytes),
      onStart: (pid, knownAtMs) => {
        started = { pid, knownAtMs };
        ending.started(pid);
      },
    });
    if (options.signal?.aborted) cancel();
    if (options.stdin !== undefined)
      sendAll(shell, options.stdin).catch((error: unknown) => ending.begin(FarhandError.from(error)));
    const outcome = await ending.outcome(status);
    return { outcome, stdout: stdout.bytes(), stderr: stderr.bytes() };
  } catch (error) {
    // What lasts ends with its channel; a command would run on for nobody.
    const isLost = FarhandError.is(error, 'host.connection_lost') && !options.lasting;
    if (isLost && started !== null) deps.lost?.add(started);
    throw error;
  } finally {
    if (timer !== null) clearTimeout(timer);
    options.signal?.removeEventListener('abort', cancel);
    ending.close();
  }
}

async function sendAll(shell: KeptShell, stdin: NonNullable<RunOptions['stdin']>): Promise<void> {
  if (stdin instanceof Uint8Array) {
    for (let at = 0; at < stdin.length; at += STDIN_PIECE_BYTES)
      await shell.send(stdin.subarray(at, at + STDIN_PIECE_BYTES));
  } else {
    for await (const piece of stdin) {
      if (shell.isClosed) return;
      await shell.send(piece);
    }
  }
  shell.end();
}

type EndReason = 'cancelled' | 'timed_out' | FarhandError;

/** Ends a command before its time: SIGTERM to its group, after two seconds SIGKILL, and the outcome when it is gone. */
class Ending {
  readonly #control: ControlShell;
  readonly #shell: KeptShell;
  #reason: EndReason | null = null;
  #pid: number | null = null;
  #isSignalled = false;
  #isDone = false;
  #timer: NodeJS.Timeout | null = null;
  #givingUp: NodeJS.Timeout | null = null;
  #hasGivenUp = false;

  constructor(control: ControlShell, shell: KeptShell) {
    this.#control = control;
    this.#shell = shell;
  }

  begin(reason: EndReason): void {
    // It has ended, and its number may be another's by now: what its input ends with late changes nothing.
    if (this.#isDone) return;
    this.#reason ??= reason;
    this.#signal();
    this.#givingUp ??= setTimeout(() => {
      this.#hasGivenUp = true;
      this.#shell.close();
    }, GIVE_UP_AFTER_MS);
  }

  started(pid: number): void {
    this.#pid = pid;
    if (this.#reason !== null) this.#signal();
  }

  async outcome(status: Promise<number>): Promise<ExecOutcome> {
    try {
      const code = await status;
      this.#isDone = true;
      if (this.#reason instanceof FarhandError) throw this.#reason;
      return this.#reason === null ? outcomeOf(code) : { kind: this.#reason };
    } catch (error) {
      if (this.#isDone) throw error;
      if (this.#hasGivenUp) throw this.#reason instanceof FarhandError ? this.#reason : unanswered();
      // With a lost connection the number may be another group's by the time there is a new one.
      if (FarhandError.is(error, 'host.connection_lost')) this.#isDone = true;
      // A reader that failed leaves a program that nobody listens to.
      else this.begin(FarhandError.from(error));
      throw error;
    }
  }

  close(): void {
    if (this.#isDone && this.#timer !== null) clearTimeout(this.#timer);
    if (this.#givingUp !== null) clearTimeout(this.#givingUp);
  }

  #signal(): void {
    if (this.#pid === null || this.#isSignalled) return;
    this.#isSignalled = true;
    const pid = this.#pid;
    void this.#send(pid, 'TERM');
    this.#timer = setTimeout(() => void this.#send(pid, 'KILL'), KILL_AFTER_MS);
  }

  async #send(pid: number, signal: 'TERM' | 'KILL'): Promise<void> {
    try {
      await this.#control.signalGroup(pid, signal);
    } catch {
      // With the connection gone the command fails by itself; with only the control shell gone, its channel is left.
      if (signal === 'KILL') this.#shell.close();
    }
  }
}

function unanswered(): FarhandError {
  return new FarhandError('host.shell_unusable', {
    message: 'The host does not tell that it ended a command.',
  });
}

function cancelledBefore(): ExecResult {
  return { outcome: { kind: 'cancelled' }, stdout: new Uint8Array(), stderr: new Uint8Array() };
}
