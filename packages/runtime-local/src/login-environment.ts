import { execFile } from 'node:child_process';
import { homedir, tmpdir, userInfo } from 'node:os';
import { newNonce } from '@farhand/shared/runtime/bytes';

const ASK_TIMEOUT_MS = 5000;
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

// Start-up files may print anything and take their time: what counts stands between marks.
function askPath(env: Record<string, string> & { SHELL: string; HOME: string }): Promise<string | null> {
  const mark = newNonce();
  return new Promise((resolve) => {
    const options = {
      env,
      cwd: env.HOME,
      timeout: ASK_TIMEOUT_MS,
      killSignal: 'SIGKILL' as const,
      maxBuffer: 1024 * 1024,
    };
    const child = execFile(
      env.SHELL,
      ['-l', '-c', `echo "${mark}$PATH${mark}"`],
      options,
      (_error, stdout) => {
        const path = stdout.split(mark)[1];
        resolve(path?.startsWith('/') ? path : null);
      },
    );
    child.stdin?.end();
  });
}
