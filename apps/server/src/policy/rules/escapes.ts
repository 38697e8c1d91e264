import { refusedOption } from '../../approvals/policy/options.ts';
import { judgeReader } from '../../approvals/policy/read-programs.ts';
import { FILE_PROGRAMS } from '../../approvals/policy/work-programs.ts';
import { isWrapper } from '../shell/wrappers.ts';
import { ANY_OPTION, ESCAPES, type Escapes, EVERYWHERE, PLAIN } from './escape-table.ts';

/** Programs for which every option can run something. */
const INTERPRETERS =
  /^(sh|bash|dash|zsh|ksh|fish|pwsh|python[\d.]*|pypy\d*|node|nodejs|deno|tsx|ts-node|zx|java|jshell|groovy|Rscript|julia|elixir|runghc|racket|guile|clojure|bb|perl|ruby|php|lua|tclsh|osascript|vim?|nvim|ex|ed|emacs|nano|gdb|lldb|expect|gawk|mawk|nawk|awk|sqlite3|mysql|nmap|openssl|at|crontab)$/;

/** True for a program that runs the file it is given: a rule has to say which, at least by `scripts/*.mjs`. */
export const runsFiles = (program: string): boolean => INTERPRETERS.test(program);

/** Our own: its options are the parameters of an operation, and what that runs is judged by itself. */
const ASKS_FOR_OPERATIONS = 'farhand-op';

/** A word that a star stands for, with its place in the command. */
interface Starred {
  readonly at: number;
  readonly text: string;
}

/** The words among those that a star stands for that let the command do more than its program says; null for none. */
export function escapeOf(words: readonly string[], starred: readonly number[]): string | null {
  const [program = '', second = ''] = words;
  if (program === ASKS_FOR_OPERATIONS) return null;
  const taken = starred.filter((at) => at > 0).map((at) => ({ at, text: words[at] ?? '' }));
  const own = rowOf(program) ?? {};
  const { mild = '', ...further } = rowOf(`${program} ${second}`) ?? {};
  const everywhere = { long: EVERYWHERE, ...(INTERPRETERS.test(program) ? { words: ANY_OPTION } : {}) };
  return (
    escapeBy(everywhere, taken.filter(isNotPlain(own)), 0) ??
    escapeBy(
      { ...own, short: [...(own.short ?? '')].filter((one) => !mild.includes(one)).join('') },
      taken,
      1,
    ) ??
    escapeBy(further, taken, 2)
  );
}

function isNotPlain({ plain = '' }: Escapes): (word: Starred) => boolean {
  const names = new Set(`${PLAIN} ${plain}`.trim().split(' '));
  return ({ text }) => !text.startsWith('--') || !names.has(text.slice(2).split('=')[0] ?? '');
}

const rowOf = (name: string): Escapes | undefined =>
  Object.hasOwn(ESCAPES, name) ? ESCAPES[name] : undefined;

function escapeBy(
  { short = '', long = '', isWhole = false, words, next }: Escapes,
  taken: readonly Starred[],
  nextAt: number,
): string | null {
  const texts = taken.map(({ text }) => text);
  // Some programs take long options with one dash too.
  const options = texts.map((text) => text.replace(/^-(?=[a-z-]{3,})/, '--').replace(/^-{3,}/, '--'));
  const names = long.split(' ').filter((name) => name !== '');
  const refusedLong = isWhole
    ? options.find((option) => names.some((name) => option.startsWith(`--${name}`)))
    : refusedOption(options, { long: names });
  return (
    refusedOption(texts, { short }) ??
    refusedLong ??
    texts.find((text) => words?.test(text)) ??
    taken.find(({ at, text }) => next !== undefined && at === nextAt && !next.split(' ').includes(text))
      ?.text ??
    null
  );
}

const OF_EVERY_PROGRAM = ['--help', '--version'];
/** By which many programs run what comes next, here or elsewhere. */
const RUNS_NEXT = /^(exec|shell|ssh|eval|runner|console|repl|tinker)$/;

/**
 * The first option among the words that a star stands for, of a program of which it is not known what its options do, or
 * the first word by which it may run others; null for none.
 */
export function unknownOption(words: readonly string[], starred: readonly number[]): string | null {
  const [program = ''] = words;
  const isKnown =
    program === ASKS_FOR_OPERATIONS ||
    rowOf(program) !== undefined ||
    INTERPRETERS.test(program) ||
    FILE_PROGRAMS.has(program) ||
    isWrapper(program) ||
    judgeReader(program, []) !== null;
  if (isKnown) return null;
  const texts = starred.filter((at) => at > 0).map((at) => words[at] ?? '');
  const isOption = (text: string) => /^[-+@]/.test(text) && !OF_EVERY_PROGRAM.includes(text);
  return texts.find((text) => isOption(text) || RUNS_NEXT.test(text)) ?? null;
}
