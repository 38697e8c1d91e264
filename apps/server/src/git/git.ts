/** The system's git on the server's machine: no prompts, no helpers of the repository, bounded output. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { gitFailure } from './errors.ts';

interface GitOptions {
  /** Added to the environment of this one run; never shown in an argument list. */
  readonly env?: Readonly<Record<string, string>>;
  /** A source that fails ends git's input there: git sees what it got so far, and the caller knows of the failure. */
  readonly stdin?: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** Default 30 s; above it git is ended and the run fails. */
  readonly timeoutMs?: number;
  /** Default 64 MiB of stdout. */
  readonly maxOutputBytes?: number;
  readonly signal?: AbortSignal;
}

interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Git in one folder. */
export interface Git {
  readonly directory: string;
  /** Runs to the end; a status other than 0 is a result. Throws `command.failed` where git cannot be run at all. */
  run(args: readonly string[], options?: GitOptions): Promise<GitResult>;
  /** The trimmed stdout; a status other than 0 throws `command.failed` with what git said. */
  text(args: readonly string[], options?: GitOptions): Promise<string>;
  /** Stdout as it comes; ends git when the reader stops early, and throws `command.failed` when git fails. */
  stream(args: readonly string[], options?: Omit<GitOptions, 'maxOutputBytes'>): AsyncIterable<Uint8Array>;
  /** The same git in a bare repository of ours, where the person's and the system's configuration do not apply. */
  bare(directory: string): Git;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_TIMEOUT_MS = 30_000;
/** Long enough for the pack of a large repository on a slow line. */
const STREAM_TIMEOUT_MS = 60 * 60_000;
const DEFAULT_MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
const MAX_STDERR_CHARS = 16 * 1024;

const SAFE_CONFIG = [
  'core.quotePath=false',
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'gc.auto=0',
  'maintenance.auto=false',
];

// A server started from inside a git hook must not work on the repository of that hook.
const REPOSITORY_VARIABLES = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_PREFIX',
  'GIT_NAMESPACE',
];

/** Git for a folder, with the environment of the server (for its PATH, HOME and ssh agent). */
export function createGit(directory: string, environment: Environment): Git {
  return openGit(directory, environment, {});
}

function openGit(directory: string, environment: Environment, fixed: Readonly<Record<string, string>>): Git {
  const open = (args: readonly string[], options: GitOptions, defaultTimeoutMs: number) => {
    const env = gitEnvironment(environment, { ...fixed, ...options.env });
    return start({ directory, args, env, options, defaultTimeoutMs });
  };
  const run: Git['run'] = async (args, options = {}) => {
    const child = open(args, options, DEFAULT_TIMEOUT_MS);
    return collect(child, { directory, args }, options.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES);
  };
  return {
    directory,
    run,
    async text(args, options) {
      const result = await run(args, options);
      if (result.code !== 0) throw gitFailure(args, result.stderr);
      return result.stdout.toString('utf8').trim();
    },
    stream: (args, options = {}) => chunks(() => open(args, options, STREAM_TIMEOUT_MS), { directory, args }),
    bare: (other) =>
      openGit(other, environment, {
        GIT_DIR: other,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
      }),
  };
}

function gitEnvironment(environment: Environment, added: Readonly<Record<string, string>> = {}): Environment {
  const cleared = Object.fromEntries(REPOSITORY_VARIABLES.map((name) => [name, undefined]));
  return {
    ...environment,
    ...cleared,
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    // A list of what is allowed also forbids ext:: and every other helper.
    GIT_ALLOW_PROTOCOL: 'https:http:ssh:git:file',
    ...added,
  };
}

interface Start {
  readonly directory: string;
  readonly args: readonly string[];
  readonly env: Environment;
  readonly options: GitOptions;
  readonly defaultTimeoutMs: number;
}

function start({ directory, args, env, options, defaultTimeoutMs }: Start): ChildProcessWithoutNullStreams {
  const config = SAFE_CONFIG.flatMap((setting) => ['-c', setting]);
  // Its own session: without a terminal, neither git nor an ssh below it can ask anything there.
  const child = spawn('git', [...config, ...args], { cwd: directory, env, detached: true });
  // Before all that could throw: without a free descriptor there are no streams, and its error must not go unheard.
  child.once('error', () => {});
  const end = () => endGroup(child);
  const timer = setTimeout(end, options.timeoutMs ?? defaultTimeoutMs);
  options.signal?.addEventListener('abort', end, { once: true });
  if (options.signal?.aborted) end();
  child.once('close', () => {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', end);
  });
  // Git may end without reading all of its input; its status tells why.
  child.stdin.on('error', () => {});
  const { stdin = '' } = options;
  if (typeof stdin === 'string' || stdin instanceof Uint8Array) child.stdin.end(stdin);
  else pipeline(Readable.from(stdin), child.stdin).catch(() => {});
  return child;
}

function endGroup(child: ChildProcessWithoutNullStreams): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGTERM');
  } catch {
    child.kill('SIGTERM');
  }
}

/** Which git it was, for its errors. */
interface Called {
  readonly directory: string;
  readonly args: readonly string[];
}

async function collect(
  child: ChildProcessWithoutNullStreams,
  { directory, args }: Called,
  limit: number,
): Promise<GitResult> {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  child.stdout.on('data', (piece: Buffer) => {
    sizeBytes += piece.byteLength;
    if (sizeBytes > limit) endGroup(child);
    else pieces.push(piece);
  });
  const { code, stderr } = await ended(child, directory);
  if (sizeBytes > limit)
    throw new FarhandError('command.output_too_large', { message: `git ${args[0]} printed too much.` });
  return { code, stdout: Buffer.concat(pieces), stderr };
}

// Started by the first reading: Node throws away the output of a child that ends before somebody reads it.
async function* chunks(
  begin: () => ChildProcessWithoutNullStreams,
  { directory, args }: Called,
): AsyncIterable<Uint8Array> {
  const child = begin();
  const end = ended(child, directory);
  // Seen here too, so that an early return below leaves no unhandled rejection.
  end.catch(() => {});
  try {
    for await (const piece of child.stdout) yield piece as Buffer;
    const { code, stderr } = await end;
    if (code !== 0) throw gitFailure(args, stderr);
  } finally {
    endGroup(child);
  }
}

function ended(
  child: ChildProcessWithoutNullStreams,
  directory: string,
): Promise<{ code: number; stderr: string }> {
  let stderr = '';
  child.stderr.on('data', (piece: Buffer) => {
    stderr = (stderr + piece.toString('utf8')).slice(-MAX_STDERR_CHARS);
  });
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(notStarted(directory, cause)));
    child.once('close', (code, signal) =>
      resolve({ code: code ?? 255, stderr: signal ? `${stderr}ended by ${signal}` : stderr }),
    );
  });
}

// The system says the same of a missing program and of a missing folder to run it in.
function notStarted(directory: string, cause: Error): FarhandError {
  if (!existsSync(directory))
    return new FarhandError('project.path_missing', {
      message: `The repository ${directory} is gone from the server’s machine.`,
      hint: 'Put it back there, or delete the project’s workspaces and add the project anew.',
      cause,
    });
  return new FarhandError('command.failed', {
    message: 'git could not be run on this machine.',
    hint: 'Install git here.',
    cause,
  });
}
