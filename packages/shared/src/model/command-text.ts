const PLAIN = /^[\w@%+=:,./-]+$/;

/** A command as a shell reads it, its words quoted only where they have to be. */
export const commandText = (argv: readonly string[]): string =>
  argv.map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
