import { spawn } from 'node:child_process';

/** Opens the system's browser, at best effort: the link is printed anyway. */
export function openBrowser(url: string): void {
  const [program, ...args] = opener();
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}

function opener(): [string, ...string[]] {
  if (process.platform === 'darwin') return ['open'];
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return ['xdg-open'];
}

/** The first line of what a program prints (ssh tells its version on stderr); null where there is no such program. */
export function versionOf(program: string, args: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(program, [...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    const collect = (chunk: Buffer) => (printed += chunk);
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', () => resolve(null));
    child.on('close', () => resolve(printed.split('\n')[0] ?? ''));
  });
}

/** Those that have something to end before the program may. */
const stopped: (() => void)[] = [];

/** Resolves at the first SIGINT, SIGTERM or SIGHUP, or when nobody reads on; the second signal ends the program at once. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    stopped.push(resolve);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        resolve();
        process.once(signal, () => process.exit(1));
      });
    }
  });
}

/** As a shell tells an end by SIGPIPE, which Node turns into an error. */
export const BROKEN_PIPE = 128 + 13;

/** Ends the program without a word where nobody reads what it prints, as by `| head`; what it runs is ended first. */
export function endWithItsReader(streams: readonly NodeJS.WriteStream[]): void {
  for (const stream of streams)
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') {
        process.stderr.write(`farhand: The output could not be written: ${error.message}\n`);
        process.exit(1);
      }
      if (stopped.length === 0) process.exit(BROKEN_PIPE);
      for (const stop of stopped) stop();
    });
}
