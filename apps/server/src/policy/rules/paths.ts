import { posix } from 'node:path';
import type { ShellCommand } from '../shell/shell-commands.ts';
import { globMatcher } from './glob.ts';

/** Where commands run, as far as it is known: after a `cd` it can be one of several folders. */
export interface Cwds {
  readonly directory: string | null;
  readonly cwds: readonly string[];
}

/** Absolute paths that the arguments and redirections of a command may name; null stands for one that is not known. */
export function pathsOf(command: ShellCommand, fixed: readonly number[], { cwds }: Cwds): (string | null)[] {
  const words = [
    ...command.words.slice(1).filter((_word, index) => !fixed.includes(index + 1)),
    ...command.redirections.map(({ target }) => target),
  ];
  return words.flatMap((word) => {
    if (!word.isKnown) return [null];
    const { text, hasGlob } = word;
    // Behind a pattern `..` can lead anywhere.
    if (hasGlob && /(^|\/)\.\.(\/|$)/.test(text)) return [null];
    return pieces(text).flatMap((piece) =>
      cwds.length === 0 ? [null] : cwds.map((cwd) => posix.resolve(cwd, piece)),
    );
  });
}

// An option may hold a path: behind `=`, or right behind its letters.
function pieces(text: string): string[] {
  if (!text.startsWith('-')) return [text];
  const value = /^--?[\w-]+=(.*)$/s.exec(text)?.[1];
  if (value !== undefined) return [value];
  const attached = /^-[A-Za-z]+([./~].*)$/s.exec(text)?.[1];
  return attached === undefined ? [] : [attached];
}

/** Tells whether an absolute path lies where one of the patterns says; those that are not absolute begin at the workspace. */
export function placeMatcher(
  patterns: readonly string[],
  directory: string | null,
): (path: string) => boolean {
  const matchers = patterns.map((pattern) => {
    if (!pattern.startsWith('/') && directory === null) return () => false;
    const whole =
      pattern === '.'
        ? (directory ?? '')
        : posix.join(pattern.startsWith('/') ? '' : (directory ?? ''), pattern);
    return globMatcher(whole.replace(/(?<=.)\/$/, ''), true);
  });
  return (path) => matchers.some((matches) => matches(path));
}
