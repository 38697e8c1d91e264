/**
 * Tells which texts a pattern means: `*` is any letters, and for paths any but `/`, where a part `**` is any parts, none
 * too. All else stands for itself. The time it takes grows with both lengths multiplied, whatever they say.
 */
export function globMatcher(pattern: string, isPath: boolean): (text: string) => boolean {
  if (!isPath) return lettersMatcher(pattern);
  const parts = pattern.split('/').map((part) => (part === '**' ? null : lettersMatcher(part)));
  return (text) =>
    isMet(
      parts,
      text.split('/'),
      (part) => part === null,
      (part, item) => part?.(item) === true,
    );
}

function lettersMatcher(pattern: string): (text: string) => boolean {
  const letters = [...pattern.replaceAll(/\*+/g, '*')];
  return (text) =>
    isMet(
      letters,
      [...text],
      (letter) => letter === '*',
      (letter, other) => letter === other,
    );
}

// Greedy: where a star was passed, only the last one ever has to take more.
function isMet<Part, Item>(
  pattern: readonly Part[],
  items: readonly Item[],
  isMany: (part: Part) => boolean,
  matches: (part: Part, item: Item) => boolean,
): boolean {
  let at = 0;
  let taken = 0;
  let star = -1;
  let starTaken = 0;
  while (taken < items.length) {
    const part = pattern[at];
    if (at < pattern.length && isMany(part as Part)) {
      star = at;
      starTaken = taken;
      at += 1;
    } else if (at < pattern.length && matches(part as Part, items[taken] as Item)) {
      at += 1;
      taken += 1;
    } else if (star !== -1) {
      starTaken += 1;
      taken = starTaken;
      at = star + 1;
    } else return false;
  }
  return pattern.slice(at).every(isMany);
}
