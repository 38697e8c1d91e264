/** At most so many words count. */
const MOST_WORDS = 16;

/**
 * What a person typed as an FTS5 expression: every word has to be there, one that ends the text may be the beginning of
 * a longer one. Nothing in it has a meaning of its own. Null where there is no word.
 */
export function matchExpression(typed: string): string | null {
  const words = typed
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .slice(0, MOST_WORDS);
  const last = words.pop();
  if (last === undefined) return null;
  return [...words.map(quoted), `${quoted(last)}*`].join(' ');
}

const quoted = (word: string): string => `"${word.replaceAll('"', '""').replaceAll('\0', '')}"`;
