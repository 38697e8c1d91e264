import type { ShellGrammar } from './grammar.ts';
import type { ShellCommand, ShellCommands } from './shell-commands.ts';
import { distrust } from './tree-checks.ts';
import { type FoundCommand, Walk } from './walk.ts';
import { type Inner, programName, unwrap } from './wrappers.ts';

/** Longer ones are not what a person would call a command. */
const LONGEST = 20_000;
const MOST_COMMANDS = 64;
const MOST_PARENTHESES = 1000;
const MOST_SEPARATORS = 1000;
/** Each word is compared with each rule. */
const MOST_WORDS = 400;
/** Of texts in texts: `sh -c "sh -c …"`. */
const DEEPEST = 5;

/** Programs after which later words can mean something else. */
const CHANGES_SHELL: ReadonlySet<string> = new Set(
  (
    'alias unalias hash enable shopt trap source . bind complete export declare typeset local readonly read mapfile ' +
    'readarray getopts let unset eval exec coproc setopt unsetopt emulate zmodload autoload disable fc history vared ' +
    'print compgen'
  ).split(' '),
);

/** Reads a shell text with all that it runs, also in substitutions, in other texts and by other programs. */
export function readShellText(grammar: ShellGrammar, text: string): ShellCommands {
  return new TextReader(grammar).read(text, [], 0);
}

class TextReader {
  readonly #grammar: ShellGrammar;

  constructor(grammar: ShellGrammar) {
    this.#grammar = grammar;
  }

  read(text: string, within: readonly string[], depth: number): ShellCommands {
    const refused = refusal(text, depth);
    if (refused !== null) return { commands: [], reason: refused, hasLoop: false };
    try {
      return this.#walked(text, within, depth);
    } catch (thrown) {
      // Parentheses in parentheses, deeper than the stack.
      if (thrown instanceof RangeError) return { commands: [], reason: 'very many levels', hasLoop: true };
      throw thrown;
    }
  }

  #walked(text: string, within: readonly string[], depth: number): ShellCommands {
    return this.#grammar.read(text, (root) => {
      const walk = new Walk(text);
      const doubt = distrust(root, text);
      walk.visit(root, { within, isNested: depth > 0 });
      const reasons = [...(doubt === null ? [] : [doubt]), ...walk.reasons];
      const commands: ShellCommand[] = [];
      let { hasLoop } = walk;
      for (const found of walk.commands) {
        const added = this.#unwrapped(found, depth);
        commands.push(...added.commands);
        hasLoop ||= added.hasLoop;
      }
      if (walk.commands.length === 0) reasons.push('no command');
      if (commands.length > MOST_COMMANDS) reasons.push('very many commands');
      return { commands: commands.slice(0, MOST_COMMANDS * 4), reason: reasons[0] ?? null, hasLoop };
    });
  }

  #unwrapped(whole: FoundCommand, depth: number): ShellCommands {
    const found = shortened(whole);
    const { input: _, ...command } = found;
    const { inner, isTransparent, reason } = unwrap(command.words);
    const reasons = [reason, changeOf(found), found === whole ? null : 'very many words'].filter(
      (one) => one !== null,
    );
    const commands: ShellCommand[] = [];
    let hasLoop = false;
    const texts: Inner[] = inputTexts(found).map((text) => ({
      text,
      shown: `${command.words[0]?.text ?? ''} <<`,
    }));
    for (const { words, text, shown } of [...inner, ...texts]) {
      const within = [...command.within, shown];
      const read =
        words && depth < DEEPEST
          ? this.#unwrapped(
              { ...command, words, within, redirections: [], assignments: [], input: null, isNested: true },
              depth + 1,
            )
          : this.read(text ?? '', within, words ? DEEPEST : depth + 1);
      commands.push(...read.commands);
      if (read.reason !== null) reasons.push(read.reason);
      hasLoop ||= read.hasLoop;
    }
    const [why = null] = reasons;
    const own = {
      ...command,
      isTransparent: isTransparent && why === null,
      runs: commands.length,
      reason: why,
    };
    return { commands: [own, ...commands], reason: why, hasLoop };
  }
}

// What is left out could be anything.
function shortened(command: FoundCommand): FoundCommand {
  if (command.words.length <= MOST_WORDS) return command;
  const rest = { text: '', hasGlob: false, isKnown: false };
  return { ...command, words: [...command.words.slice(0, MOST_WORDS), rest] };
}

// A heredoc for a shell is its program.
function inputTexts({ words, input }: FoundCommand): string[] {
  const isShell = /^(sh|bash|dash|zsh|ksh|ash)$/.test(programName(words[0]) ?? '');
  return isShell && input?.isKnown ? [input.text] : [];
}

function refusal(text: string, depth: number): string | null {
  if (depth > DEEPEST) return 'texts in texts in texts';
  if (text.length > LONGEST) return 'a very long text';
  // What takes seconds to read is not what a person would call a command either.
  if (countOf(text, /[()]/g) > MOST_PARENTHESES) return 'very many levels';
  if (countOf(text, /[;&|]/g) > MOST_SEPARATORS) return 'very many commands';
  // Also what a terminal or an eye takes for something else than the shell does.
  if (/[^\P{C}\n\t]|[\p{Zl}\p{Zp}\u00a0]/u.test(text)) return 'letters that are not seen';
  return null;
}

const countOf = (text: string, letters: RegExp): number => text.match(letters)?.length ?? 0;

function changeOf({ words, assignments }: FoundCommand): string | null {
  const [first, second] = words;
  if (words.length === 0 && assignments.length > 0) return null;
  const name = programName(first);
  if (name === 'set')
    return words.slice(1).every(isPlainSet) && words.length > 1 ? null : 'a change of the shell';
  if (name === 'printf' && second?.text.startsWith('-v')) return 'a change of the shell';
  if (COUNTING.test(name ?? '') && words.some(({ text }) => INDEX.test(text))) return 'arithmetic';
  return name !== null && CHANGES_SHELL.has(name) ? 'a change of the shell' : null;
}

// Where a shell counts, it runs what is substituted in an index, though it stands in quotes.
const COUNTING = /^(test|\[|\[\[|printf|wait|exit|return|shift|ulimit|kill)$/;
const INDEX = /\[[^\]]*[$`]/;

const isPlainSet = ({ text, isKnown }: { text: string; isKnown: boolean }) =>
  isKnown && /^(-[eux]{1,3}|-euo|-eo|-o|pipefail|errexit|nounset)$/.test(text);
