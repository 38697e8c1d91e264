import type { SyntaxNode } from './grammar.ts';
import type { ShellWord } from './shell-commands.ts';

/** What a word was found to be, and why it may not count as known. */
export interface ReadWord extends ShellWord {
  /** As words for “uses …”; null where it is known. */
  readonly reason: string | null;
}

const LITERALS = ['word', 'number', 'string', 'raw_string', 'concatenation', '$', 'test_operator', 'regex'];

/**
 * The word that a node stands for. It is read from the letters of the node and not from the tree below: where both
 * disagree, the word is not known. `isOnlyTold`: of a program that does nothing with its words but print them.
 */
export function readWord(node: SyntaxNode, isOnlyTold = false): ReadWord {
  const only = node.type === 'command_name' && node.childCount === 1 ? node.child(0) : null;
  if (only) return readWord(only, isOnlyTold);
  // What a program ended with is a number, and where it is only told it does not matter which.
  const source = isOnlyTold ? node.text.replaceAll('$?', '0') : node.text;
  const isNumber = source === '0' && node.type === 'simple_expansion';
  return wordOf(source, isNumber || (LITERALS.includes(node.type) && isWhole(node)));
}

// Without a gap between its pieces.
function isWhole(node: SyntaxNode): boolean {
  if (node.type !== 'concatenation') return true;
  const { children } = node;
  return children.every(
    (child, index) =>
      LITERALS.includes(child.type) && (index === 0 || children[index - 1]?.endIndex === child.startIndex),
  );
}

/** Reads the letters of one word, as a shell does it. */
function wordOf(source: string, isLiteral: boolean): ReadWord {
  const reader = new WordReader(source);
  const reason = reader.read() ?? (isLiteral ? null : 'a variable or substitution');
  const { text, hasGlob } = reader;
  return { text, hasGlob, isKnown: reason === null, reason };
}

class WordReader {
  text = '';
  hasGlob = false;
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  // Null where it is known to the end, else why not.
  read(): string | null {
    const source = this.#source;
    if (/[{}]/.test(source) && /,|\.\./.test(source)) return 'braces';
    while (this.#at < source.length) {
      const letter = source.charAt(this.#at);
      const problem = letter === "'" ? this.#single() : letter === '"' ? this.#double() : this.#plain(letter);
      if (problem !== null) return problem;
    }
    // A name that begins with a pattern can turn out to be an option.
    if (this.hasGlob && !/^[A-Za-z0-9_./]/.test(this.text)) return 'a pattern that can match anything';
    // `.?` and `.[.]` are the parent folder to some shells.
    if (this.hasGlob && /(^|\/)\.[^/]*[*?[]/.test(this.text)) return 'a pattern of hidden names';
    return null;
  }

  #single(): string | null {
    const end = this.#source.indexOf("'", this.#at + 1);
    if (end === -1) return 'a quote that does not end';
    this.text += this.#source.slice(this.#at + 1, end);
    this.#at = end + 1;
    return null;
  }

  #double(): string | null {
    this.#at += 1;
    while (this.#at < this.#source.length) {
      const letter = this.#source.charAt(this.#at);
      const next = this.#source.charAt(this.#at + 1);
      if (letter === '"') {
        this.#at += 1;
        return null;
      }
      if (letter === '`' || letter === '!') return 'a variable or substitution';
      if (letter === '$' && !/[\s"%^,.:/+=)\]|]/.test(next)) return 'a variable or substitution';
      const isEscape = letter === '\\' && /[$`"\\]/.test(next);
      if (letter === '\\' && next === '\n') return 'a backslash at the end of a line';
      this.text += isEscape ? next : letter;
      this.#at += isEscape ? 2 : 1;
    }
    return 'a quote that does not end';
  }

  #plain(letter: string): string | null {
    const isFirst = this.#at === 0;
    if (letter === '\\') {
      const next = this.#source.charAt(this.#at + 1);
      if (next === '' || next === '\n') return 'a backslash';
      this.text += next;
      this.#at += 2;
      return null;
    }
    if (letter === '`') return 'a substitution';
    if (letter === '$') return 'a variable or substitution';
    if (/[\s;|&<>()]/.test(letter)) return 'an operator that is not judged';
    if (isFirst && (letter === '=' || letter === '#')) return `“${letter}” before a word`;
    if (isFirst && letter === '!' && this.#source.length > 1) return '“!” before a word';
    const before = this.#source.charAt(this.#at - 1);
    if (letter === '~' && (isFirst || !/[A-Za-z0-9^~]/.test(before))) return 'a home folder';
    this.hasGlob ||= /[*?[]/.test(letter) && !(isFirst && this.#source === '[');
    this.text += letter;
    this.#at += 1;
    return null;
  }
}
