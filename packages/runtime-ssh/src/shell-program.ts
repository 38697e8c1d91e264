/**
 * What runs on the host in a kept shell, and the lines that feed it.
 *
 * A *keeper* (one channel, started once) keeps one *worker* ready: a `sh` in a session and process group of its own
 * that has printed `<ready> <pid>` and waits for two lines on the channel, `<nonce> <mode>` and the script. `read` takes a
 * byte at a time, so the bytes after them are the command's stdin, untouched. The worker runs the script and ends; the
 * keeper ends what is left of the group, prints `<nonce> <status>` on stdout and `<nonce>` on stderr, and starts the next
 * worker while nobody waits for it. Nothing of a command but its result reaches the keeper, so no script can break it.
 */
import { quote } from '@farhand/shared/runtime/quote';

/** What the command reads, and what ends it: `none` reads nothing, `input` the channel, `lasting` ends with the channel. */
export type RunMode = 'none' | 'input' | 'lasting';

const MODE_LETTERS: Readonly<Record<RunMode, string>> = { none: 'n', input: 'i', lasting: 'l' };

// Every program here goes through the person's login shell inside single quotes, which csh and fish read like sh as long
// as there is no quote, newline, backslash or exclamation mark in them.

const WORKER = [
  'eval "$3"',
  'echo "$2 $$"',
  'read -r n m && IFS= read -r l || exit 9',
  'echo "$n $$ $m" >&3',
  'exec 3>&-',
  // The script's newlines come as `"$1"`.
  'eval "farhand_script=$l"',
  'case $m in n) exec </dev/null;; l) exec 5<&0 </dev/null; (trap "" TERM; read -r m <&5; kill -TERM -$$; sleep 2; kill -KILL -$$) >/dev/null 2>&1 & exec 5<&-;; esac',
  'set --',
  'unset n m l',
  'eval "$farhand_script"',
].join('; ');

const KEEPER = [
  'exec <&7 7<&- 4>&1',
  'W=$FARHAND_WORKER a=$FARHAND_READY_1 b=$FARHAND_READY_2',
  'unset FARHAND_KEEPER FARHAND_WORKER FARHAND_READY_1 FARHAND_READY_2',
  'N=$(echo; echo x)',
  'N=${N%x}',
  // Our shell functions come as the first line: a command's words have no room for newlines and quotes.
  'set -- "$N"',
  'IFS= read -r L || exit 9',
  'eval "L=$L"',
  'cd',
  // Where there is no setsid (macOS), perl makes the group.
  'if command -v setsid >/dev/null 2>&1; then g() { exec setsid "$@"; }; elif command -v perl >/dev/null 2>&1; then g() { exec perl -e "setpgrp(0,0);exec(@ARGV)" "$@"; }; else echo "neither setsid nor perl is there" >&2; exit 9; fi',
  // A dead orphan that nobody collected still counts for `kill -0`, and in a container without an init it stays.
  'if ps -A -o pgid= -o stat= >/dev/null 2>&1; then alive() { ps -A -o pgid= -o stat= | { while read -r q t; do [ "$q" = "$1" ] && case $t in Z*) ;; *) exit 0;; esac; done; exit 1; }; }; else alive() { kill -0 -$1 2>/dev/null; }; fi',
  'echo "$a$b" >&2',
  [
    'while p=$(g sh -c "$W" sh "$N" "$a$b" "$L" 3>&1 >&4 4>&-); s=$?; [ "$p" ]; do set -- $p',
    // The group has members left: a background child, or what watched over a lasting command.
    'if [ $3 = l ]; then kill -KILL -$2 2>/dev/null; elif kill -TERM -$2 2>/dev/null; then i=0; while alive $2 && [ $i -lt 40 ]; do i=$((i+1)); sleep 0.05; done; kill -KILL -$2 2>/dev/null; fi',
    'echo "$1 $s"; echo "$1" >&2',
    // What is left of the input is not for the next worker.
    '[ $3 = n ] || exit 0',
    'done',
  ].join('; '),
].join('; ');

const LAUNCHER = [
  'FARHAND_KEEPER=$1 FARHAND_WORKER=$2 FARHAND_READY_1=$3 FARHAND_READY_2=$4',
  'export FARHAND_KEEPER FARHAND_WORKER FARHAND_READY_1 FARHAND_READY_2',
  // Start-up files read no command of ours.
  'exec 7<&0 </dev/null',
  // csh would close descriptor 7 and has no -l with -c.
  'case $6 in login) case $SHELL in */bash|*/zsh|*/ksh|*/mksh|*/dash|*/ash|*/sh|*/fish) exec "$SHELL" -l -c "$5";; esac;; esac',
  'exec sh -c "$5"',
].join('; ');

export interface KeeperCommand {
  /** For the exec request. */
  readonly command: string;
  /** Printed once on stderr by the keeper, and with its pid on stdout by each worker; what comes before is a start-up file's. */
  readonly ready: string;
}

/** The command that starts a keeper; with `login`, in the environment of a login shell. */
export function keeperCommand(nonce: string, login: boolean): KeeperCommand {
  // In two halves, so that a shell that prints what it runs does not print the marker.
  const half = nonce.length >> 1;
  const words = [
    KEEPER,
    WORKER,
    nonce.slice(0, half),
    nonce.slice(half),
    'exec sh -c "$FARHAND_KEEPER"',
    login ? 'login' : 'plain',
  ];
  return {
    command: `exec sh -c '${LAUNCHER}' sh ${words.map((word) => `'${word}'`).join(' ')}`,
    ready: nonce,
  };
}

/** The two lines that make a waiting worker run `script`. */
export function runLines(nonce: string, mode: RunMode, script: string): string {
  const whole = `unset farhand_script\n${script}`;
  return `${nonce} ${MODE_LETTERS[mode]}\n${inOneLine(whole)}\n`;
}

/** The first line for a keeper: the functions that every script finds defined. */
export function libraryLine(library: string): string {
  return `${inOneLine(library)}\n`;
}

// `eval` gives the text back where `$1` is a newline.
function inOneLine(text: string): string {
  return quote(text).replaceAll('\n', `'"$1"'`);
}
