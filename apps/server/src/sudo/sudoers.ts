/** The text of a file for /etc/sudoers.d, and the command with which a person puts it in place (sudoers(5)). */
import type { SudoEntry } from '@farhand/shared/model/sudo';

/** The command of an entry, as `sudo -l` prints it: without arguments it has `""`, for in sudoers none means any. */
export function commandOf(path: string, args: readonly string[]): string {
  return [path, ...(args.length === 0 ? ['""'] : args)].join(' ');
}

/** Deterministic: the same entries give the same text. Empty for none. */
export function sudoersText(user: string, entries: readonly SudoEntry[]): string {
  if (entries.length === 0) return '';
  const lines = entries.flatMap(({ rule, runAs, command }) => [
    // A comment is of one line, and a name could hold another.
    `# ${rule.replaceAll(/[^\p{L}\p{N} .,:_-]/gu, ' ').slice(0, 80)}`,
    `${user} ALL=(${runAs}) NOPASSWD: ${escaped(command)}`,
  ]);
  return [
    '# Made by Farhand from policy.toml; make it anew there, and do not edit it here.',
    ...lines,
    '',
  ].join('\n');
}

const escaped = (command: string) => command.replaceAll(/[,:=\\]/g, (letter) => `\\${letter}`);

/** sudo passes over files with a dot in their name, so a user's is replaced. */
export function sudoersPath(user: string): string {
  return `/etc/sudoers.d/farhand-${user.replaceAll(/[^A-Za-z0-9_-]/g, '_')}`;
}

const END = 'END_OF_SUDOERS';

/**
 * Asks for the password on the terminal, checks the text on the host once more and puts it in place at once; an empty
 * text takes the file away. Nothing is read from a place that a job on the host could write to.
 */
export function applyCommand(path: string, text: string): string {
  if (text === '') return `sudo rm -f ${path}`;
  const steps = [
    'set -e',
    'umask 077',
    // With a dot, so that sudo does not read it before it is whole.
    't=$(mktemp /etc/sudoers.d/farhand.XXXXXX)',
    'trap "rm -f $t" EXIT',
    'cat >"$t"',
    'visudo -c -q -f "$t"',
    'chmod 0440 "$t"',
    `mv "$t" ${path}`,
  ];
  return `sudo sh -c '${steps.join('; ')}' <<'${END}'\n${text}${END}`;
}
