import { FarhandError } from '../errors/farhand-error.ts';
import type { JobId } from '../model/ids.ts';
import type { Exit } from '../model/terminals.ts';
import { folderError } from './cwd.ts';
import type { HubKind } from './jobs/hub/hub-script.ts';
import { StreamHub } from './jobs/hub/stream-hub.ts';
import * as scripts from './jobs/job-scripts.ts';
import { parseOffset, parseRecords, parseStatus, startError } from './jobs/replies.ts';
import type { AttachOptions, ExecResult, JobRecord, JobSpec, JobStream, Jobs } from './port.ts';
import type { HostFiles, HostShell, RunOptions } from './shell.ts';

const NOT_FOUND_STATUS = 4;
const START_TIMEOUT_MS = 30_000;
const DEFAULT_GRACE_MS = 2000;
const DEFAULT_READ_BYTES = 1024 * 1024;
const LARGEST_SIDE = 65_535;
const NEWLINE = 0x0a;
const SIGNAL = /^SIG([A-Z][A-Z0-9]{1,9})$/;

export interface JobsOptions {
  /** The program that carries live output; the best that the host has when absent. */
  readonly hub?: HubKind;
}

/** The port's jobs on a shell and its files: nothing else is needed of a host. */
export function createJobs(shell: HostShell, files: HostFiles, options: JobsOptions = {}): Jobs {
  return new ShellJobs(shell, files, options);
}

class ShellJobs implements Jobs {
  readonly #shell: HostShell;
  readonly #files: HostFiles;
  readonly #hub: StreamHub;
  #folder: Promise<string> | null = null;

  constructor(shell: HostShell, files: HostFiles, { hub }: JobsOptions) {
    this.#shell = shell;
    this.#files = files;
    this.#hub = new StreamHub(shell, hub);
  }

  async start(spec: JobSpec): Promise<void> {
    checkSpec(spec);
    const result = await this.#run(scripts.startScript(spec), { timeoutMs: START_TIMEOUT_MS });
    const answer = text(result.stdout).trim();
    if (answer === 'started' || answer === 'exists') return;
    throw startRefusal(spec, answer || text(result.stderr));
  }

  async attach(...[id, options]: Parameters<Jobs['attach']>): ReturnType<Jobs['attach']> {
    return options.start === undefined
      ? await this.#hub.attach(id, options)
      : await this.#startAndAttach(options.start, options);
  }

  // Both are sent at once: the hub waits for the job to be there.
  async #startAndAttach(spec: JobSpec, options: AttachOptions): Promise<Exit | 'detached'> {
    const notStarted = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, notStarted.signal]) : notStarted.signal;
    const starting = this.start(spec);
    const ending = this.#hub.attach(spec.id, { ...options, signal }, true);
    ending.catch(() => {});
    try {
      // Who detaches does not wait for the start.
      await Promise.race([
        starting,
        ending.then(
          () => {},
          () => starting,
        ),
      ]);
    } catch (error) {
      notStarted.abort();
      throw error;
    }
    starting.catch(() => {});
    return await ending;
  }

  async get(id: JobId): Promise<JobRecord> {
    const [record] = await this.#records({ id });
    if (record === undefined) throw notFound(id);
    return record;
  }

  list(label?: string): Promise<JobRecord[]> {
    return this.#records({ label });
  }

  async write(id: JobId, offset: number, bytes: Uint8Array): Promise<void> {
    this.#folder ??= this.#askFolder();
    const folder = `${await this.#folder}/${id}`;
    try {
      await this.#files.writeAt(`${folder}/in`, offset, bytes);
    } catch (error) {
      if (!FarhandError.is(error, 'file.not_found')) throw error;
      const isJob = await this.#files.stat(folder).then(
        () => true,
        () => false,
      );
      throw isJob ? new FarhandError('job.no_input', { details: { jobId: id } }) : notFound(id);
    }
  }

  async read(...[id, stream, offset, limit]: Parameters<Jobs['read']>): ReturnType<Jobs['read']> {
    const range = { offset: whole(offset), limit: whole(limit ?? DEFAULT_READ_BYTES) };
    const result = await this.#run(scripts.readScript(id, stream satisfies JobStream, range), {
      maxOutputBytes: range.limit + 64,
    });
    this.#expectJob(id, result);
    const end = result.stdout.indexOf(NEWLINE);
    const start = parseOffset(text(result.stdout.subarray(0, Math.max(0, end))));
    if (start === null) throw new FarhandError('host.shell_unusable', { details: { jobId: id } });
    return { offset: start, bytes: result.stdout.subarray(end + 1) };
  }

  async resize(id: JobId, rows: number, cols: number): Promise<void> {
    checkSize(rows, cols);
    this.#expectJob(id, await this.#run(scripts.resizeScript(id, rows, cols)));
  }

  async signal(id: JobId, signal: string): Promise<void> {
    const name = SIGNAL.exec(signal)?.[1];
    if (name === undefined)
      throw new FarhandError('request.invalid', { message: 'This is not the name of a signal.' });
    this.#expectJob(id, await this.#run(scripts.signalScript(id, name)));
  }

  async stop(id: JobId, { graceMs = DEFAULT_GRACE_MS }: { graceMs?: number } = {}): Promise<Exit> {
    const result = await this.#run(scripts.stopScript(id, graceMs));
    this.#expectJob(id, result);
    const status = parseStatus(text(result.stdout).trim());
    if (status.state === 'ended') return status.exit;
    throw new FarhandError('command.failed', {
      message: 'The job on the host does not end.',
      details: { jobId: id },
    });
  }

  async remove(id: JobId): Promise<void> {
    const { outcome } = await this.#run(scripts.removeScript(id));
    if (outcome.kind === 'exited' && outcome.code === 0) return;
    throw new FarhandError('file.failed', {
      message: 'The job’s folder on the host could not be removed.',
      details: { jobId: id },
    });
  }

  async #records(only: Parameters<typeof scripts.statusScript>[0]): Promise<JobRecord[]> {
    const result = await this.#run(scripts.statusScript(only));
    return parseRecords(text(result.stdout));
  }

  async #run(script: string, options?: RunOptions): Promise<ExecResult> {
    return await this.#shell.run(script, options);
  }

  #expectJob(id: JobId, { outcome }: ExecResult): void {
    if (outcome.kind === 'exited' && outcome.code === NOT_FOUND_STATUS) throw notFound(id);
  }

  async #askFolder(): Promise<string> {
    try {
      const { stdout } = await this.#run('printf "%s/.farhand/jobs" "$HOME"\n');
      return text(stdout);
    } catch (error) {
      this.#folder = null;
      throw error;
    }
  }
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function whole(value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new FarhandError('request.invalid', { message: 'An offset or a size is a whole number.' });
}

function checkSpec({ terminal, label }: JobSpec): void {
  if (terminal) checkSize(terminal.rows, terminal.cols);
  if (label?.includes('\n'))
    throw new FarhandError('request.invalid', { message: 'A job’s label is one line.' });
}

function startRefusal(spec: JobSpec, answer: string): FarhandError {
  return answer.startsWith('cwd ') ? folderError(answer.slice(4), spec.cwd) : startError(answer);
}

function checkSize(rows: number, cols: number): void {
  for (const side of [rows, cols]) {
    if (whole(side) < 1 || side > LARGEST_SIDE)
      throw new FarhandError('request.invalid', { message: 'A terminal cannot have this size.' });
  }
}

function notFound(jobId: JobId): FarhandError {
  return new FarhandError('job.not_found', { details: { jobId } });
}
