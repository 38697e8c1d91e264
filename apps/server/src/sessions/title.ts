/** As much as a sidebar shows. */
const LONGEST = 60;

/** A session's title from its first message: the first line with words in it, cut between words. */
export function titleOf(text: string): string {
  const line = text
    .split('\n')
    .map((one) => one.replace(/[\s\p{Cc}]+/gu, ' ').trim())
    .find((one) => one !== '');
  if (!line) return 'New session';
  if (line.length <= LONGEST) return line;
  const cut = line.slice(0, LONGEST);
  const space = cut.lastIndexOf(' ');
  return `${(space > LONGEST / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}
