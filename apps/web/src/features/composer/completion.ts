/** An `@` word at the caret: `start` is the place of the `@`, `query` what was typed after it. */
export interface FileMention {
  readonly start: number;
  readonly query: string;
}

/** The file mention that the caret stands in, or null. An `@` inside a word, as in an address, is none. */
export function mentionAt(text: string, caret: number): FileMention | null {
  const before = text.slice(0, caret);
  const found = /(?:^|[\s([{"'`])@([^\s@]*)$/.exec(before);
  if (!found) return null;
  const query = found[1] ?? '';
  return query.length > 256 ? null : { start: caret - query.length - 1, query };
}

/** The text with the mention replaced by a path, and where the caret goes. A path with spaces is quoted. */
export function completeMention(
  text: string,
  mention: FileMention,
  path: string,
): { text: string; caret: number } {
  const end = mention.start + 1 + mention.query.length;
  const word = /\s/.test(path) ? `@"${path}"` : `@${path}`;
  const space = /^\s/.test(text.slice(end)) ? '' : ' ';
  return {
    text: text.slice(0, mention.start) + word + space + text.slice(end),
    caret: mention.start + word.length + 1,
  };
}
