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

// Names of ours begin with `farhand_`: a person's own variables pass through these shells.

const WORKER = [
  'eval "$3"',
  'echo "$2 $$"',
  'read -r farhand_n farhand_m && IFS= read -r farhand_l || exit 9',
  'echo "$farhand_n $$ $farhand_m" >&3',
  'exec 3>&-',
  // The script's newlines come as `"$1"`.
  'eval "farhand_script=$farhand_l"',
  'case $farhand_m in n) exec </dev/null;; l) exec 5<&0 </dev/null; (trap "" TERM; read -r farhand_m <&5; kill -TERM -$$; sleep 2; kill -KILL -$$) >/dev/null 2>&1 & exec 5<&-;; esac',
  'set --',
  'unset farhand_n farhand_m farhand_l',
  'eval "$farhand_script"',
].join('; ');

const KEEPER = [
  'exec 4>&1',
  'farhand_w=$1 farhand_a=$2 farhand_b=$3',
  'farhand_n=$(echo; echo x)',
  'farhand_n=${farhand_n%x}',
  // Our shell functions come as the first line: a command's words have no room for newlines and quotes.
  'set -- "$farhand_n"',
  'IFS= read -r farhand_l || exit 9',
  // The command itself, for a shell that a start-up file has put in place of the one that had it.
  'case $farhand_l in exec*) IFS= read -r farhand_l || exit 9;; esac',
  'eval "farhand_l=$farhand_l"',
  'cd || cd /',
  // Where there is no setsid (macOS), perl makes the group.
  'if command -v setsid >/dev/null 2>&1; then g() { exec setsid "$@"; }; elif command -v perl >/dev/null 2>&1; then g() { exec perl -e "setpgrp(0,0);exec(@ARGV)" "$@"; }; else echo "neither setsid nor perl is there" >&2; exit 9; fi',
  // Then the environment of a login, or how to ask for it.
  'IFS= read -r farhand_e || exit 9',
  'eval "farhand_e=$farhand_e"',
  'eval "$farhand_e"',
  'unset farhand_e',
  // A dead orphan that nobody collected still counts for `kill -0`, and in a container without an init it stays.
  'if ps -A -o pgid= -o stat= >/dev/null 2>&1; then alive() { ps -A -o pgid= -o stat= | { while read -r q t; do [ "$q" = "$1" ] && case $t in Z*) ;; *) exit 0;; esac; done; exit 1; }; }; else alive() { kill -0 -$1 2>/dev/null; }; fi',
  'echo "$farhand_a$farhand_b" >&2',
  [
    'while farhand_p=$(g sh -c "$farhand_w" sh "$farhand_n" "$farhand_a$farhand_b" "$farhand_l" 3>&1 >&4 4>&-); farhand_s=$?; [ "$farhand_p" ]; do set -- $farhand_p',
    // The group has members left: a background child, or what watched over a lasting command.
    'if [ $3 = l ]; then kill -KILL -$2 2>/dev/null; elif kill -TERM -$2 2>/dev/null; then farhand_i=0; while alive $2 && [ $farhand_i -lt 40 ]; do farhand_i=$((farhand_i+1)); sleep 0.05; done; kill -KILL -$2 2>/dev/null; fi',
    'echo "$1 $farhand_s"; echo "$1" >&2',
    // What is left of the input is not for the next worker.
    '[ $3 = n ] || exit 0',
    'done',
  ].join('; '),
].join('; ');

export interface KeeperCommand {
  /** For the exec request. */
  readonly command: string;
  /** Printed once on stderr by the keeper, and with its pid on stdout by each worker; what comes before is a start-up file's. */
  readonly ready: string;
}

/** The command that starts a keeper. */
export function keeperCommand(nonce: string): KeeperCommand {
  // In two halves, so that a shell that prints what it runs does not print the marker.
  const half = nonce.length >> 1;
  const words = [KEEPER, 'sh', WORKER, nonce.slice(0, half), nonce.slice(half)];
  return { command: `exec sh -c ${words.map((word) => `'${word}'`).join(' ')}`, ready: nonce };
}

/** The two lines that make a waiting worker run `script`. */
export function runLines(nonce: string, mode: RunMode, script: string): string {
  const whole = `unset farhand_script\n${script}`;
  return `${nonce} ${MODE_LETTERS[mode]}\n${inOneLine(whole)}\n`;
}

/** What a keeper reads first: its own command, then the functions that every script finds defined. */
export function libraryLines(keeper: KeeperCommand, library: string): string {
  return `${keeper.command}\n${inOneLine(library)}\n`;
}

/** What a keeper reads then: text that it runs itself, before its first worker. */
export function environmentLine(text: string): string {
  return `${inOneLine(text)}\n`;
}

// `eval` gives the text back where `$1` is a newline.
function inOneLine(text: string): string {
  return quote(text).replaceAll('\n', `'"$1"'`);
}
