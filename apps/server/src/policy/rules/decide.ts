import type { ListedPolicyRule } from '@farhand/shared/model/policy';
import { judgeReader } from '../../approvals/policy/read-programs.ts';
import type { ShellCommand } from '../shell/shell-commands.ts';
import { programName } from '../shell/wrappers.ts';
import { escapeOf, runsFiles } from './escapes.ts';
import { globMatcher } from './glob.ts';
import { type Cwds, pathsOf, placeMatcher } from './paths.ts';
import { type Match, meet, type Pattern, type PatternWord } from './pattern.ts';

/** A rule with its patterns read. */
export interface ReadyRule extends ListedPolicyRule {
  readonly patterns: readonly Pattern[];
}

/** Who does it, and on which machine. */
export interface Circumstances {
  /** The machine's name and its labels. */
  readonly hosts: readonly string[];
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
  if (!any(host, circumstances.hosts) || !any(agent, [circumstances.agent])) return 'no';
  const as = circumstances.user;
  if (as !== null && !any(user, [as])) return 'no';
  const isUserKnown = user.length === 0 || as !== null;
  if (cwd.length === 0) return isUserKnown ? 'sure' : 'maybe';
  const lies = placeMatcher(cwd, directory);
  if (cwds.length > 0 && !cwds.some(lies)) return 'no';
  return isUserKnown && cwds.length > 0 && cwds.every(lies) ? 'sure' : 'maybe';
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
  const texts = [programName(words[0]) ?? '', ...words.slice(1).map(({ text }) => text)];
  if (escapeOf(texts, met.starred) !== null) return NO;
  // Exactly these words: then it is the person who knows what they run.
  if (command.reason !== null && pattern.some(({ kind }) => kind !== 'fixed')) return NO;
  if (runsFiles(texts[0] ?? '') && pattern[1]?.kind === 'many') return NO;
  if (rule.paths.length > 0) {
    const lies = placeMatcher(rule.paths, cwds.directory);
    const fixed = words.map((_word, at) => at).filter((at) => !met.starred.includes(at));
    if (!pathsOf(command, fixed, cwds).every((path) => path !== null && lies(path))) return NO;
  }
  const fixedWords = pattern.slice(1).filter(({ kind }) => kind === 'fixed').length;
  return { match: 'sure', namesInner: fixedWords > 0 && met.starred.every((at) => at > fixedWords) };
}

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
  return new RegExp(`(^|[^\\w])${name}($|[^\\w])`).test(texts.slice(1).join(' '));
}

const isNamed = (pattern: PatternWord, word: ShellCommand['words'][number]): Match =>
  pattern.kind === 'fixed' && word.isKnown && pattern.matches(programName(word) ?? '') ? 'sure' : 'no';
