const PLAIN = /^[\w@%+=:,./-]+$/;

/** A command as a shell reads it, its words quoted only where they have to be. */
export const commandText = (argv: readonly string[]): string =>
  // A program’s name with “=” in it would be a variable, and the word after it the program.
  argv.map((word, at) => (at === 0 && word.includes('=') ? quoted(word) : shown(word))).join(' ');

/** The same, with variables of its own in front; their names are those of a shell. */
export const commandTextWith = (
  environment: Readonly<Record<string, string>>,
  argv: readonly string[],
): string =>
  [...Object.entries(environment).map(([name, value]) => `${name}=${shown(value)}`), commandText(argv)].join(
    ' ',
  );

const shown = (word: string) => (PLAIN.test(word) ? word : quoted(word));
const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
