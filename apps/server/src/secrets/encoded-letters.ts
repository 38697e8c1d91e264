/** How base64 and hex are read: broken over lines or not, in the standard letters or in those for URLs. */

export const LF = 10;
export const CR = 13;
const SPACE = 32;
const TAB = 9;
const PLUS = 43;
const MINUS = 45;
const SLASH = 47;
const UNDERSCORE = 95;

/** Of a break and what indents the next line; a longer gap ends a word, so that nothing is held back for ever. */
export const MAX_GAP = 40;

/** The letter in the standard alphabet. */
export function foldLetter(letter: number): number {
  if (letter === MINUS) return PLUS;
  return letter === UNDERSCORE ? SLASH : letter;
}

/** All letters that are read as this one. */
export function unfoldedLetters(letter: number): readonly number[] {
  if (letter === PLUS) return [PLUS, MINUS];
  return letter === SLASH ? [SLASH, UNDERSCORE] : [letter];
}

/** A word in the standard alphabet. */
export function foldEncoded(word: string): string {
  return word.replaceAll('-', '+').replaceAll('_', '/');
}

/** True for a letter inside a word that does not count; `gap`: how many of them stand right before it. */
export function isPassedOver(letter: number, gap: number): boolean {
  return letter === LF || letter === CR || (gap > 0 && (letter === SPACE || letter === TAB));
}

/** True for what no encoded word has in it: where one is found, it was passed over. */
export function isBlank(letter: number): boolean {
  return letter === LF || letter === CR || letter === SPACE || letter === TAB;
}
