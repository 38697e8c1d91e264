// The board's id has room for about as many.
const NAME_LETTERS = 24;

/** What the board of a comparison's sessions is called: as its prompt begins, cut between words. */
export function boardName(prompt: string): string {
  const words = prompt.trim().replaceAll(/\s+/g, ' ');
  const short = words.length <= NAME_LETTERS ? words : words.slice(0, NAME_LETTERS).replace(/\s+\S*$/, '');
  return `Compare: ${short}`;
}
