/** Coder by its own command, with the sign-in that it keeps. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type CoderSource, type ListedWorkspace, listedWorkspaces, plainLine } from './coder-source.ts';

export interface CoderCliOptions {
  /** As the system finds it, or a path. */
  readonly command: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const MOST_OUTPUT = 16 * 1024 * 1024;
const KEPT_LINES = 5;
/** Kept of stderr, to say why. */
const SIGNED_OUT = /not logged in|please login|coder login|session has expired|invalid token|401/i;
const UNREACHABLE =
  /dial tcp|no such host|connection refused|i\/o timeout|tls:|unable to reach|network is unreachable/i;

export function createCoderCli(options: CoderCliOptions): CoderSource {
  return {
    kind: 'cli',
    url: null,
    async list(signal) {
      const printed = await run(options, ['list', '-o', 'json'], { signal, onLine: () => {} });
      return read(printed);
    },
    async bring({ workspace, to, onLine, signal }) {
      await run(options, [to, '-y', workspace.name], { signal, onLine });
    },
  };
}

function read(printed: string): ListedWorkspace[] {
  try {
    // Nothing at all is printed where there are none, by some versions.
    return printed.trim() === '' ? [] : listedWorkspaces.parse(JSON.parse(printed) ?? []);
  } catch (cause) {
    throw new FarhandError('coder.failed', { message: 'The list of `coder list` could not be read.', cause });
  }
}

interface Watch {
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
}

function run(
  { command, environment }: CoderCliOptions,
  args: readonly string[],
  watch: Watch,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const { signal, onLine } = watch;
    const child = spawn(command, args, {
      env: { ...environment, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    });
    const said: string[] = [];
    const tell = (text: string) => {
      const line = plainLine(text);
      if (line === '') return;
      said.push(line);
      if (said.length > KEPT_LINES) said.shift();
      onLine(line);
    };
    const printed = collect(child, tell);
    child.on('error', (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'ENOENT'
          ? new FarhandError('coder.not_installed', { cause })
          : failure(args, [], cause),
      ),
    );
    child.on('close', (code) => (code === 0 ? resolve(printed()) : reject(failure(args, said))));
  });
}

function collect(child: ChildProcess, tell: (text: string) => void): () => string {
  let printed = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    if (printed.length < MOST_OUTPUT) printed += text;
  });
  if (child.stdout) createInterface({ input: child.stdout }).on('line', tell);
  if (child.stderr) createInterface({ input: child.stderr }).on('line', tell);
  return () => printed;
}

function failure(args: readonly string[], said: readonly string[], cause?: unknown): FarhandError {
  const words = said.join(' ');
  if (SIGNED_OUT.test(words)) return new FarhandError('coder.signed_out', { cause });
  if (UNREACHABLE.test(words))
    return new FarhandError('coder.unreachable', { message: `Coder does not answer: ${words}`, cause });
  const message = `\`coder ${args[0] ?? ''}\` failed${words === '' ? '.' : `: ${words}`}`;
  return new FarhandError('coder.failed', { message, cause });
}
