import { FarhandError } from '../errors/farhand-error.ts';

/** The word in single quotes for a POSIX shell, whatever it holds. Throws `request.invalid` for a NUL, which no word can carry. */
export function quote(word: string): string {
  if (word.includes('\0')) {
    throw new FarhandError('request.invalid', { message: 'A command cannot hold a NUL character.' });
  }
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
