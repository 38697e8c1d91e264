/** The text that runs a command in a sandbox: a script for the host's `sh`. */
import type { SandboxLimits } from '@farhand/shared/model/sandbox';
import { exportLines } from '@farhand/shared/runtime/environment';
import { commandText } from '@farhand/shared/runtime/jobs/job-scripts';
import type { Command } from '@farhand/shared/runtime/port';
import { quote } from '@farhand/shared/runtime/quote';
import type { Survey } from '../host/survey.ts';
import type { Profile } from '../profiles/profile.ts';
import { LEADING_OUT, LOGIN_KEYS, OF_BUS } from './known-paths.ts';
import { leaveBehind } from './left-behind.ts';
import type { Place } from './places.ts';
import { carried, renameVariables } from './variables.ts';
import { carry, IDENTITY, lookAgain } from './within.ts';

export interface SandboxedCommand {
  readonly profile: Profile;
  readonly survey: Survey;
  readonly places: readonly Place[];
  /** Where the host keeps what is the workspace's own, absolute; null where there is none. */
  readonly ownFolder: string | null;
  readonly cwd: string;
  readonly command: Command;
  /** Names of what the caller gives in the environment: they count inside only. */
  readonly variables: readonly string[];
}

/** Where the command's text is inside. It is no argument, which anybody on the host could read. */
const COMMAND_FILE = '/.farhand-command';

/**
 * The text for `sh`. It ends as the command ends, 128 and the signal's number where that was killed. With 126 and one
 * line that begins with `farhand: sandbox:` where nothing was run.
 */
export function sandboxScript(sandboxed: SandboxedCommand): string {
  const { survey, profile, places, ownFolder } = sandboxed;
  // What is hidden is sealed last: of what lies in it, some may be shown.
  const sealed = places.filter(({ access }) => access === 'hidden');
  const rules = [...places, ...sealed.map(({ path }) => ({ path, access: 'sealed', isWithin: false }))]
    .map(({ path, access, isWithin }) => `${isWithin ? 'within-' : ''}${access} ${quote(path)}`)
    .join(' \\\n ');
  return `unset ${[...LEADING_OUT, ...LOGIN_KEYS].join(' ')}
farhand_refuse() { printf 'farhand: sandbox: %s\\n' "$1" >&2; exit 126; }
farhand_own=${ownFolder === null ? '' : quote(ownFolder)}
${ownFolders(sandboxed)}${IDENTITY}set -- ${rules}
${PLACES}
exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
export ${QUIET_PERL}=0
${leaveBehind(survey.keyctl)}${ignoredSignals(survey)}${exportLines(carried(profile.environment))}exec $farhand_without ${scope(profile.limits, survey)}${quote(survey.program)} ${options(sandboxed)} "$@" \\
 --ro-bind-data 9 ${COMMAND_FILE} --remount-ro / --chdir ${quote(sandboxed.cwd)} -- ${startProgram(survey)} ${COMMAND_FILE} 9<<'${endOf(sandboxed)}'
${insideText(sandboxed)}
${endOf(sandboxed)}
`;
}

/** Without it perl complains on each start of a locale that the host does not have. */
const QUIET_PERL = 'PERL_BADLANG';

/** What changes the whole machine where it can be written. */
const KERNEL_SWITCHES = ['sys', 'sysrq-trigger', 'irq', 'bus', 'acpi', 'scsi', 'fs', 'driver'].map(
  (name) => `/proc/${name}`,
);

// Each pair of words becomes the words that bubblewrap takes. What is not there is left out.
const PLACES = `farhand_left=$#
while [ $farhand_left -gt 0 ]; do
  farhand_access=$1 farhand_path=$2
  shift 2
  farhand_left=$((farhand_left - 2))
  case $farhand_access in
    within-*)
      # What a job writes may hold a link now, which would lead to what is to be hidden.
      farhand_access=\${farhand_access#within-} farhand_is=-
      if [ -L "$farhand_path" ] || [ -e "$farhand_path" ]; then
        farhand_is=$(farhand_identity "$farhand_path") || farhand_refuse "$farhand_path leads elsewhere by a link"
        [ "$farhand_access" != hidden ] || farhand_is=-
      fi
      ${carry('$farhand_is')}
      [ "$farhand_is" != - ] || [ "$farhand_access" = hidden ] || continue ;;
  esac
  case $farhand_access in
    read) [ -e "$farhand_path" ] && set -- "$@" --ro-bind-try "$farhand_path" "$farhand_path" ;;
    write) [ -e "$farhand_path" ] && set -- "$@" --bind-try "$farhand_path" "$farhand_path" ;;
    empty) set -- "$@" --tmpfs "$farhand_path" ;;
    own)
      set -- "$@" --bind "$farhand_own$farhand_path" "$farhand_path" ;;
    hidden)
      if [ -d "$farhand_path" ]; then set -- "$@" --tmpfs "$farhand_path"
      elif [ -e "$farhand_path" ]; then set -- "$@" --ro-bind /dev/null "$farhand_path"
      fi ;;
    sealed) [ -d "$farhand_path" ] && set -- "$@" --remount-ro "$farhand_path" ;;
  esac
done`;

// In one go: each program that is started takes longer than all the rest of this.
function ownFolders({ places, ownFolder }: SandboxedCommand): string {
  const paths = places
    .filter(({ access }) => access === 'own')
    .map(({ path }) => quote(`${ownFolder}${path}`));
  if (ownFolder === null || paths.length === 0) return '';
  return `{ ${paths.map((path) => `[ -d ${path} ]`).join(' && ')}; } || mkdir -m 0700 -p ${paths.join(' ')} ||
  farhand_refuse 'the folder for what is to last cannot be made'
`;
}

function options({ profile, survey }: SandboxedCommand): string {
  return [
    '--unshare-user --unshare-pid --unshare-ipc --unshare-uts --unshare-cgroup-try',
    ...(profile.network ? [] : ['--unshare-net']),
    ...(survey.canForbidNesting && !profile.nested ? ['--disable-userns'] : []),
    '--cap-drop ALL --die-with-parent --proc /proc --dev /dev',
    ...OF_BUS.map((name) => `--unsetenv ${name}`),
    // An account that is root owns these, and their kernel asks for no more than that.
    ...KERNEL_SWITCHES.map((path) => `--ro-bind-try ${path} ${path}`),
  ].join(' ');
}

// bubblewrap itself has to outlive what ends the program, so that the program may end in its own way.
function ignoredSignals({ reset }: Survey): string {
  return reset === null ? '' : `trap '' HUP INT QUIT TERM\n`;
}

function startProgram({ reset }: Survey): string {
  if (reset === 'env') return 'env --default-signal=HUP,INT,QUIT,TERM /bin/sh';
  if (reset === 'perl')
    return `perl -e '$SIG{$_} = "DEFAULT" for qw(HUP INT QUIT TERM); exec @ARGV; exit 127' /bin/sh`;
  return '/bin/sh';
}

function scope({ memoryBytes, processes, cpu }: SandboxLimits, { systemd }: Survey): string {
  if (systemd === null || (memoryBytes === null && processes === null && cpu === null)) return '';
  const properties = [
    ...(memoryBytes === null ? [] : [`MemoryMax=${memoryBytes}`, 'MemorySwapMax=0']),
    ...(processes === null ? [] : [`TasksMax=${processes}`]),
    ...(cpu === null ? [] : [`CPUQuota=${Math.max(1, Math.round(cpu * 100))}%`]),
  ];
  return `systemd-run ${systemd === 'user' ? '--user ' : ''}--scope --quiet --collect ${properties.map((one) => `-p ${one}`).join(' ')} -- `;
}

function insideText({ command, variables, profile, survey, places }: SandboxedCommand): string {
  const names = [...new Set([...Object.keys(profile.environment), ...variables])];
  return `unset ${QUIET_PERL}
${lookAgain(places)}${ulimits(profile.limits, survey)}${renameVariables(names)}${commandText(command)}`;
}

function ulimits({ memoryBytes, processes, cpuSeconds }: SandboxLimits, { systemd }: Survey): string {
  const limits: [string, number | null][] = [
    ['t', cpuSeconds],
    ['v', systemd === null && memoryBytes !== null ? Math.ceil(memoryBytes / 1024) : null],
    ['u', systemd === null ? processes : null],
  ];
  return limits
    .filter(([, value]) => value !== null)
    .map(([letter, value]) => `ulimit -${letter} ${value} || exit 126\n`)
    .join('');
}

// No line of the command may end it.
function endOf(sandboxed: SandboxedCommand): string {
  const lines = new Set(insideText(sandboxed).split('\n'));
  let end = 'END_OF_COMMAND';
  while (lines.has(end)) end += '_';
  return end;
}
