/** A run of text that is drawn as it is, or one character that would not be seen, as the escape that names it. */
export interface VisiblePart {
  readonly text: string;
  readonly isEscape: boolean;
}

// Controls of C0 and C1 but tab and line feed, and what is drawn as nothing or turns the direction of what follows:
// formats (zero-width, bidi, tags, soft hyphen), line and paragraph separators, fillers that look blank, variation
// selectors, private and unassigned code points, halves of a pair, and blanks that are no space.
const UNSEEN =
  /(?![\t\n ])(?:[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}\p{Zs}\p{Variation_Selector}]|[\u115f\u1160\u2800\u3164\uffa0]|\u034f|\u17b4|\u17b5)/gu;

/**
 * Text from an agent or a host in parts, so that nothing in it can hide: what has no shape of its own comes as its
 * escape, `\x1b` or `\u{202e}`. Tabs and line feeds stay.
 */
export function visibleParts(text: string): readonly VisiblePart[] {
  const parts: VisiblePart[] = [];
  let from = 0;
  for (const found of text.matchAll(UNSEEN)) {
    if (found.index > from) parts.push({ text: text.slice(from, found.index), isEscape: false });
    parts.push({ text: escapeOf(found[0]), isEscape: true });
    from = found.index + found[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), isEscape: false });
  return parts;
}

/** The same as one text, where no mark can be drawn: in a diff, a title, a button. */
export const visibleText = (text: string): string => text.replace(UNSEEN, escapeOf);

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0x0d) return '\\r';
  const hex = code.toString(16);
  return code <= 0xff ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex.padStart(4, '0')}}`;
}

/** How long a text is, as `3 lines, 240 characters`; a character is what Unicode calls one code point. */
export function sizeText(text: string): string {
  const lines = text.split('\n').length;
  const characters = [...text].length;
  return `${count(lines, 'line')}, ${count(characters, 'character')}`;
}

const count = (number: number, noun: string) =>
  `${number.toLocaleString('en')} ${number === 1 ? noun : `${noun}s`}`;
