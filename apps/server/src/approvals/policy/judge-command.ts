import { posix } from 'node:path';
import { judgeGit } from './git.ts';
import {
  type CommandPlace,
  isInside,
  isSensitive,
  isSensitiveTarget,
  isWholeFolder,
  staysInside,
} from './places.ts';
import { judgeReader } from './read-programs.ts';
import type { SimpleCommand, Word } from './shell-text.ts';
import { changes, leaves, named, reads, type Verdict, worst } from './verdict.ts';
import { FILE_PROGRAMS, isWorkInside, whyAsked } from './work-programs.ts';

/** What one simple command does in this place. */
export function judgeSimple(
  { words, redirections }: Pick<SimpleCommand, 'words' | 'redirections'>,
  place: CommandPlace,
): Verdict {
  const [first, ...rest] = words;
  if (!first || first.hasGlob) return leaves('it is a pattern that says what runs');
  const program = first.text;
  const judged = judgeProgram(program, rest, place);
  const verdicts = [judged, ...redirections.map((one) => judgeRedirection(one, place))];
  if (judged.effect !== 'outside') verdicts.push(...rest.map((word) => judgeArgument(word, judged, place)));
  if (FILE_PROGRAMS.has(program)) verdicts.push(judgeWhole(program, rest, place));
  return worst(verdicts);
}

/** Where the commands after this one run. */
export function placeAfter({ words }: SimpleCommand, place: CommandPlace): CommandPlace {
  const [program, target] = words;
  if (program?.text !== 'cd' || !target) return place;
  return { ...place, cwd: posix.resolve(place.cwd, target.text), hasMoved: true };
}

function judgeProgram(program: string, rest: readonly Word[], place: CommandPlace): Verdict {
  const args = rest.map(({ text }) => text);
  const shown = named(program);
  if (program === 'git') return worst([judgeGit(args), settingsOf(place)]);
  if (program === 'cd') return judgeChangeOfFolder(rest);
  // Its second file is written, and a pattern can become two.
  if (program === 'uniq' && rest.some(({ hasGlob }) => hasGlob))
    return leaves('a pattern says what `uniq` writes');
  const reader = judgeReader(program, args);
  if (reader) return reader;
  if (FILE_PROGRAMS.has(program) || isWorkInside(program, args) === true) return changes(shown);
  return leaves(whyAsked(program, shown, args));
}

// A folder of the repository can be a bare repository itself, and its settings name programs: git takes them from there.
function settingsOf({ cwd, directory, isSomewhere = false }: CommandPlace): Verdict {
  const isRoot = !isSomewhere && directory !== null && cwd === posix.resolve(directory);
  return isRoot ? reads : { effect: 'inside', because: '`git` runs what the settings of a folder below say' };
}

function judgeChangeOfFolder([target, ...more]: readonly Word[]): Verdict {
  const isPlain = target && more.length === 0 && !target.hasGlob && /^[^-].*/.test(target.text);
  return isPlain && !isSensitive(target.text) ? reads : leaves('it is not seen where `cd` leads');
}

function judgeArgument(word: Word, { effect }: Verdict, place: CommandPlace): Verdict {
  if (!staysInside(word, place)) return leaves(`${named(word.text)} is outside`);
  if (effect === 'inside' && isSensitiveTarget(word))
    return leaves(`${named(word.text)} can make programs run`);
  return reads;
}

// The workspace as a whole holds its own `.git`; a copy into it is seen by the names of what is copied.
function judgeWhole(program: string, rest: readonly Word[], place: CommandPlace): Verdict {
  const isCopy = (program === 'cp' || program === 'mv') && rest.length > 1 && rest.at(-1)?.text === '.';
  const looked = isCopy ? rest.slice(0, -1) : rest;
  const whole = looked.find(({ text }) => isWholeFolder(text, place));
  return whole ? leaves(`${named(program)} takes a whole folder with what is hidden in it`) : reads;
}

function judgeRedirection(
  { isOutput, target }: SimpleCommand['redirections'][number],
  place: CommandPlace,
): Verdict {
  if (!staysInside(target, place)) return leaves(`${named(target.text)} is outside`);
  if (!isOutput) return reads;
  if (isSensitiveTarget(target)) return leaves(`${named(target.text)} can make programs run`);
  return changes('a redirection');
}

/** The place in which a command begins; null where nothing is known of it, or where it is outside. */
export function firstPlace(directory: string | null, cwd: string | null): CommandPlace | null {
  if (directory === null) return null;
  const begin = cwd ?? directory;
  if (!begin.startsWith('/') || !isInside(directory, begin)) return null;
  const below = posix.relative(directory, begin);
  return isSensitive(below) ? null : { directory, cwd: posix.resolve(begin), hasMoved: false };
}
