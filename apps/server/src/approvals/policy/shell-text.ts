/** One word of a simple command, quotes taken away. */
export interface Word {
  readonly text: string;
  /** A pattern for file names stands in it, outside quotes. */
  readonly hasGlob: boolean;
}

/** Input or output to a file. What only joins or drops streams (`2>&1`, `>/dev/null`) is left out. */
interface Redirection {
  readonly isOutput: boolean;
  readonly target: Word;
}

/** A program with its arguments; the first word is the program. */
export interface SimpleCommand {
  readonly words: readonly Word[];
  readonly redirections: readonly Redirection[];
}

/** The simple commands of a shell text in their order, or why it was not understood: words for “uses …”. */
export type ShellText =
  | { readonly isKnown: true; readonly commands: readonly SimpleCommand[] }
  | { readonly isKnown: false; readonly reason: string };

/** Longer ones are not what a person would call a command. */
const LONGEST = 20_000;
const MOST_COMMANDS = 64;

/**
 * Reads the part of the shell's language whose meaning does not depend on anything but the text: words, quotes, `;`,
 * `&&`, `||`, `|`, lines, and redirections to named files. All else is not known, on purpose.
 */
export function readShell(text: string): ShellText {
  try {
    return { isKnown: true, commands: new Reader(text).commands() };
  } catch (thrown) {
    if (thrown instanceof NotUnderstood) return { isKnown: false, reason: thrown.message };
    throw thrown;
  }
}

class NotUnderstood extends Error {
  override readonly name = 'NotUnderstood';
}

/** Letters outside quotes that mean more than themselves. */
const SPECIAL: Readonly<Record<string, string>> = {
  $: 'a variable or substitution',
  '`': 'a substitution',
  '\\': 'a backslash',
  '(': 'parentheses',
  ')': 'parentheses',
  '{': 'braces',
  '}': 'braces',
};
const SEPARATORS = ['&&', '||', ';', '|', '\n'];
const REFUSED_OPERATORS = [';;', ';&', '|&', '&>', '<<', '<>', '<&', '>|', '<(', '>('];

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    if (text.length > LONGEST) throw new NotUnderstood('a very long text');
    // Also what a terminal or an eye takes for something else than the shell does.
    if (/[^\P{C}\n\t]|[\p{Zl}\p{Zp}]/u.test(text)) throw new NotUnderstood('letters that are not seen');
    this.#text = text;
  }

  commands(): SimpleCommand[] {
    const found: SimpleCommand[] = [];
    while (true) {
      const command = this.#simple();
      if (command) found.push(command);
      if (found.length > MOST_COMMANDS) throw new NotUnderstood('very many commands');
      if (this.#isOver) break;
      const separator = SEPARATORS.find((one) => this.#text.startsWith(one, this.#at));
      if (!separator) throw new NotUnderstood('an operator that is not judged');
      if (!command && separator !== '\n') throw new NotUnderstood('an operator without a command');
      this.#at += separator.length;
      const isMoreNeeded = separator !== ';' && separator !== '\n';
      if (isMoreNeeded) this.#skip(/[ \t\n]/);
      if (isMoreNeeded && this.#isOver) throw new NotUnderstood('an operator without a command');
    }
    if (found.length === 0) throw new NotUnderstood('no command');
    return found;
  }

  get #isOver(): boolean {
    return this.#at >= this.#text.length;
  }

  get #next(): string {
    return this.#text.charAt(this.#at);
  }

  #skip(letters: RegExp): void {
    while (!this.#isOver && letters.test(this.#next)) this.#at += 1;
  }

  #simple(): SimpleCommand | null {
    const words: Word[] = [];
    const redirections: Redirection[] = [];
    while (true) {
      this.#skip(/[ \t]/);
      if (this.#isOver || /[;|\n]/.test(this.#next) || this.#text.startsWith('&&', this.#at)) break;
      if (REFUSED_OPERATORS.some((one) => this.#text.startsWith(one, this.#at)))
        throw new NotUnderstood('an operator that is not judged');
      if (this.#next === '&') throw new NotUnderstood('a command in the background');
      const redirection = this.#redirection();
      if (redirection === 'none') words.push(this.#word());
      else if (redirection) redirections.push(redirection);
    }
    if (REFUSED_OPERATORS.some((one) => this.#text.startsWith(one, this.#at)))
      throw new NotUnderstood('an operator that is not judged');
    if (words.length === 0 && redirections.length > 0)
      throw new NotUnderstood('a redirection without a command');
    return words.length === 0 ? null : { words, redirections };
  }

  // Null for one that names no file.
  #redirection(): Redirection | 'none' | null {
    const rest = this.#text.slice(this.#at, this.#at + 40);
    const joined = /^\d?>&[12](?=[\s;|&]|$)/.exec(rest);
    if (joined) {
      this.#at += joined[0].length;
      return null;
    }
    const operator = /^\d?(>>|>|<)(?![<>&|(])/.exec(rest);
    if (!operator) {
      if (/^\d*[<>]/.test(rest)) throw new NotUnderstood('an operator that is not judged');
      return 'none';
    }
    this.#at += operator[0].length;
    this.#skip(/[ \t]/);
    if (this.#isOver || /[;|&<>\n]/.test(this.#next)) throw new NotUnderstood('a redirection without a file');
    const target = this.#word();
    if (target.hasGlob) throw new NotUnderstood('a redirection to a pattern');
    return target.text === '/dev/null' ? null : { isOutput: operator[1] !== '<', target };
  }

  #word(): Word {
    let text = '';
    let hasGlob = false;
    const begin = this.#at;
    while (!this.#isOver && !/[ \t\n;|&<>]/.test(this.#next)) {
      const letter = this.#next;
      if (letter === "'" || letter === '"') {
        text += this.#quoted(letter);
        continue;
      }
      this.#checkPlain(letter, this.#at === begin);
      hasGlob ||= /[*?[]/.test(letter);
      text += letter;
      this.#at += 1;
    }
    if (this.#at === begin) throw new NotUnderstood('an operator that is not judged');
    // A name that begins with a pattern can turn out to be an option.
    if (hasGlob && !/^[A-Za-z0-9_./]/.test(text))
      throw new NotUnderstood('a pattern that can match anything');
    // `.?` and `.[.]` are the parent folder to some shells.
    if (hasGlob && /(^|\/)\.[^/]*[*?[]/.test(text)) throw new NotUnderstood('a pattern of hidden names');
    return { text, hasGlob };
  }

  #checkPlain(letter: string, isFirst: boolean): void {
    const special = SPECIAL[letter];
    if (special) throw new NotUnderstood(special);
    if (isFirst && letter === '#') throw new NotUnderstood('a comment');
    if (isFirst && (letter === '=' || letter === '!')) throw new NotUnderstood(`“${letter}” before a word`);
    if (letter === '~' && (isFirst || !/[A-Za-z0-9^~]/.test(this.#text.charAt(this.#at - 1))))
      throw new NotUnderstood('a home folder');
  }

  #quoted(quote: string): string {
    const end = this.#text.indexOf(quote, this.#at + 1);
    if (end === -1) throw new NotUnderstood('a quote that does not end');
    const inside = this.#text.slice(this.#at + 1, end);
    if (quote === '"' && /[$`\\!]/.test(inside)) throw new NotUnderstood('a variable or substitution');
    this.#at = end + 1;
    return inside;
  }
}
