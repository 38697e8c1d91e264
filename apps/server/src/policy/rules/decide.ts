import type { ListedPolicyRule } from '@farhand/shared/model/policy';
import { judgeReader } from '../../approvals/policy/read-programs.ts';
import type { ShellCommand } from '../shell/shell-commands.ts';
import { programName, unwrap } from '../shell/wrappers.ts';
import { escapeOf, runsFiles, unknownOption } from './escapes.ts';
import { globMatcher } from './glob.ts';
import { type Cwds, pathsOf, placeMatcher } from './paths.ts';
import { type Match, meet, type Pattern, type PatternWord } from './pattern.ts';

/** A rule with its patterns read. */
export interface ReadyRule extends ListedPolicyRule {
  readonly patterns: readonly Pattern[];
}

/** Who does it, and on which machine. */
export interface Circumstances {
  /** The machine's name and its labels; null where it is not known. */
  readonly hosts: readonly string[] | null;
  readonly user: string | null;
  readonly agent: string;
}

/** What the rules say of one thing. `isSure` is false where a rule may match, depending on what only the run tells. */
export interface Decision {
  readonly effect: 'allow' | 'ask' | 'deny';
  readonly rule: ReadyRule;
  readonly isSure: boolean;
  /** The rule names the programs that this one runs, and so answers for those too. */
  readonly namesInner: boolean;
}

interface Found {
  readonly match: Match;
  readonly namesInner: boolean;
}

const NO: Found = { match: 'no', namesInner: false };

/** Deny beats ask beats allow; a rule that may deny asks. Null where no rule says anything. */
export function decideCommand(
  rules: readonly ReadyRule[],
  command: ShellCommand,
  cwds: Cwds,
  circumstances: Circumstances,
): Decision | null {
  return strongest(rules, (rule) => {
    const around = applies(rule, cwds, circumstances);
    if (around === 'no') return NO;
    const found = matchCommand(rule, command, cwds);
    return found.match === 'sure' ? { ...found, match: around } : found;
  });
}

/** The same for what is no command; `texts` are the things it names, each in all its forms, of which all are to be allowed. */
export function decideOther(
  rules: readonly ReadyRule[],
  { kind, texts }: { readonly kind: string; readonly texts: readonly (readonly string[])[] },
  cwds: Cwds,
  circumstances: Circumstances,
): Decision | null {
  return strongest(rules, (rule) => {
    const around = applies(rule, cwds, circumstances);
    const words = rule.patterns
      .filter((pattern) => pattern.kind === kind)
      .flatMap((pattern) => pattern.words);
    const isMet = (forms: readonly string[]) =>
      forms.some((text) => words.some((word) => word.matches(text)));
    const matches = rule.effect === 'allow' ? texts.length > 0 && texts.every(isMet) : texts.some(isMet);
    return { match: matches ? around : 'no', namesInner: false };
  });
}

function strongest(rules: readonly ReadyRule[], find: (rule: ReadyRule) => Found): Decision | null {
  const found = rules.map((rule) => ({ rule, ...find(rule) })).filter(({ match }) => match !== 'no');
  const of = (effect: Decision['effect'], match: Match | null) =>
    found.find((one) => one.rule.effect === effect && (match === null || one.match === match));
  const decided =
    of('deny', 'sure') ??
    of('deny', 'maybe') ??
    of('ask', 'sure') ??
    of('ask', 'maybe') ??
    found.find(({ rule, match, namesInner }) => rule.effect === 'allow' && match === 'sure' && namesInner) ??
    of('allow', 'sure');
  if (!decided) return null;
  const { rule, match, namesInner } = decided;
  const isSure = match === 'sure';
  return { effect: rule.effect === 'deny' && !isSure ? 'ask' : rule.effect, rule, isSure, namesInner };
}

/** Whether a rule counts here at all. */
export function applies(
  { cwd, host, user, agent }: ReadyRule,
  { cwds, directory }: Cwds,
  circumstances: Circumstances,
): Match {
  const any = (patterns: readonly string[], texts: readonly string[]) =>
    patterns.length === 0 || patterns.some((pattern) => texts.some(globMatcher(pattern, false)));
  const { hosts, user: as } = circumstances;
  if (!any(agent, [circumstances.agent])) return 'no';
  if ((hosts !== null && !any(host, hosts)) || (as !== null && !any(user, [as]))) return 'no';
  const isKnown = (host.length === 0 || hosts !== null) && (user.length === 0 || as !== null);
  if (cwd.length === 0) return isKnown ? 'sure' : 'maybe';
  const lies = placeMatcher(cwd, directory);
  if (cwds.length > 0 && !cwds.some(lies)) return 'no';
  return isKnown && cwds.length > 0 && cwds.every(lies) ? 'sure' : 'maybe';
}

function matchCommand(rule: ReadyRule, command: ShellCommand, cwds: Cwds): Found {
  const found = rule.patterns
    .filter(({ kind }) => kind === null)
    .map(({ words }) => matchOne(rule, words, command, cwds));
  return found.find(({ match }) => match === 'sure') ?? found.find(({ match }) => match === 'maybe') ?? NO;
}

function matchOne(
  rule: ReadyRule,
  pattern: readonly PatternWord[],
  command: ShellCommand,
  cwds: Cwds,
): Found {
  if (rule.effect === 'allow') return allows(rule, pattern, command, cwds);
  const forms = [command.words, ...otherForms(command)];
  const met = forms.map((words) => meet(pattern, words, isDeniedProgram).match);
  const match =
    met.find((one) => one === 'sure') ?? met.find((one) => one === 'maybe') ?? further(pattern, command);
  if (match === 'no' || rule.paths.length === 0) return { match, namesInner: false };
  const lies = placeMatcher(rule.paths, cwds.directory);
  const paths = pathsOf(command, [], cwds);
  if (paths.some((path) => path !== null && lies(path))) return { match, namesInner: false };
  return { match: paths.includes(null) ? 'maybe' : 'no', namesInner: false };
}

function allows(rule: ReadyRule, pattern: readonly PatternWord[], command: ShellCommand, cwds: Cwds): Found {
  const { words } = command;
  const met = meet(pattern, words, (wanted, word) =>
    wanted.matches(programName(word) ?? '') ? 'sure' : 'no',
  );
  if (met.match !== 'sure' || !words.every(({ isKnown }) => isKnown)) return NO;
  const begins = programsNamed(words, met.starred);
  if (begins.some((at) => !isHarmless({ words, pattern, starred: met.starred }, at))) return NO;
  // `scripts/*` means what lies in that folder.
  if (words.some(({ text }) => leavesFolder(text, pattern))) return NO;
  // Exactly these words: then it is the person who knows what they run.
  if (command.reason !== null && pattern.some(({ kind }) => kind !== 'fixed')) return NO;
  if (rule.paths.length > 0) {
    const lies = placeMatcher(rule.paths, cwds.directory);
    const fixed = words.map((_word, at) => at).filter((at) => !met.starred.includes(at));
    if (!pathsOf(command, fixed, cwds).every((path) => path !== null && lies(path))) return NO;
  }
  return { match: 'sure', namesInner: met.starred.length === 0 || namesAll(words, met.starred) };
}

/** Where the words of the program begin that these words run; null where it runs none, or not the rest of its words. */
function innerAt(words: ShellCommand['words'], from: number): number | 'text' | null {
  const own = words.slice(from);
  const { inner } = unwrap(own);
  const [only, ...more] = inner;
  if (!only) return null;
  const begin = own.findIndex((word) => word === only.words?.[0]);
  const isRest = begin !== -1 && own.slice(begin).every((word, at) => word === only.words?.[at]);
  return more.length > 0 || !isRest ? 'text' : from + begin;
}

/** Where the programs begin that the pattern names: the first one, and what it runs, as far as no star stands for it. */
function programsNamed(words: ShellCommand['words'], starred: readonly number[]): number[] {
  const begins = [0];
  for (let at = innerAt(words, 0); typeof at === 'number' && !starred.includes(at); at = innerAt(words, at))
    begins.push(at);
  return begins;
}

/** True where each program that is run is named, and not by a star. What is read as text could hold anything. */
function namesAll(words: ShellCommand['words'], starred: readonly number[]): boolean {
  const last = programsNamed(words, starred).at(-1) ?? 0;
  return last > 0 && innerAt(words, last) === null;
}

interface Allowed {
  readonly words: ShellCommand['words'];
  readonly pattern: readonly PatternWord[];
  readonly starred: readonly number[];
}

/** True where the words that stars stand for let the program that begins here do no more than it says. */
function isHarmless({ words, pattern, starred }: Allowed, at: number): boolean {
  const texts = [programName(words[at]) ?? '', ...words.slice(at + 1).map(({ text }) => text)];
  const places = starred.filter((place) => place >= at).map((place) => place - at);
  // `--port=*` names the option, and the star is only about its value.
  const isNamedOption = (place: number) =>
    pattern.some(
      (word) =>
        word.kind === 'glob' && /^--?[a-z]/.test(word.text) && word.matches(words[at + place]?.text ?? ''),
    );
  const unnamed = places.filter((place) => !isNamedOption(place));
  if (escapeOf(texts, places) !== null || unknownOption(texts, unnamed) !== null) return false;
  const isAligned = !pattern.slice(0, at + 1).some(({ kind }) => kind === 'many');
  return !(runsFiles(texts[0] ?? '') && (!isAligned || pattern[at + 1]?.kind === 'many'));
}

const PARENT = /(^|\/)\.\.(\/|$)/;
const leavesFolder = (word: string, pattern: readonly PatternWord[]) =>
  PARENT.test(word) &&
  pattern.some(
    ({ kind, text, matches }) => kind === 'glob' && text.includes('/') && !PARENT.test(text) && matches(word),
  );

// Some file systems do not tell cases apart, and any folder may hold the program that is meant.
function isDeniedProgram(pattern: PatternWord, word: ShellCommand['words'][number]): Match {
  if (!word.isKnown || word.hasGlob) return 'maybe';
  const name = word.text.startsWith('/') ? (word.text.split('/').at(-1) ?? '') : word.text;
  return [name, name.toLowerCase(), word.text].some((text) => pattern.matches(text)) ? 'sure' : 'no';
}

/** The command without the options that git takes before its subcommand. */
function otherForms({ words }: ShellCommand): ShellCommand['words'][] {
  const [program, ...rest] = words;
  if (!program || programName(program) !== 'git') return [];
  let at = 0;
  while (rest[at]?.text.startsWith('-'))
    at += /^(-C|-c|--git-dir|--work-tree|--namespace|--exec-path)$/.test(rest[at]?.text ?? '') ? 2 : 1;
  return at === 0 ? [] : [[program, ...rest.slice(at)]];
}

// A program that is not known may run the words after it.
function further(pattern: readonly PatternWord[], { words, runs }: ShellCommand): Match {
  const program = programName(words[0]);
  const texts = words.slice(1).map(({ text }) => text);
  // What it runs is judged by itself where it is known.
  if (program === null || runs > 0) return 'no';
  if (program === 'git' || judgeReader(program, texts) !== null)
    return names(pattern, [program, ...texts]) ? 'maybe' : 'no';
  if (texts.some((_text, at) => meet(pattern, words.slice(at + 1), isNamed).match !== 'no')) return 'maybe';
  return names(pattern, [program, ...texts]) ? 'maybe' : 'no';
}

// An option with which it runs others, and the program somewhere among the words.
function names([first]: readonly PatternWord[], texts: readonly string[]): boolean {
  if (
    first?.kind !== 'fixed' ||
    escapeOf(
      texts,
      texts.map((_text, at) => at),
    ) === null
  )
    return false;
  const name = first.text.replaceAll(/[^\w]/g, (letter) => `\\${letter}`);
  // `-Hrm`: right behind the letter of an option, too.
  return new RegExp(`(^|[^\\w]|(^|\\s)-\\w+)${name}($|[^\\w])`).test(texts.slice(1).join(' '));
}

const isNamed = (pattern: PatternWord, word: ShellCommand['words'][number]): Match =>
  pattern.kind === 'fixed' && word.isKnown && pattern.matches(programName(word) ?? '') ? 'sure' : 'no';
