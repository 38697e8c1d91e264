import type { ShellWord } from '../shell/shell-commands.ts';
import { globMatcher } from './glob.ts';

/** One word of a pattern; `many` is any number of words, none too. */
export interface PatternWord {
  readonly text: string;
  readonly kind: 'fixed' | 'glob' | 'many';
  matches(text: string): boolean;
}

/** A pattern for the words of a command, or for one thing of another kind. */
export interface Pattern {
  readonly words: readonly PatternWord[];
  /** What stands in brackets before it: `edit`, `fetch`; null for commands. */
  readonly kind: string | null;
  readonly problem: string | null;
}

const KINDS = ['edit', 'read', 'fetch', 'tool'];

/** Reads `git push *`, `'two words' x`, `[edit] src/**`. A `*` that stands alone at the end is any words, as `**` is. */
export function parsePattern(source: string): Pattern {
  const subject = /^\[([a-z]+)\] (.+)$/.exec(source);
  if (subject) {
    const [, kind = '', text = ''] = subject;
    const problem = KINDS.includes(kind)
      ? null
      : `Only ${KINDS.map((one) => `[${one}]`).join(', ')} are known.`;
    return { words: [wordOf(text, true)], kind, problem };
  }
  const words: PatternWord[] = [];
  let problem: string | null = null;
  for (const [, single, double, bare = ''] of source.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)) {
    const quoted = single ?? double;
    if (quoted === undefined && /['"`$;|&<>()\\]/.test(bare))
      problem = 'It is a pattern for the words of one command: quote words that have such letters.';
    words.push(quoted === undefined ? wordOf(bare, false) : fixed(quoted));
  }
  const last = words.at(-1);
  if (words.length > 1 && last?.text === '*' && last.kind === 'glob') words[words.length - 1] = many();
  if (words.length === 0) problem = 'It is empty.';
  if (/[\p{C}]/u.test(source)) problem = 'It has letters that are not seen.';
  return { words, kind: null, problem };
}

const fixed = (text: string): PatternWord => ({ text, kind: 'fixed', matches: (other) => other === text });
const many = (): PatternWord => ({ text: '**', kind: 'many', matches: () => true });

function wordOf(text: string, isPath: boolean): PatternWord {
  if (text === '**' && !isPath) return many();
  if (!/\*/.test(text)) return fixed(text);
  return { text, kind: 'glob', matches: globMatcher(text, isPath) };
}

/** `sure`: whatever the run makes of words that are not known. `maybe`: only for some of it. */
export type Match = 'sure' | 'maybe' | 'no';

/** How the words of a command meet a pattern, and which words its stars stand for. */
export interface Met {
  readonly match: Match;
  /** Places, in the command, of words that a star stands for. */
  readonly starred: readonly number[];
}

const NO: Met = { match: 'no', starred: [] };

/** Matches `words` from its first one, the program, which is compared by `isProgram`. */
export function meet(
  pattern: readonly PatternWord[],
  words: readonly ShellWord[],
  isProgram: (pattern: PatternWord, word: ShellWord) => Match,
): Met {
  const [first, ...restOfPattern] = pattern;
  const [program, ...rest] = words;
  if (!first || !program) return NO;
  const known = first.kind === 'many' ? 'sure' : isProgram(first, program);
  if (known === 'no') return NO;
  const met = meetRest(first.kind === 'many' ? [first, ...restOfPattern] : restOfPattern, rest, {
    at: 1,
    seen: new Map(),
  });
  const match = met.match === 'sure' ? known : met.match;
  const isStarred = first.kind !== 'fixed';
  return { match, starred: isStarred ? [0, ...met.starred] : met.starred };
}

interface Where {
  /** Of the first word, in the command. */
  readonly at: number;
  /** What was found of the rest of a pattern and the rest of the words: many stars would ask again and again. */
  readonly seen: Map<string, Met>;
}

function meetRest(pattern: readonly PatternWord[], words: readonly ShellWord[], where: Where): Met {
  const key = `${pattern.length} ${words.length}`;
  const known = where.seen.get(key);
  if (known) return known;
  const met = meetNow(pattern, words, where);
  where.seen.set(key, met);
  return met;
}

function meetNow(pattern: readonly PatternWord[], words: readonly ShellWord[], where: Where): Met {
  const { at, seen } = where;
  const [first, ...rest] = pattern;
  const [word, ...others] = words;
  if (!first) return word === undefined ? { match: 'sure', starred: [] } : onlyUnknown(words);
  if (first.kind === 'many') return meetMany(rest, words, where);
  if (!word) return NO;
  if (!word.isKnown || word.hasGlob) {
    // It can be any number of words: then the rest can be anything.
    return { match: 'maybe', starred: words.map((_word, index) => at + index) };
  }
  if (!first.matches(word.text)) return NO;
  const met = meetRest(rest, others, { at: at + 1, seen });
  return first.kind === 'fixed' ? met : { ...met, starred: [at, ...met.starred] };
}

function meetMany(rest: readonly PatternWord[], words: readonly ShellWord[], { at, seen }: Where): Met {
  const all = words.map((_word, index) => at + index);
  if (rest.length === 0) return { match: 'sure', starred: all };
  let best: Met = NO;
  for (let skipped = 0; skipped <= words.length; skipped += 1) {
    const met = meetRest(rest, words.slice(skipped), { at: at + skipped, seen });
    const found = { ...met, starred: [...all.slice(0, skipped), ...met.starred] };
    if (met.match === 'sure') return found;
    if (met.match === 'maybe') best = found;
  }
  return best;
}

function onlyUnknown(words: readonly ShellWord[]): Met {
  return words.every(({ isKnown }) => !isKnown) ? { match: 'maybe', starred: [] } : NO;
}
