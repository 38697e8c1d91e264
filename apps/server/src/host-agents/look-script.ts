import type { CatalogueEntry } from './catalogue-entry.ts';
import { EXTEND_PATH } from './user-path.ts';

/** Of each program that is asked for its version. */
const VERSION_TIMEOUT_S = 5;
/** Bytes of each answer that are sent. */
const ANSWER_BYTES = 300;

/** Programs to find, and those among them to be asked for their version. All are plain words. */
export interface Wanted {
  readonly programs: readonly string[];
  readonly versions: readonly (readonly [string, ...string[]])[];
}

/** Everything about these agents that only the host knows. */
export function wantedOf(entries: readonly CatalogueEntry[], customPrograms: readonly string[]): Wanted {
  const programs = entries.flatMap(({ programs, needs, installs }) => [
    ...programs,
    ...needs,
    ...installs.map(({ by }) => by),
  ]);
  const versions = new Map(
    entries.flatMap(({ version }) => (version ? [[version.join(' '), version] as const] : [])),
  );
  return {
    programs: [...new Set([...programs, 'npm', ...customPrograms])],
    versions: [...versions.values()],
  };
}

/**
 * A script for `sh` that prints a line for each thing found, its fields separated by tabs: `path`, program, path;
 * `version`, program, what it said, on one line; `npm` and the folder of npm's global packages where it can be written.
 * Every version is asked for at the same time, without input, and its whole process group is ended when it is late.
 */
export function lookScript({ programs, versions }: Wanted): string {
  return [
    EXTEND_PATH,
    // An agent that is only asked for its version must not go and update itself.
    'NO_COLOR=1 CI=1 DISABLE_AUTOUPDATER=1 OPENCODE_DISABLE_AUTOUPDATE=1 NO_UPDATE_NOTIFIER=1; export NO_COLOR CI DISABLE_AUTOUPDATER OPENCODE_DISABLE_AUTOUPDATE NO_UPDATE_NOTIFIER',
    `for name in ${programs.join(' ')}; do`,
    '  found=$(command -v "$name" 2>/dev/null) || continue',
    '  case $found in /*) printf "path\\t%s\\t%s\\n" "$name" "$found" ;; esac',
    'done',
    'folder=$(mktemp -d) || exit 0',
    'trap \'rm -rf "$folder"\' EXIT',
    LIMITED,
    'ask() {',
    '  command -v "$1" >/dev/null 2>&1 || return 0',
    // One that writes without end must not fill the disk: some megabytes at most.
    '  { ulimit -f 4096; limited "$@" </dev/null >"$folder/$1.out" 2>&1 && mv "$folder/$1.out" "$folder/$1.version"; } &',
    '}',
    ...versions.map((argv) => `ask ${argv.join(' ')}`),
    '{ root=$(limited npm prefix -g </dev/null 2>/dev/null) && [ -w "$root/lib/node_modules" ] && : >"$folder/npm.writable"; } &',
    'wait',
    `for name in ${versions.map(([program]) => program).join(' ')}; do`,
    '  [ -f "$folder/$name.version" ] || continue',
    `  printf "version\\t%s\\t%s\\n" "$name" "$(head -c ${ANSWER_BYTES} "$folder/$name.version" | tr '\\000-\\037' ' ')"`,
    'done',
    '[ -f "$folder/npm.writable" ] && printf "npm\\n"',
    'exit 0',
    '',
  ].join('\n');
}

// `timeout` ends the program's group; where there is none, the program alone is ended.
const LIMITED = [
  `if timeout -s KILL ${VERSION_TIMEOUT_S} true 2>/dev/null; then`,
  `  limited() { timeout -s KILL ${VERSION_TIMEOUT_S} "$@"; }`,
  'else',
  '  limited() {',
  '    "$@" & asked=$!',
  `    { sleep ${VERSION_TIMEOUT_S}; kill -9 $asked; } >/dev/null 2>&1 & watch=$!`,
  '    wait $asked; ended=$?',
  '    kill $watch 2>/dev/null',
  '    return $ended',
  '  }',
  'fi',
].join('\n');
