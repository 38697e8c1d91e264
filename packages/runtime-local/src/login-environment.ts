import { spawn } from 'node:child_process';
import { homedir, tmpdir, userInfo } from 'node:os';
import { newNonce } from '@farhand/shared/runtime/bytes';

/** The first way, then the second where that gave nothing. */
const INTERACTIVE_TIMEOUT_MS = 6000;
const PLAIN_TIMEOUT_MS = 3000;
const MAX_PRINTED = 1024 * 1024;
const FALLBACK_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
// What a login gives besides the names that are always set; all else of the server's own stays with the server.
const KEPT = ['LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TMPDIR', 'XDG_RUNTIME_DIR', 'DBUS_SESSION_BUS_ADDRESS'];

type Variables = Readonly<Record<string, string | undefined>>;

/** The environment of commands on this machine: that of a login, without anything else that the server was given. */
export async function loginEnvironment(home: string, given: Variables): Promise<Record<string, string>> {
  const { username, shell } = userInfo();
  const kept = KEPT.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]] as const]));
  const env = {
    ...Object.fromEntries(kept),
    HOME: home,
    USER: username,
    LOGNAME: username,
    SHELL: given['SHELL'] || shell || '/bin/sh',
    TMPDIR: given['TMPDIR'] || tmpdir(),
    PATH: given['PATH'] || FALLBACK_PATH,
  };
  return { ...env, PATH: (await askPath(env)) ?? env.PATH };
}

/** The home folder where none is given. */
export const defaultHome = homedir;

type Asker = Record<string, string> & { SHELL: string; HOME: string };

// Only an interactive login shell reads all that a terminal would: Debian's ~/.bashrc returns at its top for any other.
async function askPath(env: Asker): Promise<string | null> {
  if (/\/t?csh$/.test(env.SHELL)) return ask(env, ['-l'], INTERACTIVE_TIMEOUT_MS);
  return (
    (await ask(env, ['-l', '-i', '-c', PRINT_PATH], INTERACTIVE_TIMEOUT_MS)) ??
    (await ask(env, ['-l', '-c', PRINT_PATH], PLAIN_TIMEOUT_MS))
  );
}

// Every shell reads it alike; `sh` knows the path as programs have it, not as a list.
const PRINT_PATH = 'exec sh -c "$FARHAND_ASK"';

// Start-up files may print anything and take their time: what counts stands between marks. They may also leave
// programs behind that hold the output open, so the last mark is the end.
function ask(env: Asker, args: readonly string[], timeoutMs: number): Promise<string | null> {
  const mark = newNonce();
  return new Promise((resolve) => {
    const child = spawn(env.SHELL, args, {
      env: { ...env, FARHAND_ASK: `echo "${mark}\${PATH}${mark}"` },
      cwd: env.HOME,
      stdio: ['pipe', 'pipe', 'ignore'],
      // Away from our terminal, which an interactive shell would make its own.
      detached: true,
    });
    let printed = '';
    child.once('error', () => resolve(null));
    // Without a free descriptor, whatever its type says.
    if ((child.stdout as typeof child.stdout | undefined) === undefined) return;
    const end = () => {
      clearTimeout(timer);
      child.stdout.destroy();
      const path = printed.split(mark)[1];
      resolve(path?.startsWith('/') ? path : null);
    };
    const timer = setTimeout(() => {
      endNow(child.pid);
      end();
    }, timeoutMs);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (printed.split(mark).length > 2 || printed.length > MAX_PRINTED) end();
    });
    child.once('close', end);
    child.once('error', () => clearTimeout(timer));
    child.stdin.on('error', () => {});
    // Also what it reads: for csh, and for a shell that start-up files put in its place.
    child.stdin.end(`${PRINT_PATH}\n`);
  });
}

function endNow(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
