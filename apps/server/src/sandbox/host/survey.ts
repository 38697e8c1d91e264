import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Runtime } from '@farhand/shared/runtime/port';

/** What a host has for sandboxes; nothing of it is tried yet. */
export interface Survey {
  readonly system: string;
  readonly home: string;
  readonly realHome: string;
  readonly isRoot: boolean;
  /** Of bubblewrap, absolute; empty where there is none. */
  readonly program: string;
  readonly version: string | null;
  readonly isSetuid: boolean;
  /** True where it can keep programs from making namespaces of their own. */
  readonly canForbidNesting: boolean;
  /** What gives signals their own meaning again. */
  readonly reset: 'env' | 'perl' | null;
  /** The number of the system call `keyctl` where the login has a keyring, which a sandbox would share. */
  readonly keyctl: number | null;
  /** Whose systemd takes scopes. */
  readonly systemd: 'user' | 'system' | null;
  /** `ID` and `ID_LIKE` of os-release. */
  readonly distribution: string;
  readonly maxNamespaces: string;
  readonly usernsClone: string;
  readonly apparmor: string;
  readonly container: string;
}

const TIMEOUT_MS = 20_000;
const LARGEST_BYTES = 64 * 1024;

// One line each, as `name=value`; what is missing has no value. Nothing here is from a workspace.
const SCRIPT = `export LC_ALL=C
say() { printf '%s=%s\\n' "$1" "$2"; }
look() { value=; [ -r "$2" ] && read -r value <"$2"; say "$1" "$value"; }
say system "$(uname -s)"
say home "$HOME"
say real_home "$(readlink -f -- "$HOME")"
say uid "$(id -u)"
bwrap=$(command -v bwrap)
case $bwrap in /*) ;; *) bwrap= ;; esac
say program "$bwrap"
if [ -n "$bwrap" ]; then
  say version "$("$bwrap" --version 2>/dev/null)"
  [ -u "$bwrap" ] && say setuid yes
  case $("$bwrap" --help 2>&1) in *--disable-userns*) say nesting yes ;; esac
fi
if env --default-signal=TERM true 2>/dev/null; then say reset env
elif perl -e 1 2>/dev/null; then say reset perl
fi
grep -q ' keyring *_ses' /proc/keys 2>/dev/null && say machine "$(uname -m)"
if [ "$(id -u)" = 0 ]; then
  systemd-run --scope --quiet --collect -p TasksMax=100 true 2>/dev/null </dev/null && say systemd system
else
  systemd-run --user --scope --quiet --collect -p TasksMax=100 true 2>/dev/null </dev/null && say systemd user
fi
if [ -r /etc/os-release ]; then say distribution "$(. /etc/os-release; echo "$ID $ID_LIKE")"; fi
look max_namespaces /proc/sys/user/max_user_namespaces
look userns_clone /proc/sys/kernel/unprivileged_userns_clone
look apparmor /proc/sys/kernel/apparmor_restrict_unprivileged_userns
if [ -e /.dockerenv ] || [ -e /run/.containerenv ] || grep -qE 'docker|kubepods|containerd|lxc' /proc/1/cgroup 2>/dev/null; then
  say container yes
fi
exit 0
`;

/** By what `uname -m` says. */
const KEYCTL: ReadonlyMap<string, number> = new Map([
  ['x86_64', 250],
  ['aarch64', 219],
  ['riscv64', 219],
  ['loongarch64', 219],
  ['ppc64le', 271],
  ['s390x', 280],
]);

/** Asks the host. Throws `host.*`. */
export async function surveyHost(runtime: Runtime): Promise<Survey> {
  const { stdout } = await runtime.exec(
    { script: SCRIPT },
    { timeoutMs: TIMEOUT_MS, maxOutputBytes: LARGEST_BYTES },
  );
  return parseSurvey(new TextDecoder().decode(stdout));
}

/** Reads what the script printed. Throws `host.shell_unusable`. */
function parseSurvey(text: string): Survey {
  const answers = new Map(
    text.split('\n').map((line) => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1).slice(0, 4096)] as const;
    }),
  );
  const answer = (name: string) => answers.get(name) ?? '';
  const home = answer('home');
  if (answer('system') === '' || !home.startsWith('/'))
    throw new FarhandError('host.shell_unusable', { details: { answer: text.slice(0, 500) } });
  const reset = answer('reset');
  const systemd = answer('systemd');
  return {
    system: answer('system'),
    home,
    realHome: answer('real_home') || home,
    isRoot: answer('uid') === '0',
    program: answer('program'),
    version: /\d+(?:\.\d+)+/.exec(answer('version'))?.[0] ?? null,
    isSetuid: answer('setuid') === 'yes',
    canForbidNesting: answer('nesting') === 'yes' && answer('setuid') !== 'yes',
    reset: reset === 'env' || reset === 'perl' ? reset : null,
    keyctl: KEYCTL.get(answer('machine')) ?? null,
    systemd: systemd === 'user' || systemd === 'system' ? systemd : null,
    distribution: answer('distribution').trim(),
    maxNamespaces: answer('max_namespaces'),
    usernsClone: answer('userns_clone'),
    apparmor: answer('apparmor'),
    container: answer('container'),
  };
}
