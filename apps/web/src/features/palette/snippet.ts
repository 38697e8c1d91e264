/** A piece of what a search found; `isMatch` for the words that were looked for. */
export interface SnippetPart {
  readonly text: string;
  readonly isMatch: boolean;
}

const MATCH = /\u{E000}([^\u{E000}\u{E001}]*)\u{E001}/gu;
const MARKS = /[\u{E000}\u{E001}]/gu;

/** The parts of a snippet: matched words stand between U+E000 and U+E001, one mark without the other is left out. */
export function snippetParts(snippet: string): readonly SnippetPart[] {
  const parts: SnippetPart[] = [];
  let end = 0;
  const add = (text: string, isMatch: boolean) => {
    const shown = text.replaceAll(MARKS, '').replaceAll(/\s+/g, ' ');
    if (shown !== '') parts.push({ text: shown, isMatch });
  };
  for (const match of snippet.matchAll(MATCH)) {
    add(snippet.slice(end, match.index), false);
    add(match[1] ?? '', true);
    end = match.index + match[0].length;
  }
  add(snippet.slice(end), false);
  return parts;
}
